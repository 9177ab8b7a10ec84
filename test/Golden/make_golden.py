#!/usr/bin/python3
"""Makes test/Golden/*.safetensors: what PyTorch gives for the models of the end-to-end tests.

    test/Golden/make_golden.py [FILE ...]     # all, or those named: `cells`

By Debian's python3-torch (1.13.1), python3-numpy and libopenblas0; another version or CPU differs in last bits.

Only results are stored. Parameters and inputs are drawn here and in the test (test/EndToEnd/Draw.h) from the same random
numbers (philox.py). Model M (an ordinal, `MODELS` below) has its parameters from seed 1000 * M: site = ordinal in PyTorch's
state_dict, element = position in C order, uniform with the model's bound. Its case K (an ordinal too) has seed 1000 * M + 1 + K:

    site 0        lengths of a ragged case: below(T + 1) for each sample, so that 0 is among them
    site 1        the input [B, T, I]: uniform(1); tokens [B, T]: below(V)
    site 2        first states [layers * directions, B, H]: uniform(1)
    site 3, ...   further states, likewise
    site 10 D     lengths of dimension D; dimensions are counted as the inputs mention them
    site 10 N + 1 input N
    site 500 + R  the gradient of result R: uniform(1)

A case's length is that of its first dimension; dimension D is longer by 2 D. A result of fewer than 1024 numbers (under
4 KB) is stored whole, another at 256 places: place p of n is below(seed = n, site = 0, i = p, n). In cases named `long`,
`torch_error` is the largest difference between PyTorch's results in f32 and in f64, over all results.

gradients.safetensors holds the gradients of sum(result * its gradient) over the results that `GRADIENTS` names, in f64, with
respect to parameters, by their sites, and inputs. Its cases have the ordinal 800, or the first behind it that gives no sample the length 0:
PyTorch's own gradients are NaN there. training.safetensors: see training.py.
"""

import dataclasses
import json
import pathlib
import struct
import sys
import typing

import numpy as np
import torch

import cells
import convolutions
import decoders
import models
import training
import transformers
from philox import below, uniform

FOLDER = pathlib.Path(__file__).resolve().parent


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


@dataclasses.dataclass
class Entry:
    file: str
    prefix: str
    """Of its cases' names."""
    make: typing.Callable
    initial: list = None
    """Shapes of initial states, (rows, width ...), where there are cases with them."""
    bound: float = 0.5
    """Of its parameters: 1/sqrt(hidden) or near it."""
    batches: tuple = (1, 3, 32)
    lengths: tuple = (1, 7, 50)
    long: str = None
    """Its name in long.safetensors."""


def library():
    """The grid of the library's cells."""
    for kind in ("rnn_tanh", "rnn_relu", "lstm", "gru"):
        for layers in (1, 2, 3):
            for directions in (1, 2):
                yield Entry(
                    kind,
                    f"l{layers}.{'bi' if directions == 2 else 'uni'}.",
                    lambda kind=kind, layers=layers, directions=directions: models.Recurrent(kind, layers, directions),
                    [(layers * directions, 5)] * (2 if kind == "lstm" else 1),
                    long=kind if (layers, directions) == (2, 2) else None,
                )


def examples():
    def entry(name, make, *rest, **options):
        return Entry("examples", name + ".", make, *rest, **options)

    one = {"batches": (3,), "lengths": (20,), "bound": 0.09375}
    yield entry("rnn", models.PlainRNN, [(1, 5)])
    yield entry("lstm_by_hand", models.LSTMByHand, [(1, 5)] * 2, long="lstm_by_hand")
    yield entry("sentiment_small", lambda: models.SentimentClassifier(50, 7, 5), long="sentiment_small")
    yield entry("sentiment", lambda: models.SentimentClassifier(10000, 100, 128), **one)
    yield entry("time_series", models.TimeSeriesRNN, [(2, 64)] * 2, bound=0.125, batches=(1, 3), long="time_series")


def more_examples():
    """Attention, decoders, cells of others and our own: fewer cases, for there are many models."""

    def entry(name, make, *rest, **options):
        file = "cells" if make.__module__ == "cells" else "decoders"
        return Entry(file, name + ".", make, *rest, **{"lengths": (1, 7), **options})

    h_and_c = [(1, 5)] * 2
    tutorial = {"batches": (32,), "lengths": (10,), "bound": 0.0625}
    yield entry("sentiment_gru", lambda: models.SentimentGRU(50, 7, 5))
    yield entry("sentiment_attention", lambda: models.SentimentAttention(50, 7, 5))
    yield entry("encoder_decoder_small", lambda: decoders.EncoderDecoder(4, 5, 6), h_and_c)
    yield entry("encoder_decoder", lambda: decoders.EncoderDecoder(5000, 256, 5000), **tutorial)
    yield entry("attention", decoders.Attend)
    yield entry("attentive_decoder", decoders.AttentiveDecoder, h_and_c)
    yield entry("layer_normalised", cells.LayerNormalised, h_and_c)
    yield entry("peephole", cells.Peephole)
    yield entry("projected", cells.Projected, [(2, 4), (2, 5)])
    yield entry("coupled", cells.Coupled)
    yield entry("minimal", cells.Minimal, [(2, 5)])
    yield entry("dropped", cells.Dropped, h_and_c)
    yield entry("two_memories", cells.TwoMemories, [(1, 5), (1, 4), (1,)])
    yield entry("reading", cells.Reading, [(1, 5)])
    yield entry("two_levels", cells.TwoLevels, [(1, 5)])


def still_more_examples():
    def entry(file, name, make, *rest):
        return Entry(file, name + ".", make, *rest, lengths=(1, 7))

    yield entry("transformers", "reads", lambda: transformers.Reads(3, 4))
    yield entry("transformers", "reads_itself", lambda: transformers.ReadsItself(2, 5, 16))
    yield entry("transformers", "transformer", lambda: transformers.Transformer(50, 2, 4, 16))
    yield entry("decoders", "encoder_decoder_of_words", lambda: decoders.EncoderDecoderOfWords(20, 5, 6), [(1, 5)] * 2)
    yield entry("convolutions", "voice_activity", lambda: convolutions.VoiceActivity(5, 3, 4), [(1, 4)] * 2)
    yield entry("decoders", "language_model", lambda: models.LanguageModel(50, 6), [(2, 6)] * 2)


# In the order of their ordinals.
MODELS = [*library(), *examples(), *more_examples(), *still_more_examples()]


def make_model(ordinal):
    entry = MODELS[ordinal]
    model = entry.make()
    sites, drawn = {}, {}  # a parameter of two names is one
    for name, tensor in model.state_dict().items():
        site = sites.setdefault(tensor.data_ptr(), len(sites))
        drawn[name] = torch.from_numpy(uniform(1000 * ordinal, site, tuple(tensor.shape), entry.bound))
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


def draw_inputs(model, seed, batch, length, ragged):
    """Inputs by name, and each dimension's lengths by its letter; None: all full."""
    dims = list(dict.fromkeys(dim for dim, *_ in model.inputs.values() if dim))
    longest = {dim: length + 2 * place for place, dim in enumerate(dims)}
    lengths = {
        dim: torch.from_numpy(below(seed, 10 * place, (batch,), longest[dim] + 1)) if ragged else None
        for place, dim in enumerate(dims)
    }
    inputs = {}
    for place, (name, (dim, size, *kind)) in enumerate(model.inputs.items()):
        shape = (batch, longest[dim]) if dim else (batch,)
        site = 10 * place + 1
        inputs[name] = torch.from_numpy(below(seed, site, shape, size) if kind else uniform(seed, site, (*shape, size), 1))
    return inputs, lengths


def run(model, ordinal, case, batch, length, ragged=False, initial=None):
    """Results in f32 and f64 of one case. `initial`: shapes of initial states without the batch, or None."""
    seed = 1000 * ordinal + 1 + case
    inputs, lengths = draw_inputs(model, seed, batch, length, ragged)
    results = []
    for number in (torch.float32, torch.float64):
        model = model.to(number)
        states = initial and [
            torch.from_numpy(uniform(seed, 2 + s, (rows, batch, *shape), 1)).to(number)
            for s, (rows, *shape) in enumerate(initial)
        ]
        typed = {name: x.to(number) if x.is_floating_point() else x for name, x in inputs.items()}
        with torch.no_grad():
            results.append({name: value.numpy() for name, value in model(typed, lengths, states).items()})
    model.to(torch.float32)
    for name in results[0]:
        Report.add(results[0][name], results[1][name])
    return results


def grid(kept, ordinal):
    """All cases of one model: batches x lengths x equal, ragged x without, with initial states."""
    entry, model, case = MODELS[ordinal], make_model(ordinal), 0
    for batch in entry.batches:
        for length in entry.lengths:
            for ragged in (False, True):
                for states in (None, entry.initial) if entry.initial else (None,):
                    single, _ = run(model, ordinal, case, batch, length, ragged, states)
                    name = f"{entry.prefix}b{batch}.t{length}" + (".ragged" if ragged else "") + (".init" if states else "")
                    kept.update({f"{name}/{key}": sample(value) for key, value in single.items()})
                    case += 1


def long_case(kept, ordinal, ragged):
    """T = 500, case 900 (equal) or 901 (ragged): only PyTorch's own error is stored."""
    single, double = run(make_model(ordinal), ordinal, 900 + ragged, 3, 500, ragged)
    error = max(float(np.abs(single[key] - double[key]).max()) for key in single)
    kept[f"{MODELS[ordinal].long}{'.ragged' if ragged else ''}/torch_error"] = np.array([error], np.float32)


# ---- gradients ----


# Results by the names of models.
GRADIENTS = {
    "l2.bi": ["output"],
    "sentiment_small": ["logit"],
    "time_series": ["output"],
    "sentiment_gru": ["logit"],
    "sentiment_attention": ["logit", "weights"],
    "encoder_decoder_small": ["output"],
    "encoder_decoder_of_words": ["output"],
    "attention": ["context", "weights"],
    "attentive_decoder": ["output", "weights"],
    "layer_normalised": ["output"],
    "peephole": ["output"],
    "projected": ["output"],
    "reading": ["output"],
    "two_levels": ["output"],
    "transformer": ["scores"],
    "language_model": ["scores"],
}


def parameters_by_site(model):
    """As make_model counts sites."""
    params, first_names = dict(model.named_parameters()), {}
    for key, tensor in model.state_dict().items():
        first_names.setdefault(tensor.data_ptr(), key)
    return {site: params[key] for site, key in enumerate(first_names.values()) if key in params}


def gradient_case(kept, ordinal, results, ragged):
    model, case = make_model(ordinal).to(torch.float64), 800
    while True:
        seed = 1000 * ordinal + 1 + case
        inputs, lengths = draw_inputs(model, seed, 3, 7, ragged)
        if all(each is None or each.min() > 0 for each in lengths.values()):
            break
        case += 1
    inputs = {
        name: x.to(torch.float64).requires_grad_() if x.is_floating_point() else x for name, x in inputs.items()
    }
    given = model(inputs, lengths, None)
    total = sum(
        (given[name] * torch.from_numpy(uniform(seed, 500 + place, tuple(given[name].shape), 1))).sum()
        for place, name in enumerate(results)
    )
    total.backward()
    file = MODELS[ordinal].file
    name = f"{file}.{MODELS[ordinal].prefix}{'ragged' if ragged else 'full'}"
    for site, parameter in parameters_by_site(model).items():
        kept[f"{name}/{site}"] = sample(parameter.grad.numpy())
    for key, tensor in inputs.items():
        if tensor.requires_grad:
            kept[f"{name}/{key}"] = sample(tensor.grad.numpy())


def gradients():
    kept = {}
    for ordinal, entry in enumerate(MODELS):
        results = GRADIENTS.get(entry.prefix[:-1])
        for ragged in (False, True) if results else ():
            gradient_case(kept, ordinal, results, ragged)
    return kept


# ---- training ----


def trainings():
    kept = {}
    for ordinal, entry in enumerate(MODELS):
        chosen = training.TRAININGS.get(entry.prefix[:-1])
        for kind in training.STEPS if chosen else ():
            model = make_model(ordinal)

            def inputs_of(case, *shape, model=model, ordinal=ordinal):
                seed = 1000 * ordinal + 1 + case
                return (seed, *draw_inputs(model, seed, *shape))

            kept[f"{entry.prefix}{kind}/losses"] = training.train(chosen, kind, model, inputs_of)
            for site, parameter in parameters_by_site(model).items():
                kept[f"{entry.prefix}{kind}/{site}"] = sample(parameter.detach().numpy())
    return kept


def main():
    torch.set_num_threads(1)
    wanted = sys.argv[1:] or [*dict.fromkeys(entry.file for entry in MODELS), "long", "gradients", "training"]
    files = {name: {} for name in wanted}
    for ordinal, entry in enumerate(MODELS):
        if entry.file in files:
            grid(files[entry.file], ordinal)
    for ragged in (False, True) if "long" in files else ():
        for ordinal, entry in enumerate(MODELS):
            if entry.long:
                long_case(files["long"], ordinal, ragged)
    if "gradients" in files:
        files["gradients"] = gradients()
    if "training" in files:
        files["training"] = trainings()
    for name, kept in files.items():
        write_safetensors(FOLDER / f"{name}.safetensors", kept)
    print(f"PyTorch's own error up to T = 500: at most {Report.worst:.2f} of the tolerance (1e-5 + 1e-5 |b|)")


if __name__ == "__main__":
    main()
