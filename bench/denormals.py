#!/usr/bin/python3
"""The time of a training step does not depend on the data: gradients that vanish become denormal numbers, which CPUs compute with
many times slower than with others, and compiled code flushes them to zero.

    bench/denormals.py [--seqc build/bin/seqc] [--rounds 5]

A two-layer LSTM reads 256 steps and is asked at the last one. With weights as they are drawn, a gradient is halved in each step and
vanishes after about 130; with forget gates that are open it lives. Time of a step: of twelve less that of two, by ten.
"""

import argparse
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "test" / "EndToEnd"))
from safetensors_file import numbers, read, write

BATCH, STEPS, WIDTH, HIDDEN = 32, 256, 8, 64
MODEL = f"""
model Last(x: f32[T, {WIDTH}]) -> (y: f32) {{
  use lstm = recurrent(LSTM[{WIDTH}, {HIDDEN}], layers = 2)
  use fc   = Linear[{HIDDEN}, 1]
  let _, final = lstm(x)
  return fc(final[-1].h)[0]
}}
train Last(x, target: f32) -> y {{
  loss      = squared_error(y, target)
  optimizer = SGD(lr = 0)
}}
"""


def run(options, folder, weights, steps, *more):
    command = [options.seqc, "train", folder / "last.seq", "--no-cache", "--inputs", folder / "x.safetensors", "--steps", steps, *more]
    command += ["--weights", weights] if weights else []
    start = time.perf_counter()
    subprocess.run(list(map(str, command)), check=True, stdout=subprocess.DEVNULL)
    return 1e3 * (time.perf_counter() - start)


def opened(weights):
    """The same with forget gates, the second quarter of a bias, that are open."""
    changed = {}
    for name, values in weights.items():
        flat = [value for (value,) in values]
        if "bias_hh" in name:
            flat[HIDDEN : 2 * HIDDEN] = [8.0] * HIDDEN
        changed[name] = flat
    return changed


def shape_of(name, size):
    if name.endswith("fc.weight"):
        return [1, size]
    return [4 * HIDDEN, size // (4 * HIDDEN)] if "weight" in name else [size]


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seqc", default=ROOT / "build/bin/seqc", type=pathlib.Path)
    options.add_argument("--rounds", type=int, default=5)
    options = options.parse_args()
    source = random.Random(1)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "last.seq").write_text(MODEL)
        x = [source.uniform(-1, 1) for _ in range(BATCH * STEPS * WIDTH)]
        write(folder / "x.safetensors", {"x": numbers([BATCH, STEPS, WIDTH], x), "target": numbers([BATCH], [1.0] * BATCH)})
        run(options, folder, None, 1, "--out", folder / "drawn.safetensors")
        changed = opened(read(folder / "drawn.safetensors"))
        write(folder / "open.safetensors", {key: numbers(shape_of(key, len(flat)), flat) for key, flat in changed.items()})
        times = {"drawn": [], "open": []}
        for _ in range(options.rounds):
            for kind, found in times.items():
                weights = folder / f"{kind}.safetensors"
                found.append((run(options, folder, weights, 12) - run(options, folder, weights, 2)) / 10)
    for kind, found in times.items():
        print(f"{kind:6} {min(found):8.2f} ms a step, median {statistics.median(found):8.2f}")
    print(f"vanishing over living gradients: {min(times['drawn']) / min(times['open']):.2f}")


if __name__ == "__main__":
    main()
