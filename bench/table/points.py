"""What is measured: the groups of points."""

import dataclasses
import random
import re

from .work import Product, Scan


def counted(threads):
    return f"{threads} thread{'s' if threads > 1 else ''}"


@dataclasses.dataclass(frozen=True)
class Program:
    """What seqc is given: files of the repository that make one text, and which model of it."""

    files: tuple
    model: str = ""
    settings: tuple = ()


@dataclasses.dataclass(frozen=True)
class Reference:
    """Something else of ours that is measured beside a point: what the point may cost is a multiple of it."""

    label: str
    point: "Point"
    scale: float = 1


@dataclasses.dataclass(frozen=True)
class Point:
    """`model` and `sizes` say to the peers what `program` says to seqc. `measure`: forward; gradient, which is forward and backward
    with the weights packed anew; step, which is that and the update; or call, which is one step of one sample forward, its
    state kept until the next, in code that is built ahead of time."""

    group: str
    label: str
    model: str
    program: Program
    measure: str
    batch: int
    length: int
    threads: int
    parts: tuple = ()
    sizes: tuple = ()
    lengths: tuple = ()
    save: tuple = ()
    reference: Reference = None
    precision: str = "f32"
    memory: bool = False
    quick: bool = False

    @property
    def training(self):
        return self.measure in ("gradient", "step")

    @property
    def name(self):
        return f"{self.label}, {self.batch} x {self.length}, {self.measure}, {counted(self.threads)}"

    def words(self):
        """What peers read."""
        words = {"model": self.model, "measure": self.measure, "batch": self.batch, "length": self.length, **dict(self.sizes)}
        if self.lengths:
            words["lengths"] = ",".join(map(str, self.lengths))
        return " ".join(f"{key}={value}" for key, value in words.items())


GROUPS = {
    "1 forward": "One layer, forward",
    "2 gradient": "One layer, forward and backward",
    "3 models": "Whole models",
    "4 cells": "Cells that nobody wrote by hand",
    "5 precision": "bf16 and int8",
    "6 ragged": "Ragged batches",
    "7 lists": "DeepBench's inference-server list and oneDNN's shapes",
    "8 memory": "Memory",
    "9 calls": "One step a call, built ahead of time",
}

LAYERS = ("bench/models/layers.seq",)
CELLS = ("examples/cells.seq", "bench/models/cells.seq")


def layer(group, cell, inputs, hidden, batch, length, threads, measure="forward", files=LAYERS, **more):
    scan = Scan(cell, inputs, hidden, batch * length, length)
    sizes = (("inputs", inputs), ("hidden", hidden))
    program = Program(files, f"{cell}Layer", (("I", inputs), ("H", hidden)))
    label = f"{cell} {hidden}" if inputs == hidden else f"{cell} {inputs} to {hidden}"
    return Point(group, label, f"{cell}Layer", program, measure, batch, length, threads, (scan,), sizes, **more)


QUICK_LAYERS = {("LSTM", 16, 1, 1), ("LSTM", 256, 1, 1), ("LSTM", 128, 32, 1), ("LSTM", 128, 32, 2), ("GRU", 128, 32, 1), ("RNN", 128, 32, 1)}


def forward_layers():
    for threads in (1, 2):
        for cell in ("LSTM", "GRU", "RNN"):
            for hidden in (16, 64, 128, 256, 512, 1024):
                for batch in (1, 8, 32, 128):
                    length = 32 if hidden == 1024 else 64
                    quick = (cell, hidden, batch, threads) in QUICK_LAYERS
                    yield layer("1 forward", cell, hidden, hidden, batch, length, threads, quick=quick)


def gradient_layers():
    for threads in (1, 2):
        for cell in ("LSTM", "GRU", "RNN"):
            for hidden in (128, 256, 512, 1024):
                quick = (cell, hidden, threads) == ("LSTM", 128, 1)
                yield layer("2 gradient", cell, hidden, hidden, 32, 64, threads, "gradient", quick=quick)


def sentiment_parts(batch, length, steps):
    below = Scan("LSTM", 100, 128, steps, length, 2, needs_input_gradient=True)
    above = Scan("LSTM", 256, 128, steps, length, 2, needs_input_gradient=True)
    return below, above, Product(batch, 256, 1)


def series_parts(batch, length, steps):
    return Scan("LSTM", 1, 64, steps, length), Scan("LSTM", 64, 64, steps, length, 1, True), Product(steps, 64, 1)


def decoder_parts(inputs):
    def parts(batch, length, steps):
        coder = Scan("LSTM", inputs, 256, steps, length)
        return coder, coder, Product(steps, 256, 5000)

    return parts


# The tutorial's models with its batches and lengths.
TUTORIAL = {
    "sentiment": (32, 50, sentiment_parts),
    "time_series": (100, 10, series_parts),
    "encoder_decoder": (32, 12, decoder_parts(5000)),
    "encoder_decoder_of_words": (32, 12, decoder_parts(0)),
}
# Others of examples/, for which there is neither a bar nor a limit: whether they are trained, and their settings.
OTHERS = {
    "sentiment_gru": (True, ""),
    "sentiment_attention": (True, ""),
    "language_model": (True, ""),
    "attention": (False, "H=256"),
    "attentive_decoder": (False, "In=64 H=128 Out=64"),
    "transformer": (False, ""),
    "voice_activity": (False, ""),
    "Projected": (False, "I=64 H=128 P=64"),
    "Dropped": (False, "I=64 H=128"),
    "TwoMemories": (False, "I=64 H=128 M=64"),
    "Reading": (False, "I=64 H=128 M=64"),
    "TwoLevels": (False, "I=64 H=128"),
}


def example(model, settings=""):
    settings = tuple(tuple(word.split("=")) for word in settings.split())
    if model[0].isupper():
        return Program(("examples/cells.seq",), model, settings)
    return Program((f"examples/{model}.seq",), "", settings)


def tutorial_model(model, measure, threads, group="3 models", **more):
    batch, length, parts = TUTORIAL[model]
    made = parts(batch, length, batch * length)
    return Point(group, model, model, example(model), measure, batch, length, threads, made, **more)


def whole_models():
    for threads in (1, 2):
        for model in TUTORIAL:
            for measure in ("forward", "step"):
                quick = (model, threads) == ("sentiment", 1)
                yield tutorial_model(model, measure, threads, quick=quick)
    for model, (trained, settings) in OTHERS.items():
        for batch in (32, 1):
            for measure in ("forward", "step") if trained and batch > 1 else ("forward",):
                yield Point("3 models", model, model, example(model, settings), measure, batch, 50, 1)


CELL_SHAPES = ((64, 1), (128, 8), (256, 32))
# Whose products depend on one another, or whose normalisation needs whole rows, may cost more of an LSTM.
ALLOWED_COST = {"LayerNormLSTM": 1.5, "PeepholeLSTM": 1.15, "CoupledLSTM": 1.15, "MinimalGatedUnit": 1.5}


def custom_cells():
    for threads in (1, 2):
        for cell in ALLOWED_COST:
            for hidden, batch in CELL_SHAPES:
                for measure in ("forward", "gradient"):
                    shape = (hidden, hidden, batch, 64, threads, measure)
                    lstm = layer("4 cells", "LSTM", *shape)
                    point = layer("4 cells", cell, *shape, files=CELLS)
                    scale = point.parts[0].flops(point.training) / lstm.parts[0].flops(point.training)
                    quick = (cell, hidden, measure, threads) == ("LayerNormLSTM", 64, "forward", 1)
                    yield dataclasses.replace(point, reference=Reference("our LSTM", lstm, scale), quick=quick)


def drawn_lengths(count=32, longest=256):
    """Uniform, the same in every run; the longest is there."""
    source = random.Random(1)
    return (longest, *(source.randint(1, longest) for _ in range(count - 1)))


def other_precisions():
    """The same layer in f32 is the reference; peers multiply f32."""
    for precision in ("bf16", "int8"):
        for hidden in (256, 512, 1024):
            for batch in (1, 8, 32):
                exact = layer("5 precision", "LSTM", hidden, hidden, batch, 32 if hidden == 1024 else 64, 1)
                yield dataclasses.replace(
                    exact,
                    label=f"{exact.label}, {precision}",
                    parts=(),  # The limit is one of f32.
                    precision=precision,
                    reference=Reference("our f32", exact),
                    quick=(hidden, batch) == (256, 1),
                )


def ragged_batches():
    lengths = drawn_lengths()
    tokens, batch = sum(lengths), len(lengths)
    even = round(tokens / batch)
    for threads in (1, 2):
        for measure in ("forward", "step"):
            ragged = tutorial_model("sentiment", measure, threads, "6 ragged")
            equal = dataclasses.replace(ragged, batch=batch, length=even, parts=())
            yield dataclasses.replace(
                ragged,
                batch=batch,
                length=max(lengths),
                lengths=lengths,
                parts=sentiment_parts(batch, max(lengths), tokens),
                reference=Reference("equal lengths", equal, tokens / (batch * even)),
                quick=(measure, threads) == ("forward", 1),
            )


# (cell, hidden, batch, length): `inference_server_set` of DeepBench. Its GRUs come in lengths of 187, 375, 750 and 1500, each a
# repetition of the first, which takes long enough.
DEEPBENCH = [
    *(("LSTM", hidden, 25) for hidden in (512, 1024, 2048)),
    ("LSTM", 1536, 50),
    ("LSTM", 256, 150),
    *(("GRU", hidden, 187) for hidden in (2816, 2048, 1536, 2560)),
    ("GRU", 512, 1),
    ("GRU", 1024, 187),
]
# (cell, inputs, hidden, batch, length): of benchdnn's inputs/rnn, those of one layer in one direction.
BENCHDNN = [
    *(("RNN", 1760, 1760, batch, 50) for batch in (1, 64)),  # deepspeech 2
    *(("GRU", 1760, 1760, batch, 50) for batch in (1, 64)),
    *(("LSTM", 512, 512, batch, length) for batch in (1, 64) for length in (10, 30, 50, 70)),  # GNMT, encoder
    *(("LSTM", inputs, 512, batch, 1) for inputs in (768, 1024) for batch in (10, 640)),  # GNMT, decoder
    ("LSTM", 32, 16, 6, 2),  # small
    ("LSTM", 17, 34, 7, 2),
    ("LSTM", 500, 500, 1, 50),  # large
    ("LSTM", 128, 128, 1, 629),
    ("LSTM", 512, 128, 1, 10),
    ("LSTM", 500, 500, 64, 50),
    ("LSTM", 128, 128, 128, 629),
]


def known_lists():
    for threads in (1, 2):
        for cell, hidden, length in DEEPBENCH:
            for batch in (1, 2, 4):
                quick = (cell, hidden, batch, threads) == ("LSTM", 512, 1, 1)
                yield layer("7 lists", cell, hidden, hidden, batch, length, threads, quick=quick)
        for cell, inputs, hidden, batch, length in BENCHDNN:
            yield layer("7 lists", cell, inputs, hidden, batch, length, threads)


def memory():
    for model in TUTORIAL:
        yield tutorial_model(model, "step", 1, "8 memory", memory=True, quick=model == "time_series")
    long = layer("8 memory", "LSTM", 128, 128, 32, 1000, 1, "step", memory=True, save=("all",))
    yield dataclasses.replace(long, label=long.label + ", all saved")
    yield dataclasses.replace(
        long, label=long.label + ", checkpoints", save=("checkpoint", "--save-every", "32"), reference=Reference("all saved", long)
    )


def single_steps():
    for cell in ("LSTM", "GRU"):
        for hidden in (8, 16, 32, 64):
            yield layer("9 calls", cell, hidden, hidden, 1, 1, 1, "call", quick=hidden == 16)


def all_points():
    groups = (forward_layers, gradient_layers, whole_models, custom_cells, other_precisions, ragged_batches, known_lists)
    for points in (*groups, memory, single_steps):
        yield from points()


def chosen(quick, only):
    """Those whose group and name match one of the patterns of `only`."""
    points = [point for point in all_points() if point.quick or not quick]
    if not only:
        return points
    return [point for point in points if any(re.search(pattern, f"{point.group}: {point.name}") for pattern in only)]
