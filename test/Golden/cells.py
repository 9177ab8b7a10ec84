"""The cells of examples/cells.seq, written in PyTorch; see models.py for how a model is called."""

import torch
from torch import nn

import ragged
from models import Model, StepByStep


def h_and_c(hidden):
    return {"h": ((hidden,), 0), "c": ((hidden,), 0)}


class LayerNormalised(StepByStep):
    def __init__(self, inputs=3, hidden=5):
        super().__init__()
        self.inputs = {"x": ("T", inputs)}
        self.begin = h_and_c(hidden)
        self.weight_ih = nn.Parameter(torch.zeros(4 * hidden, inputs))
        self.weight_hh = nn.Parameter(torch.zeros(4 * hidden, hidden))
        self.input_norm = nn.LayerNorm(4 * hidden)
        self.hidden_norm = nn.LayerNorm(4 * hidden)
        self.cell_norm = nn.LayerNorm(hidden)

    def step(self, x, h, c):
        gates = self.input_norm(x @ self.weight_ih.T) + self.hidden_norm(h @ self.weight_hh.T)
        i, f, g, o = gates.chunk(4, 1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        h = torch.sigmoid(o) * torch.tanh(self.cell_norm(c))
        return (h,), (h, c)


class PeepholeDirection(nn.Module):
    def __init__(self, inputs, hidden):
        super().__init__()
        self.gates = nn.Linear(inputs + hidden, 4 * hidden)
        self.p_i = nn.Parameter(torch.zeros(hidden))
        self.p_f = nn.Parameter(torch.zeros(hidden))
        self.p_o = nn.Parameter(torch.zeros(hidden))

    def forward(self, x, h, c):
        i, f, g, o = self.gates(torch.cat((x, h), 1)).chunk(4, 1)
        entering = torch.sigmoid(i + self.p_i * c) * torch.tanh(g)
        c = torch.sigmoid(f + self.p_f * c) * c + entering
        h = torch.sigmoid(o + self.p_o * c) * torch.tanh(c)
        return (h,), (h, c)


class Peephole(Model):
    def __init__(self, inputs=3, hidden=5):
        super().__init__()
        self.inputs = {"x": ("T", inputs)}
        self.hidden = hidden
        self.forwards = PeepholeDirection(inputs, hidden)
        self.backwards = PeepholeDirection(inputs, hidden)

    def forward(self, inputs, lengths, states):
        x, zero = inputs["x"], inputs["x"].new_zeros(len(inputs["x"]), self.hidden)
        (there,), _ = ragged.steps(self.forwards, x, lengths["T"], [zero, zero])
        (back,), _ = ragged.steps(self.backwards, ragged.turned(x, lengths["T"]), lengths["T"], [zero, zero])
        return {"output": torch.cat((there, ragged.turned(back, lengths["T"])), 2)}


class Projected(Model):
    def __init__(self, inputs=3, hidden=5, projection=4):
        super().__init__()
        self.inputs = {"x": ("T", inputs)}
        self.rnn = nn.LSTM(inputs, hidden, 2, batch_first=True, proj_size=projection)

    def forward(self, inputs, lengths, states):
        outputs, (h, c) = ragged.scan(self.rnn, inputs["x"], lengths["T"], states)
        return {"output": outputs, "h": h, "c": c}


class Coupled(Model):
    def __init__(self, inputs=3, hidden=5):
        super().__init__()
        self.inputs = {"x": ("T", inputs)}
        self.hidden = hidden
        self.gates = nn.Linear(inputs + hidden, 3 * hidden)

    def step(self, x, h, c):
        f, g, o = self.gates(torch.cat((x, h), 1)).chunk(3, 1)
        c = torch.lerp(torch.tanh(g), c, torch.sigmoid(f))
        h = torch.sigmoid(o) * torch.tanh(c)
        return (h,), (h, c)

    def forward(self, inputs, lengths, states):
        x, zero = ragged.turned(inputs["x"], lengths["T"]), inputs["x"].new_zeros(len(inputs["x"]), self.hidden)
        (outputs,), (h, _) = ragged.steps(self.step, x, lengths["T"], [zero, zero])
        return {"output": ragged.turned(outputs, lengths["T"]), "h": h}


class MinimalLayer(nn.Module):
    def __init__(self, inputs, hidden):
        super().__init__()
        self.gate = nn.Linear(inputs + hidden, hidden)
        self.candidate = nn.Linear(inputs + hidden, hidden)

    def forward(self, x, h):
        f = torch.sigmoid(self.gate(torch.cat((x, h), 1)))
        h = torch.lerp(h, torch.tanh(self.candidate(torch.cat((x, f * h), 1))), f)
        return (h,), (h,)


class Minimal(Model):
    def __init__(self, inputs=3, hidden=5):
        super().__init__()
        self.inputs = {"x": ("T", inputs)}
        self.hidden = hidden
        self.layers = nn.ModuleList((MinimalLayer(inputs, hidden), MinimalLayer(hidden, hidden)))

    def forward(self, inputs, lengths, states):
        x, finals = inputs["x"], []
        for place, layer in enumerate(self.layers):
            first = x.new_zeros(len(x), self.hidden) if states is None else states[0][place]
            (x,), final = ragged.steps(layer, x, lengths["T"], [first])
            finals += final
        return {"output": x, "h": torch.stack(finals)}


class Dropped(StepByStep):
    def __init__(self, inputs=3, hidden=5):
        super().__init__()
        self.inputs = {"x": ("T", inputs)}
        self.begin = h_and_c(hidden)
        self.gates = nn.Linear(inputs + hidden, 4 * hidden)
        self.dropout = nn.Dropout(0.25)

    def step(self, x, h, c):
        i, f, g, o = self.gates(torch.cat((x, h), 1)).chunk(4, 1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * self.dropout(torch.tanh(g))
        h = torch.sigmoid(o) * torch.tanh(c)
        return (h,), (h, c)


class TwoMemories(StepByStep):
    results = ("output", "trace")

    def __init__(self, inputs=3, hidden=5, slow=4):
        super().__init__()
        self.inputs = {"x": ("T", inputs)}
        self.begin = {"fast": ((hidden,), 0), "slow": ((slow,), 0.5), "count": ((), 0)}
        self.read = nn.Linear(inputs + slow, hidden)
        self.write = nn.Linear(hidden, slow)

    def step(self, x, fast, slow, count):
        count = count + 1
        fast = torch.tanh(self.read(torch.cat((x, slow), 1)) + 0.3 * fast)
        slow = slow + (self.write(fast) - slow) / count[:, None]
        return (fast, slow), (fast, slow, count)


class Reading(Model):
    def __init__(self, inputs=3, memory=4, hidden=5):
        super().__init__()
        self.inputs = {"x": ("T", inputs), "memory": ("S", memory)}
        self.hidden = hidden
        self.query = nn.Linear(hidden, memory)
        self.next = nn.Linear(inputs + memory + hidden, hidden)

    def forward(self, inputs, lengths, states):
        x, memory = inputs["x"], inputs["memory"]

        def step(x, h):
            weights = ragged.softmax(torch.einsum("bm,bsm->bs", self.query(h), memory), lengths["S"])
            context = ragged.read(weights[:, None], memory, lengths["S"])[:, 0]
            h = torch.tanh(self.next(torch.cat((x, context, h), 1)))
            return (h, weights), (h,)

        first = x.new_zeros(len(x), self.hidden) if states is None else states[0][0]
        (outputs, weights), (h,) = ragged.steps(step, x, lengths["T"], [first])
        return {"output": outputs, "weights": weights, "h": h[None]}


class TwoLevels(StepByStep):
    def __init__(self, inputs=3, hidden=5):
        super().__init__()
        self.inputs = {"x": ("T", inputs)}
        self.begin = {"outer.h": ((hidden,), 0)}
        self.rate = nn.Parameter(torch.zeros(()))
        self.outer = nn.GRUCell(inputs, hidden)

    def step(self, x, h):
        s, smoothed = torch.zeros_like(x[:, 0]), []
        for e in x.unbind(1):
            s = s + self.rate * (e - s)
            smoothed.append(s)
        h = self.outer(torch.stack(smoothed, 1) + s[:, None], h)
        return (h,), (h,)
