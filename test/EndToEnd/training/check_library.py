"""The library's optimizers, losses, metrics and schedules against PyTorch 1.13: check_library.py SEQC FILE.

What PyTorch gives, in double precision, is written down here.
"""

import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
from safetensors_file import integers, numbers, read, write

INPUTS = {
    "Optimizers": {
        "w": numbers([1, 3], [0.5, -1.0, 2.0]),
        "g": numbers([1, 4, 3], [0.1, -0.2, 0.3, 0.4, 0.5, -0.6, -0.7, 0.8, 0.9, 0.05, -0.02, 0.01]),
    },
    "Losses": {
        "scores": numbers([1, 3, 3], [2.0, -1.0, 0.5, 0.0, 100.0, -3.0, 1.0, 1.0, 1.0]),
        "word": integers([1, 3], [0, 2, 1]),
        "logit": numbers([1, 4], [2.0, -50.0, 0.0, 120.0]),
        "label": numbers([1, 4], [1.0, 1.0, 0.3, 0.0]),
        "y": numbers([1, 3], [0.2, -3.0, 1.5]),
        "t": numbers([1, 3], [0.0, 1.0, 1.0]),
    },
    "Schedules": {"loss": numbers([1, 8], [1.0, 0.9, 0.95, 0.92, 0.91, 0.8, 0.85, 0.9])},
}
EXPECTED = {
    "Optimizers": {
        "sgd": [0.515, -1.108, 1.939],
        "momentum": [0.4774563, -1.1516749, 1.8736049],
        "nesterov": [0.501689, -1.303048, 1.837687],
        "rmsprop": [-0.0847157, -1.3696386, 1.5414231],
        "centered": [0.0942567, -1.1568071, 1.7311673],
        "adam": [0.3509861, -1.0826161, 1.8640437],
        "adamw": [0.3434711, -1.070279, 1.8659259],
        "adagrad": [0.378417, -1.050168, 1.9100637],
    },
    "Losses": {
        "cross": [0.241311, 103.0, 1.098612],
        "smooth": [0.391311, 99.466667, 1.098612],
        "bce": [0.126928, 50.0, 0.693147, 120.0],
        "huber": [0.02, 2.555, 0.125],
        "right": [1, 0, 1],
        "two": [1, 0, 1],
        "side": [1, 0, 1, 0],
    },
    "Schedules": {
        "warm": [0.25, 0.5, 0.75, 1, 1, 1, 1, 1],
        "annealed": [1, 0.882843, 0.6, 0.317157, 0.2, 0.2, 0.2, 0.2],
        "plateau": [1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.25],
    },
}

tool, source = sys.argv[1:]
faults = 0
with tempfile.TemporaryDirectory() as folder:
    given, got = os.path.join(folder, "in.safetensors"), os.path.join(folder, "out.safetensors")
    for model, inputs in INPUTS.items():
        write(given, inputs)
        for mode, tolerance in (["--reference"], 2e-7), ([], 2e-5):
            subprocess.run([tool, "run", source, "--model", model, "--inputs", given, "--outputs", got, *mode], check=True)
            results = read(got)
            for name, expected in EXPECTED[model].items():
                values = [value for (value,) in results[name]]
                for value, right in zip(values, expected, strict=True):
                    if not abs(value - right) <= tolerance * max(1, abs(right)) + 1e-6:
                        faults += 1
                        print(f"{model}.{name} {mode}: {values} instead of {expected}")
                        break
sys.exit(faults > 0)
