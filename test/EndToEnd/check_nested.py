"""A dimension inside another, both ragged: check_nested.py SEQC MODEL.

The batch is compiled, its padding NaN. Each word must be what the interpreter gives for that word alone, and zero where there
is none.
"""

import os
import random
import subprocess
import sys
import tempfile

from safetensors_file import integers, numbers, read, write

BATCH, WORDS, CHARACTERS, WIDTH, HIDDEN = 2, 3, 4, 3, 4
WORDS_OF = [3, 2]
CHARACTERS_OF = [[4, 1, 2], [3, 0, 0]]


def run(seqc, model, folder, tensors, *options):
    x, y = os.path.join(folder, "x.safetensors"), os.path.join(folder, "y.safetensors")
    write(x, tensors)
    subprocess.run([seqc, "run", model, "--inputs", x, "--outputs", y, "--seed", "3", *options], check=True)
    return {name: [value for (value,) in values] for name, values in read(y).items()}


def main():
    seqc, model = sys.argv[1:]
    source = random.Random(5)
    nan = float("nan")
    words = {(b, s): [source.uniform(-1, 1) for _ in range(CHARACTERS_OF[b][s] * WIDTH)]
             for b in range(BATCH) for s in range(WORDS)}
    scales = {key: source.uniform(-1, 1) for key in words}
    x = [value for word in words.values() for value in word + [nan] * (CHARACTERS * WIDTH - len(word))]
    y = [scale if s < WORDS_OF[b] else nan for (b, s), scale in scales.items()]
    with tempfile.TemporaryDirectory() as folder:
        together = run(seqc, model, folder, {
            "x": numbers([BATCH, WORDS, CHARACTERS, WIDTH], x), "y": numbers([BATCH, WORDS], y),
            "x.lengths": integers([BATCH], WORDS_OF),
            "x.T.lengths": integers([BATCH, WORDS], sum(CHARACTERS_OF, []))})
        for place, (key, word) in enumerate(words.items()):
            have = [*together["word"][place * HIDDEN:][:HIDDEN], *together["sums"][place * CHARACTERS:][:CHARACTERS]]
            want = [0.0] * len(have)
            if word:
                length = len(word) // WIDTH
                alone = run(seqc, model, folder, {"x": numbers([1, 1, length, WIDTH], word),
                                                  "y": numbers([1, 1], [scales[key]])}, "--reference")
                want = alone["word"] + alone["sums"] + [0.0] * (CHARACTERS - length)
            if not all(abs(a - b) <= 1e-5 for a, b in zip(have, want, strict=True)):
                sys.exit(f"word {key} is {have}, alone {want}")
    print("each word is as it is alone")


if __name__ == "__main__":
    main()
