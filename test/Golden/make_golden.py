#!/usr/bin/python3
"""Makes test/Golden/*.safetensors: what PyTorch gives for the models of the end-to-end tests.

    test/Golden/make_golden.py     # Debian's python3-torch (1.13.1), python3-numpy, libopenblas0: others differ in last bits

Only results are stored. Parameters and inputs are drawn here and in the test (test/EndToEnd/Draw.h) from the same
random numbers, Philox4x32-10 over logical coordinates, and are the same bits in both:

    stream(seed, site)       = the first two words of Philox(key = seed low, high; counter = 0, 0, site, 0)
    word(seed, site, i)      = word i mod 4 of Philox(key = stream; counter = i div 4, 0, 0, 0)
    uniform(seed, site, i, b) = (2 * (word >> 8) * 2^-24 - 1) * b      in f32: one rounding, in the product
    below(seed, site, i, n)  = ((word >> 8) * n) >> 24                 in integers

Model M (an ordinal, `MODELS` below) has its parameters from seed 1000 * M: site = ordinal in PyTorch's state_dict,
element = position in C order, uniform with the model's bound. Its case K (an ordinal too) has seed 1000 * M + 1 + K:

    site 0   lengths of a ragged case: below(T + 1) for each sample, so that 0 is among them
    site 1   the input [B, T, I]: uniform(1); tokens [B, T]: below(V)
    site 2   initial h [layers * directions, B, H]: uniform(1)
    site 3   initial c, likewise

A result of fewer than 1024 numbers (under 4 KB) is stored whole, another at 256 places: place p of n is
below(seed = n, site = 0, i = p, n). In cases named `long`, `torch_error` is the largest difference between PyTorch's
results in f32 and in f64, over all results.
"""

import json
import pathlib
import struct

import numpy as np
import torch

FOLDER = pathlib.Path(__file__).resolve().parent


# ---- random numbers ----


def philox(key, counter):
    """Philox4x32-10 of Salmon et al., 2011; arrays of u32 as u64 numbers."""
    k0, k1 = key
    c0, c1, c2, c3 = counter
    low = np.uint64(0xFFFFFFFF)
    for _ in range(10):
        p0 = np.uint64(0xD2511F53) * c0
        p1 = np.uint64(0xCD9E8D57) * c2
        c0, c1, c2, c3 = (p1 >> np.uint64(32)) ^ c1 ^ k0, p1 & low, (p0 >> np.uint64(32)) ^ c3 ^ k1, p0 & low
        k0 = (k0 + np.uint64(0x9E3779B9)) & low
        k1 = (k1 + np.uint64(0xBB67AE85)) & low
    return c0, c1, c2, c3


def bits(seed, site, count):
    """`count` draws of 24 bits."""
    u = np.uint64
    k0, k1, _, _ = philox((u(seed & 0xFFFFFFFF), u(seed >> 32)), (u(0), u(0), u(site), u(0)))
    blocks = np.arange((count + 3) // 4, dtype=u)
    zero = np.zeros_like(blocks)
    words = np.stack(philox((k0, k1), (blocks, zero, zero, zero)), axis=1)
    return words.reshape(-1)[:count] >> u(8)


def uniform(seed, site, shape, bound):
    drawn = bits(seed, site, int(np.prod(shape))).astype(np.float32) * np.float32(2.0**-24)
    return ((np.float32(2) * drawn - np.float32(1)) * np.float32(bound)).reshape(shape)


def below(seed, site, shape, limit):
    drawn = bits(seed, site, int(np.prod(shape)))
    return ((drawn * np.uint64(limit)) >> np.uint64(24)).astype(np.int64).reshape(shape)


# ---- files ----


def sample(result):
    """The numbers of `result` that are stored."""
    flat = result.reshape(-1)
    return result if flat.size < 1024 else flat[below(flat.size, 0, (256,), flat.size)]


def write_safetensors(path, tensors):
    """`tensors`: name -> f32 array. An eight-byte length, a JSON header padded to eight bytes, the data in order."""
    header, data = {}, b""
    for name, tensor in tensors.items():
        raw = np.ascontiguousarray(tensor, dtype="<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)
    print(f"{path.name:24} {path.stat().st_size:9,} bytes, {len(tensors)} results")


# ---- models ----
# A model is called with the inputs, lengths (None: all full) and initial states (None: zero) and returns its results by
# name. Samples of length 0, which PyTorch refuses, are left out of the call: their states stay, their outputs are zero.


def scan(layer, x, lengths, states):
    """Runs nn.RNN, nn.LSTM or nn.GRU over ragged sequences: outputs [B, T, .], then final states."""
    is_lstm = isinstance(layer, torch.nn.LSTM)
    rows = layer.num_layers * (2 if layer.bidirectional else 1)
    if states is None:
        states = [x.new_zeros(rows, x.shape[0], layer.hidden_size)] * (2 if is_lstm else 1)
    if lengths is None:
        outputs, final = layer(x, tuple(states) if is_lstm else states[0])
        return outputs, list(final) if is_lstm else [final]
    live = torch.nonzero(lengths > 0)[:, 0]
    outputs = x.new_zeros(x.shape[0], x.shape[1], layer.hidden_size * (2 if layer.bidirectional else 1))
    finals = [state.clone() for state in states]
    if len(live):
        packed = torch.nn.utils.rnn.pack_padded_sequence(x[live], lengths[live], batch_first=True, enforce_sorted=False)
        initial = [state[:, live].contiguous() for state in states]
        packed, final = layer(packed, tuple(initial) if is_lstm else initial[0])
        outputs[live] = torch.nn.utils.rnn.pad_packed_sequence(packed, batch_first=True, total_length=x.shape[1])[0]
        for state, value in zip(finals, final if is_lstm else [final]):
            state[:, live] = value
    return outputs, finals


class Recurrent(torch.nn.Module):
    def __init__(self, kind, layers, directions, inputs=3, hidden=5):
        super().__init__()
        cell = {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU}.get(kind, torch.nn.RNN)
        options = {"nonlinearity": kind[4:]} if cell is torch.nn.RNN else {}
        self.rnn = cell(inputs, hidden, layers, bidirectional=directions == 2, batch_first=True, **options)

    def forward(self, x, lengths, states):
        outputs, finals = scan(self.rnn, x, lengths, states)
        return dict(zip(("output", "h", "c"), (outputs, *finals)))


class StepByStep(torch.nn.Module):
    """A cell written as a Python function of one step, over a ragged batch."""

    def forward(self, x, lengths, states):
        states = states or [x.new_zeros(1, x.shape[0], self.hidden)] * self.count
        states, outputs = [state[0] for state in states], []
        for t in range(x.shape[1]):
            live = torch.ones(x.shape[0], 1, dtype=torch.bool) if lengths is None else (t < lengths)[:, None]
            stepped = self.step(x[:, t], *states)
            states = [torch.where(live, new, old) for new, old in zip(stepped, states)]
            outputs.append(torch.where(live, states[0], torch.zeros_like(states[0])))
        return dict(zip(("output", "h", "c"), (torch.stack(outputs, 1), *(state[None] for state in states))))


class PlainRNN(StepByStep):
    """examples/rnn.seq"""

    def __init__(self, inputs=3, hidden=5):
        super().__init__()
        self.hidden, self.count = hidden, 1
        self.W_x = torch.nn.Parameter(torch.zeros(hidden, inputs))
        self.W_h = torch.nn.Parameter(torch.zeros(hidden, hidden))
        self.b = torch.nn.Parameter(torch.zeros(hidden))

    def step(self, x, h):
        return (torch.tanh(x @ self.W_x.T + h @ self.W_h.T + self.b),)


class LSTMByHand(StepByStep):
    """examples/lstm_by_hand.seq"""

    def __init__(self, inputs=3, hidden=5):
        super().__init__()
        self.hidden, self.count = hidden, 2
        self.gates = torch.nn.Linear(inputs + hidden, 4 * hidden)

    def step(self, x, h, c):
        i, f, g, o = self.gates(torch.cat((x, h), 1)).chunk(4, 1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        return torch.sigmoid(o) * torch.tanh(c), c


class SentimentClassifier(torch.nn.Module):
    """examples/sentiment.seq"""

    def __init__(self, vocabulary, embedding, hidden):
        super().__init__()
        self.vocabulary = vocabulary
        self.embedding = torch.nn.Embedding(vocabulary, embedding)
        self.lstm = torch.nn.LSTM(embedding, hidden, 2, bidirectional=True, batch_first=True, dropout=0.3)
        self.fc = torch.nn.Linear(2 * hidden, 1)

    def forward(self, text, lengths, states):
        _, (h, _) = scan(self.lstm, self.embedding(text), lengths, states)
        return {"logit": self.fc(torch.cat((h[-2], h[-1]), 1))[:, 0]}


class TimeSeriesRNN(torch.nn.Module):
    """examples/time_series.seq"""

    def __init__(self, hidden=64):
        super().__init__()
        self.lstm = torch.nn.LSTM(1, hidden, 2, batch_first=True)
        self.fc = torch.nn.Linear(hidden, 1)

    def forward(self, x, lengths, states):
        outputs, (h, c) = scan(self.lstm, x, lengths, states)
        y = self.fc(outputs)
        if lengths is not None:
            y = torch.where(torch.arange(x.shape[1])[:, None] < lengths[:, None, None], y, torch.zeros_like(y))
        return {"output": y, "h": h, "c": c}


KINDS = ("rnn_tanh", "rnn_relu", "lstm", "gru")
# In the order of their ordinals: the grid of the library's cells, then the models of examples/.
MODELS = [(kind, layers, directions) for kind in KINDS for layers in (1, 2, 3) for directions in (1, 2)]
MODELS += ["rnn", "lstm_by_hand", "sentiment_small", "sentiment", "time_series"]
# The bound of a model's parameters, 1/sqrt(hidden) or near it: 0.5 where no other is given.
BOUNDS = {"sentiment": 0.09375, "time_series": 0.125}


def make_model(ordinal):
    which = MODELS[ordinal]
    if isinstance(which, tuple):
        model, bound = Recurrent(*which), 0.5
    else:
        model = {
            "rnn": PlainRNN,
            "lstm_by_hand": LSTMByHand,
            "sentiment_small": lambda: SentimentClassifier(50, 7, 5),
            "sentiment": lambda: SentimentClassifier(10000, 100, 128),
            "time_series": TimeSeriesRNN,
        }[which]()
        bound = BOUNDS.get(which, 0.5)
    drawn = {
        name: torch.from_numpy(uniform(1000 * ordinal, site, tuple(tensor.shape), bound))
        for site, (name, tensor) in enumerate(model.state_dict().items())
    }
    model.load_state_dict(drawn)
    return model.eval()


# ---- cases ----


class Report:
    """PyTorch's own error in f32, as a share of the tests' tolerance."""

    worst = 0.0

    @classmethod
    def add(cls, single, double):
        share = np.abs(single - double) / (1e-5 + 1e-5 * np.abs(double))
        cls.worst = max(cls.worst, float(share.max(initial=0)))


def run(model, ordinal, case, batch, length, ragged=False, initial=None):
    """Results in f32 and f64 of one case. `initial`: shapes of initial states without the batch, or None."""
    seed = 1000 * ordinal + 1 + case
    lengths = torch.from_numpy(below(seed, 0, (batch,), length + 1)) if ragged else None
    results = []
    for number in (torch.float32, torch.float64):
        model = model.to(number)
        if isinstance(model, SentimentClassifier):
            x = torch.from_numpy(below(seed, 1, (batch, length), model.vocabulary))
        else:
            width = 1 if isinstance(model, TimeSeriesRNN) else 3
            x = torch.from_numpy(uniform(seed, 1, (batch, length, width), 1)).to(number)
        states = initial and [
            torch.from_numpy(uniform(seed, 2 + s, (rows, batch, width), 1)).to(number)
            for s, (rows, width) in enumerate(initial)
        ]
        with torch.no_grad():
            results.append({name: value.numpy() for name, value in model(x, lengths, states).items()})
    model.to(torch.float32)
    for name in results[0]:
        Report.add(results[0][name], results[1][name])
    return results


def grid(kept, model, ordinal, prefix, batches=(1, 3, 32), lengths=(1, 7, 50), initial=None):
    """All cases of one model: batches x lengths x equal, ragged x without, with initial states."""
    case = 0
    for batch in batches:
        for length in lengths:
            for ragged in (False, True):
                for states in (None, initial) if initial else (None,):
                    single, _ = run(model, ordinal, case, batch, length, ragged, states)
                    name = f"{prefix}b{batch}.t{length}" + (".ragged" if ragged else "") + (".init" if states else "")
                    kept.update({f"{name}/{key}": sample(value) for key, value in single.items()})
                    case += 1


def long_case(kept, ordinal, name, ragged):
    """T = 500, case 900 (equal) or 901 (ragged): only PyTorch's own error is stored."""
    single, double = run(make_model(ordinal), ordinal, 900 + ragged, 3, 500, ragged)
    error = max(float(np.abs(single[key] - double[key]).max()) for key in single)
    kept[f"{name}{'.ragged' if ragged else ''}/torch_error"] = np.array([error], np.float32)


def main():
    torch.set_num_threads(1)
    for kind in KINDS:
        kept = {}
        for ordinal, which in enumerate(MODELS):
            if which[0] == kind:
                _, layers, directions = which
                states = [(layers * directions, 5)] * (2 if kind == "lstm" else 1)
                prefix = f"l{layers}.{'bi' if directions == 2 else 'uni'}."
                grid(kept, make_model(ordinal), ordinal, prefix, initial=states)
        write_safetensors(FOLDER / f"{kind}.safetensors", kept)

    kept = {}
    named = {which: ordinal for ordinal, which in enumerate(MODELS)}
    for which, options in (
        ("rnn", {"initial": [(1, 5)]}),
        ("lstm_by_hand", {"initial": [(1, 5)] * 2}),
        ("sentiment_small", {}),
        ("sentiment", {"batches": (3,), "lengths": (20,)}),
        ("time_series", {"batches": (1, 3), "initial": [(2, 64)] * 2}),
    ):
        grid(kept, make_model(named[which]), named[which], f"{which}.", **options)
    write_safetensors(FOLDER / "examples.safetensors", kept)

    kept = {}
    for ragged in (False, True):
        for kind in KINDS:
            long_case(kept, named[(kind, 2, 2)], kind, ragged)
        for which in ("lstm_by_hand", "sentiment_small", "time_series"):
            long_case(kept, named[which], which, ragged)
    write_safetensors(FOLDER / "long.safetensors", kept)
    print(f"PyTorch's own error up to T = 500: at most {Report.worst:.2f} of the tolerance (1e-5 + 1e-5 |b|)")


if __name__ == "__main__":
    main()
