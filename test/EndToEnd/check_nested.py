"""A dimension inside another, both ragged: check_nested.py SEQC MODEL.

The batch is compiled, its padding NaN. Each word must be what the interpreter gives for that word alone, and zero where there
is none.
"""

import os
import random
import re
import subprocess
import sys
import tempfile

from safetensors_file import integers, numbers, read, write

BATCH, WORDS, CHARACTERS, WIDTH = 2, 3, 4, 3
WORDS_OF = [3, 2]
CHARACTERS_OF = [[4, 1, 2], [3, 0, 0]]


def run(seqc, path, folder, tensors, *options):
    x, y = os.path.join(folder, "x.safetensors"), os.path.join(folder, "y.safetensors")
    write(x, tensors)
    subprocess.run([seqc, "run", path, "--inputs", x, "--outputs", y, "--seed", "3", *options], check=True)
    return {name: [value for (value,) in values] for name, values in read(y).items()}


def padded(values, size):
    return values + [0.0] * (size - len(values))


def main():
    seqc, path = sys.argv[1:]
    with open(path) as file:
        models = re.findall(r"^model (\w+)", file.read(), re.MULTILINE)
    for model in models:
        check(seqc, path, model)
    print(f"each word is as it is alone, in {len(models)} models")
    return not models


def check(seqc, path, model):
    source = random.Random(5)
    nan = float("nan")
    words = {(b, s): [source.uniform(-1, 1) for _ in range(CHARACTERS_OF[b][s] * WIDTH)]
             for b in range(BATCH) for s in range(WORDS)}
    scales = {key: source.uniform(-1, 1) for key in words}
    x = [value for word in words.values() for value in word + [nan] * (CHARACTERS * WIDTH - len(word))]
    y = [scale if s < WORDS_OF[b] else nan for (b, s), scale in scales.items()]
    with tempfile.TemporaryDirectory() as folder:
        together = run(seqc, path, folder, {
            "x": numbers([BATCH, WORDS, CHARACTERS, WIDTH], x), "y": numbers([BATCH, WORDS], y),
            "x.lengths": integers([BATCH], WORDS_OF),
            "x.T.lengths": integers([BATCH, WORDS], sum(CHARACTERS_OF, []))}, "--model", model)
        sizes = {name: len(values) // len(words) for name, values in together.items()}
        for place, (key, word) in enumerate(words.items()):
            alone = {}
            if word:
                length = len(word) // WIDTH
                alone = run(seqc, path, folder, {"x": numbers([1, 1, length, WIDTH], word),
                                                  "y": numbers([1, 1], [scales[key]])}, "--model", model, "--reference")
            for name, size in sizes.items():
                have, want = together[name][place * size:][:size], padded(alone.get(name, []), size)
                if not all(abs(a - b) <= 1e-5 for a, b in zip(have, want, strict=True)):
                    sys.exit(f"{model}: {name} of word {key} is {have}, alone {want}")


if __name__ == "__main__":
    sys.exit(main())
