"""Objects for one kind of vector, run: check_targets.py KIND SEQC CLANG++.

Models of all sorts, built ahead of time for a target and its features, linked with the runtime's core and called from C on a
ragged batch by two workers, must give the interpreter's numbers; where no sum goes over lanes and both have fused
multiply-adds, they must give the bits of `seqc run`, whose vectors have the width of the machine that runs this. Another
architecture runs under an emulator. Exits with 77, and says why, where tools or the CPU's features are missing.
"""

import math
import pathlib
import platform
import random
import re
import shutil
import struct
import subprocess
import sys
import tempfile

from safetensors_file import integers, load, numbers, write

SOURCE = pathlib.Path(__file__).parents[2]
FUNCTIONS, CALLER = (SOURCE / "test/EndToEnd/targets" / name for name in ("functions.seq", "call_object.c"))
EXAMPLES, PROGRAMS = SOURCE / "examples", SOURCE / "test/EndToEnd/programs"
CORE = [SOURCE / "runtime/core" / name for name in ("team.cpp", "denormals.cpp")]
BATCH, WORKERS, SKIPPED = 19, 2, 77


class Program:
    """A model and the sizes that it gets. Its results may depend on the width of vectors where a sum goes over lanes, or where
    the C library is asked; whole_range: its inputs are floats of all kinds, and the interpreter is not asked."""

    def __init__(self, path, model, any_width=True, whole_range=False, **sizes):
        self.path, self.any_width, self.whole_range = path, any_width, whole_range
        self.arguments = [path, "--model", model] + [part for name in sizes for part in ("--set", f"{name}={sizes[name]}")]

    def __str__(self):
        return " ".join([self.path.name, *self.arguments[2::2]])


MODELS = [
    Program(FUNCTIONS, "Functions", whole_range=True),
    Program(FUNCTIONS, "Others", any_width=False),
    Program(EXAMPLES / "recurrent.seq", "StackedRNN"),
    Program(EXAMPLES / "recurrent.seq", "StackedGRU", I=9, H=16),
    Program(EXAMPLES / "recurrent.seq", "StackedLSTM", I=3, H=5),
    Program(EXAMPLES / "lstm_by_hand.seq", "HandWritten", I=64, H=64),
    Program(EXAMPLES / "lstm_by_hand.seq", "HandWritten", I=17, H=33),
    Program(EXAMPLES / "time_series.seq", "TimeSeriesRNN", H=20),
    Program(EXAMPLES / "cells.seq", "LayerNormalised", any_width=False, H=37),
    Program(EXAMPLES / "cells.seq", "Peephole", H=12),
    Program(EXAMPLES / "cells.seq", "Minimal", H=8),
    Program(EXAMPLES / "cells.seq", "TwoLevels"),
    Program(EXAMPLES / "sentiment_attention.seq", "SentimentAttention", any_width=False, V=20, E=10, H=12),
    Program(EXAMPLES / "transformer.seq", "Transformer", any_width=False, V=20, D=6, F=31),
    Program(EXAMPLES / "voice_activity.seq", "VoiceActivity", F=17, C=12, H=18),
    Program(PROGRAMS / "convolution.seq", "Causal", any_width=False),
    Program(PROGRAMS / "attentive_decoder.seq", "Decode", any_width=False),
    Program(PROGRAMS / "shapes.seq", "Wide"),
]


def run(command):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed with {done.returncode}: {done.stderr.strip()}")


def here_has(features):
    """Whether this machine's CPU has all of them, by Linux's names."""
    has = pathlib.Path("/proc/cpuinfo").read_text().split()
    return all(feature in has for feature in features)


class Kind:
    """A target, and what compiles and runs C for it."""

    def __init__(self, triple, features=""):
        self.triple, self.features = triple, features
        self.architecture = triple.split("-")[0]
        self.fuses = self.architecture != "x86_64" or "fma" in features
        self.compiler, self.emulator = None, []

    def find_tools(self, compiler):
        """What is missing, if anything is."""
        if self.architecture == platform.machine():
            self.compiler = compiler
            asked = self.features.replace("+", "").split(",") if self.features else []
            return None if here_has(asked) else f"this CPU has not all of {self.features}"
        self.compiler, self.emulator = f"{self.triple}-g++", [f"qemu-{self.architecture}"]
        missing = [tool for tool in [self.compiler, *self.emulator] if not shutil.which(tool)]
        return f"{' and '.join(missing)} not installed" if missing else None

    def compile_core(self, folder):
        self.core = []
        for source in CORE:
            self.core.append(folder / f"{source.stem}.o")
            run([self.compiler, "-O1", "-std=c++17", "-fno-exceptions", "-fno-rtti", "-I", SOURCE,
                 "-c", source, "-o", self.core[-1]])

    def link(self, model, folder):
        """A program that calls the model whose object and header are in the folder."""
        run([self.compiler, "-O1", "-static", f"-DMODEL={model}", '-DHEADER="model.h"', "-I", folder, "-I", SOURCE,
             "-x", "c", "-std=c11", CALLER, "-x", "none", folder / "model.o", *self.core, "-lm", "-lpthread",
             "-o", folder / "program"])
        return [*self.emulator, folder / "program"]


# AVX-512 is what all other tests run where it is there.
KINDS = {
    "neon": Kind("aarch64-linux-gnu"),
    "sse2": Kind("x86_64-linux-gnu"),
    "avx2": Kind("x86_64-linux-gnu", "+avx2,+fma"),
}


class Header:
    """What the header of a model says: its name, its dynamic dimensions, its tensors as (name, element type, sizes)."""

    def __init__(self, path):
        text = path.read_text()
        self.model = re.match(r"/\* (\w+): ", text)[1]
        self.dims = re.findall(rf"^  {self.model.upper()}_DIM_(\w+),$", text, re.MULTILINE)

        def tensors(what):
            found = re.findall(rf"^  {self.model.upper()}_{what}_\w+, /\*\*< (\S+): (\w+)(?:\[(.*)\])? \*/$", text, re.MULTILINE)
            return [(name, kind, sizes.split(", ") if sizes else []) for name, kind, sizes in found]
        self.inputs, self.states, self.params = tensors("INPUT"), tensors("STATE"), tensors("PARAM")
        self.outputs = [name for name, _, _ in tensors("OUTPUT")]


def group(tensors, with_elements=True):
    """Tensors as the C program reads them."""
    packed = struct.pack("<q", len(tensors))
    for dtype, shape, data in tensors:
        packed += struct.pack(f"<{len(shape) + 2}q", len(shape), *shape, {"F32": 4, "I64": 8}[dtype])
        packed += data if with_elements else b""
    return packed


def pairs(actual, expected):
    """Positions of f32 tensors, what is there and what should be; but for NaN in both."""
    both = zip(struct.iter_unpack("<f", actual), struct.iter_unpack("<f", expected), strict=True)
    return ((place, have, want) for place, ((have,), (want,)) in enumerate(both)
            if not (math.isnan(have) and math.isnan(want)))


def expect_close(actual, expected, what):
    for place, have, want in pairs(actual, expected):
        if have != want and not abs(have - want) <= 2e-5 + 2e-5 * abs(want):
            raise RuntimeError(f"{what}[{place}] is {have}, expected {want}")


def expect_same(actual, expected, what):
    if actual == expected:
        return
    for place, have, want in pairs(actual, expected):
        if struct.pack("<f", have) != struct.pack("<f", want):
            raise RuntimeError(f"{what}[{place}] is {have.hex()}, with vectors of another width {want.hex()}")


class Check:
    def __init__(self, program, kind, seqc, folder):
        self.program, self.kind, self.seqc, self.folder = program, kind, seqc, folder
        self.draw = random.Random(str(program))
        features = [f"--features={kind.features}"] if kind.features else []
        run([seqc, "build", *program.arguments, "--target", kind.triple, *features, "-o", folder / "model.o"])
        self.header = Header(folder / "model.h")
        longest = 128 if program.whole_range else 7
        self.sizes = {"batch": BATCH} | {dim: longest - i for i, dim in enumerate(self.header.dims)}
        self.lengths = {dim: [size, *(self.draw.randint(1, size) for _ in range(BATCH - 1))]
                        for dim, size in self.sizes.items() if dim != "batch"}
        self.params = {name: self.tensor(kind, sizes, bound=1 / math.sqrt(int((sizes or [1])[-1])))
                       for name, kind, sizes in self.header.params}
        self.inputs = {name: self.tensor(kind, sizes) for name, kind, sizes in self.header.inputs}

    def tensor(self, kind, sizes, bound=1.0):
        shape = [self.sizes[size] if size in self.sizes else int(size) for size in sizes]
        count = math.prod(shape)
        if kind == "token":
            return integers(shape, [self.draw.randrange(9) for _ in range(count)])
        if self.program.whole_range:
            return "F32", shape, struct.pack(f"<{count}I", *(i * 2**32 // count for i in range(count)))
        return numbers(shape, [self.draw.uniform(-bound, bound) for _ in range(count)])

    def run_here(self, *options):
        """The results of `seqc run`, and the states, in the order of the header."""
        ragged = {f"{name}.lengths": integers([BATCH], self.lengths[sizes[1]])
                  for name, _, sizes in self.header.inputs if sizes[1:2] and sizes[1] in self.lengths}
        w, x, y, s = (self.folder / name for name in "wxys")
        write(w, self.params)
        write(x, self.inputs | ragged)
        states = ["--state-out", s] if self.header.states else []
        run([self.seqc, "run", *self.program.arguments, "--weights", w, "--inputs", x, "--outputs", y, *states, *options])
        results, after = load(y), load(s) if states else {}
        return [results[name] for name in self.header.outputs], [after[name] for name, _, _ in self.header.states]

    def run_object(self, results, states):
        """What the object gives, tensor by tensor: as many bytes as in `results` and `states`."""
        dims = [BATCH, *(self.sizes[dim] for dim in self.header.dims)]
        lengths = [integers([BATCH], self.lengths[dim]) for dim in self.header.dims]
        call, made = self.folder / "call", self.folder / "made"
        call.write_bytes(struct.pack(f"<{len(dims) + 2}q", WORKERS, len(dims), *dims) + group(lengths) +
                         group(self.params.values()) + group(self.inputs.values()) +
                         group(results, with_elements=False) + group(states, with_elements=False))
        run([*self.kind.link(self.header.model, self.folder), call, made])
        data, place = made.read_bytes(), 0
        for _, _, expected in results + states:
            yield data[place:place + len(expected)]
            place += len(expected)

    def all(self):
        results, states = self.run_here("--threads", "1")
        names = self.header.outputs + [name for name, _, _ in self.header.states]
        is_same = self.program.any_width and self.kind.fuses and (platform.machine() != "x86_64" or here_has(["fma"]))
        made = list(self.run_object(results, states))
        for name, (_, _, here), actual in zip(names, results + states, made, strict=True):
            (expect_same if is_same else expect_close)(actual, here, name)
        if not self.program.whole_range:
            for name, (_, _, expected), actual in zip(names, sum(self.run_here("--reference"), []), made, strict=True):
                expect_close(actual, expected, f"interpreter: {name}")
        return "the same bits" if is_same else "agrees"


def main():
    name, seqc, compiler = sys.argv[1:]
    kind = KINDS[name]
    if missing := kind.find_tools(compiler):
        print(f"{name}: not tested: {missing}")
        return SKIPPED
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        kind.compile_core(pathlib.Path(folder))
        # All other tests run this architecture, so that half of the models will do.
        programs = MODELS if kind.emulator else MODELS[::2]
        for program in programs:
            try:
                print(f"{program}: {Check(program, kind, seqc, pathlib.Path(folder)).all()}")
            except RuntimeError as fault:
                failures += 1
                print(f"{program}: {fault}")
    print(f"{name}: {len(programs) - failures} of {len(programs)} models agree")
    return failures > 0


if __name__ == "__main__":
    sys.exit(main())
