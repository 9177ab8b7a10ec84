"""Cells that no library has fast, each with a model that runs it, over padded sequences.

Where a model only runs its cell, one class is both.
"""

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


class Unrolled(nn.Module):
    """Runs `step` over the samples' own positions, from states of these widths and values."""

    def __init__(self, *begin):
        super().__init__()
        self.begin = begin

    def forward(self, x, lengths, *others, direction=1):
        states = [x.new_full((len(x), width), value) for width, value in self.begin]
        outputs = []
        for t in range(x.shape[1])[::direction]:
            alive = (t < lengths)[:, None]
            output, new = self.step(x[:, t], *others, *states)
            states = [torch.where(alive, *pair) for pair in zip(new, states)]
            outputs.append(output * alive)
        return torch.stack(outputs[::direction], 1)


class LayerNormalised(Unrolled):
    """Layer normalisation of both products and of the cell state (Ba et al., 2016)."""

    def __init__(self, inputs=3, hidden=5):
        super().__init__((hidden, 0), (hidden, 0))
        bound = hidden**-0.5
        self.weight_ih = nn.Parameter(torch.empty(4 * hidden, inputs).uniform_(-bound, bound))
        self.weight_hh = nn.Parameter(torch.empty(4 * hidden, hidden).uniform_(-bound, bound))
        self.input_norm = nn.LayerNorm(4 * hidden)
        self.hidden_norm = nn.LayerNorm(4 * hidden)
        self.cell_norm = nn.LayerNorm(hidden)

    def step(self, x, h, c):
        gates = self.input_norm(x @ self.weight_ih.T) + self.hidden_norm(h @ self.weight_hh.T)
        i, f, g, o = gates.chunk(4, 1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        h = torch.sigmoid(o) * torch.tanh(self.cell_norm(c))
        return h, (h, c)


class PeepholeLSTM(Unrolled):
    """The gates see the cell state (Gers & Schmidhuber, 2000)."""

    def __init__(self, inputs, hidden):
        super().__init__((hidden, 0), (hidden, 0))
        bound = hidden**-0.5
        self.gates = nn.Linear(inputs + hidden, 4 * hidden)
        self.p_i = nn.Parameter(torch.empty(hidden).uniform_(-bound, bound))
        self.p_f = nn.Parameter(torch.empty(hidden).uniform_(-bound, bound))
        self.p_o = nn.Parameter(torch.empty(hidden).uniform_(-bound, bound))

    def step(self, x, h, c):
        i, f, g, o = self.gates(torch.cat((x, h), 1)).chunk(4, 1)
        c = torch.sigmoid(f + self.p_f * c) * c + torch.sigmoid(i + self.p_i * c) * torch.tanh(g)
        h = torch.sigmoid(o + self.p_o * c) * torch.tanh(c)
        return h, (h, c)


class Peephole(nn.Module):
    def __init__(self, inputs=3, hidden=5):
        super().__init__()
        self.there = PeepholeLSTM(inputs, hidden)
        self.back = PeepholeLSTM(inputs, hidden)

    def forward(self, x, lengths):
        return torch.cat((self.there(x, lengths), self.back(x, lengths, direction=-1)), 2)


class Projected(nn.Module):
    """The hidden state is a projection of the cell's (Sak et al., 2014)."""

    def __init__(self, inputs=3, hidden=5, projection=4):
        super().__init__()
        self.lstm = nn.LSTM(inputs, hidden, num_layers=2, batch_first=True, proj_size=projection)

    def forward(self, x, lengths):
        packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        outputs, _ = self.lstm(packed)
        return pad_packed_sequence(outputs, batch_first=True, total_length=x.shape[1])[0]


class Coupled(Unrolled):
    """What is forgotten makes room for what comes in (Greff et al., 2017); from the end."""

    def __init__(self, inputs=3, hidden=5):
        super().__init__((hidden, 0), (hidden, 0))
        self.gates = nn.Linear(inputs + hidden, 3 * hidden)

    def step(self, x, h, c):
        f, g, o = self.gates(torch.cat((x, h), 1)).chunk(3, 1)
        c = torch.lerp(torch.tanh(g), c, torch.sigmoid(f))
        h = torch.sigmoid(o) * torch.tanh(c)
        return h, (h, c)

    def forward(self, x, lengths):
        outputs = super().forward(x, lengths, direction=-1)
        return outputs, outputs[:, 0]


class MinimalGatedUnit(Unrolled):
    """One gate (Zhou et al., 2016)."""

    def __init__(self, inputs, hidden):
        super().__init__((hidden, 0))
        self.gate = nn.Linear(inputs + hidden, hidden)
        self.candidate = nn.Linear(inputs + hidden, hidden)

    def step(self, x, h):
        f = torch.sigmoid(self.gate(torch.cat((x, h), 1)))
        h = torch.lerp(h, torch.tanh(self.candidate(torch.cat((x, f * h), 1))), f)
        return h, (h,)


class Minimal(nn.Module):
    def __init__(self, inputs=3, hidden=5):
        super().__init__()
        self.lower = MinimalGatedUnit(inputs, hidden)
        self.upper = MinimalGatedUnit(hidden, hidden)

    def forward(self, x, lengths):
        return self.upper(self.lower(x, lengths), lengths)


class Dropped(Unrolled):
    """Dropout on what goes into the state (Semeniuta et al., 2016)."""

    def __init__(self, inputs=3, hidden=5):
        super().__init__((hidden, 0), (hidden, 0))
        self.gates = nn.Linear(inputs + hidden, 4 * hidden)
        self.dropout = nn.Dropout(0.25)

    def step(self, x, h, c):
        i, f, g, o = self.gates(torch.cat((x, h), 1)).chunk(4, 1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * self.dropout(torch.tanh(g))
        h = torch.sigmoid(o) * torch.tanh(c)
        return h, (h, c)


class TwoMemories(Unrolled):
    """Two states of different shape and meaning, a fast and a slow memory; and a third that counts the steps."""

    def __init__(self, inputs=3, hidden=5, memory=4):
        super().__init__((hidden, 0), (memory, 0.5), (1, 0))
        self.widths = hidden, memory
        self.read = nn.Linear(inputs + memory, hidden)
        self.write = nn.Linear(hidden, memory)

    def step(self, x, fast, slow, count):
        count = count + 1
        fast = torch.tanh(self.read(torch.cat((x, slow), 1)) + 0.3 * fast)
        slow = slow + (self.write(fast) - slow) / count
        return torch.cat((fast, slow), 1), (fast, slow, count)

    def forward(self, x, lengths):
        return super().forward(x, lengths).split(self.widths, 2)


class Reading(Unrolled):
    """Reads a memory inside the step, by what its state asks for, and gives the weights of the reading too."""

    def __init__(self, inputs=3, memory=4, hidden=5):
        super().__init__((hidden, 0))
        self.hidden = hidden
        self.query = nn.Linear(hidden, memory)
        self.next = nn.Linear(inputs + memory + hidden, hidden)

    def step(self, x, memory, held, h):
        scores = (memory @ self.query(h)[..., None])[..., 0]
        weights = torch.softmax(scores.masked_fill(~held, -torch.inf), 1)
        context = (weights[..., None] * memory).sum(1)
        h = torch.tanh(self.next(torch.cat((x, context, h), 1)))
        return torch.cat((h, weights), 1), (h,)

    def forward(self, x, lengths, memory, memory_lengths):
        held = torch.arange(memory.shape[1]) < memory_lengths[:, None]
        return super().forward(x, lengths, memory, held).split((self.hidden, memory.shape[1]), 2)


class TwoLevels(Unrolled):
    """The step's input is itself read as a sequence, by a recurrence of its own, which begins anew in each step."""

    def __init__(self, inputs=3, hidden=5):
        super().__init__((hidden, 0))
        self.rate = nn.Parameter(torch.tensor(0.4))
        self.outer = nn.GRUCell(inputs, hidden)

    def step(self, x, h):
        s, smoothed = torch.zeros_like(x[:, 0]), []
        for e in x.unbind(1):
            s = torch.lerp(s, e, self.rate)
            smoothed.append(s)
        h = self.outer(torch.stack(smoothed, 1) + s[:, None], h)
        return h, (h,)
