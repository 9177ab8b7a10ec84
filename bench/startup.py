#!/usr/bin/python3
"""How long a run of the sentiment classifier takes that has next to nothing to do: with code from the cache, and compiled.

    bench/startup.py [--seqc build/bin/seqc] [--rounds 20]

Beside it what every command takes, to load LLVM's libraries, and what it takes to check the text. Milliseconds of a whole process,
as the user waits for it. The classifier has 1.6 million weights, which are read from a file.
"""

import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "test" / "EndToEnd"))
from safetensors_file import integers, numbers, write

MODEL = ROOT / "examples" / "sentiment.seq"


def timed(command, environment):
    start = time.perf_counter()
    subprocess.run(list(map(str, command)), check=True, stdout=subprocess.DEVNULL, env=environment)
    return 1e3 * (time.perf_counter() - start)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seqc", default=ROOT / "build" / "bin" / "seqc", type=pathlib.Path)
    parser.add_argument("--rounds", default=20, type=int)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        environment = {**os.environ, "SEQC_CACHE_DIR": str(folder / "cache")}
        text, weights = folder / "text.safetensors", folder / "w.safetensors"
        write(text, {"text": integers([1, 3], [1, 2, 3]), "label": numbers([1], [1.0])})
        timed([options.seqc, "train", MODEL, "--inputs", text, "--steps", 1, "--out", weights], environment)
        write(text, {"text": integers([1, 3], [1, 2, 3])})
        run = [options.seqc, "run", MODEL, "--weights", weights, "--inputs", text, "--outputs", folder / "y"]
        timed(run, environment)
        commands = {
            "seqc --version": [options.seqc, "--version"],
            "seqc check": [options.seqc, "check", MODEL],
            "seqc run, from the cache": run,
            "seqc run --no-cache": [*run, "--no-cache"],
        }
        times = {label: [] for label in commands}
        # In turn, so that whatever else the machine does hits all of them.
        for _ in range(options.rounds):
            for label, command in commands.items():
                times[label].append(timed(command, environment))
        for label, taken in times.items():
            print(f"{label:26} minimum {min(taken):7.1f} ms   median {statistics.median(taken):7.1f} ms")


main()
