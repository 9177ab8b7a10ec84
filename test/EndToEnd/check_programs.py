"""Programs of the language, compiled and interpreted: check_programs.py SEQC FOLDER.

Each file states the inputs of its models in its first line: `// inputs: x f32[T, 5], text token<9>[S]`. A ragged batch of them must give
the interpreter's numbers, the same bits for any number of workers and whatever stands in the padding, and each sample what
it gives alone.
"""

import math
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile

from safetensors_file import integers, numbers, read, write

BATCH = 5
LONGEST = {"T": 7, "S": 4}


class Input:
    """One input of a program: `x f32[T, 5]`."""

    def __init__(self, text):
        match = re.fullmatch(r"(\w+) (f32|token<(\d+)>)\[([^]]*)\]", text.strip())
        self.name, self.vocabulary = match[1], match[3]
        self.dims = [dim.strip() for dim in match[4].split(",")]
        self.is_ragged = self.dims[0] in LONGEST

    def shape(self):
        return [LONGEST.get(dim) or int(dim) for dim in self.dims]

    def draw(self, source):
        """The values of one sample, first axis whole."""
        count = math.prod(self.shape())
        if self.vocabulary:
            return [source.randrange(int(self.vocabulary)) for _ in range(count)]
        return [source.uniform(-1, 1) for _ in range(count)]

    def pack(self, rows, length):
        """A tensor of the rows, the first axis cut to `length`."""
        shape = self.shape()
        size = math.prod(shape[1:]) * (length if self.is_ragged else shape[0])
        values = [value for row in rows for value in row[:size]]
        make = integers if self.vocabulary else numbers
        return make([len(rows), length if self.is_ragged else shape[0], *shape[1:]], values)


def padded(one, row, length, padding):
    if not one.is_ragged:
        return row
    size = length * math.prod(one.shape()[1:])
    # Padding that is not zero is what would be an error anywhere else.
    fill = padding if not one.vocabulary else 0 if padding == 0 else -1
    return row[:size] + [fill] * (len(row) - size)


class Check:
    def __init__(self, seqc, path, model, folder):
        self.seqc, self.path, self.model, self.folder = seqc, path, model, folder
        first = path.read_text().splitlines()[0]
        declared = first.removeprefix("// inputs: ")
        self.inputs = [Input(text) for text in re.split(r",\s*(?=\w+ (?:f32|token))", declared)]
        source = random.Random(path.stem)
        self.lengths = {dim: [longest, 1] + [source.randint(1, longest) for _ in range(BATCH - 2)]
                        for dim, longest in LONGEST.items()}
        self.rows = {one.name: [one.draw(source) for _ in range(BATCH)] for one in self.inputs}

    def run(self, samples, padding, *options):
        """The results' file for some of the samples."""
        tensors, x, y = {}, os.path.join(self.folder, "x.safetensors"), os.path.join(self.folder, "y.safetensors")
        for one in self.inputs:
            lengths = [self.lengths[one.dims[0]][s] if one.is_ragged else 0 for s in samples]
            rows = [padded(one, self.rows[one.name][s], length, padding) for s, length in zip(samples, lengths)]
            tensors[one.name] = one.pack(rows, max(lengths))
            if one.is_ragged:
                tensors[one.name + ".lengths"] = integers([len(lengths)], lengths)
        write(x, tensors)
        run = subprocess.run([self.seqc, "run", self.path, "--model", self.model, "--inputs", x, "--outputs", y, "--seed", "3", *options],
                             capture_output=True, text=True)
        if run.returncode:
            raise RuntimeError(f"{options}: {run.stderr}")
        with open(y, "rb") as file:
            return read(y), file.read()

    def expect_close(self, actual, expected, what):
        for name, values in expected.items():
            for place, ((want,), (have,)) in enumerate(zip(values, actual[name], strict=True)):
                if not abs(have - want) <= 2e-5 + 2e-5 * abs(want):
                    raise RuntimeError(f"{what}: {name}[{place}] is {have}, expected {want}")

    def all(self):
        everyone = range(BATCH)
        results, raw = self.run(everyone, 0.0, "--threads", "1")
        self.expect_close(results, self.run(everyone, 0.0, "--reference")[0], "interpreter")
        if self.run(everyone, float("nan"), "--threads", "3")[1] != raw:
            raise RuntimeError("other padding or more workers give other bits")
        # The interpreter took each sample alone; here compiled code does. Padding is zero, so sums can be compared.
        for sample in [1, BATCH - 1]:
            alone = self.run([sample], 0.0)[0]
            whole, own = self.totals(results, sample), self.totals(alone, 0, batch=1)
            for name in own:
                if not math.isclose(whole[name], own[name], rel_tol=1e-4, abs_tol=1e-4):
                    raise RuntimeError(f"sample {sample}: {name} adds up to {whole[name]}, alone to {own[name]}")

    @staticmethod
    def totals(results, sample, batch=BATCH):
        """For each result, the sum of one sample's elements."""
        sums = {}
        for name, values in results.items():
            size = len(values) // batch
            sums[name] = sum(value for (value,) in values[sample * size:(sample + 1) * size])
        return sums


def main():
    seqc, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    failures = models = 0
    for path in sorted(folder.glob("*.seq")):
        for model in re.findall(r"^model (\w+)", path.read_text(), re.MULTILINE):
            models += 1
            with tempfile.TemporaryDirectory() as scratch:
                try:
                    Check(seqc, path, model, scratch).all()
                    print(f"{path.name}: {model} agrees")
                except RuntimeError as fault:
                    failures += 1
                    print(f"{path.name}: {model}: {fault}")
    print(f"{models - failures} of {models} models agree")
    return failures > 0 or models == 0


if __name__ == "__main__":
    sys.exit(main())
