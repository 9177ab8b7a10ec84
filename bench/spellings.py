#!/usr/bin/python3
"""Times the spellings of one cell beside each other: whoever writes it, the code is the same, and so is its time.

    bench/spellings.py [--seqc build/bin/seqc] [--rounds 9] [--batch 32] [--length 50]

Each of test/Pipelines/Inputs/spellings is timed in turns with the library's spelling, one after the other and then the other
way round. Fails where the median of the rounds' ratios is more than 5 % from one.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
FOLDER = ROOT / "test/Pipelines/Inputs/spellings"
SIZES = ["--set", "I=64", "--set", "H=128"]
# Not a spelling: another cell, which the tests hold against them.
OTHERS = {"reset_before"}


def time_once(options, path):
    """The fastest of many calls, in milliseconds."""
    command = [options.seqc, "bench", path, *SIZES, "--batch", options.batch, "--length", options.length, "--repeat", options.repeat, "--json"]
    result = subprocess.run(list(map(str, command)), check=True, stdout=subprocess.PIPE).stdout
    return json.loads(result)["run_ms_min"]


def compare(options, reference, other):
    """Medians of both times, and of their ratios."""
    pairs = []
    for turn in range(options.rounds):
        pair = {}
        for path in (reference, other) if turn % 2 == 0 else (other, reference):
            pair[path] = time_once(options, path)
        pairs.append((pair[reference], pair[other]))
    ratios = [theirs / ours for ours, theirs in pairs]
    return *map(statistics.median, zip(*pairs)), statistics.median(ratios), min(ratios), max(ratios)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seqc", default=ROOT / "build/bin/seqc")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--length", type=int, default=50)
    parser.add_argument("--repeat", type=int, default=300, help="calls in each round")
    options = parser.parse_args()
    print(f"{'cell':6} {'spelling':14} {'library':>9} {'spelling':>9} {'ratio':>7}   of {options.rounds} rounds, ms")
    failures = 0
    for cell in sorted(path for path in FOLDER.iterdir() if path.is_dir()):
        for other in sorted(cell.glob("*.seq")):
            if other.stem in OTHERS | {"library"}:
                continue
            ours, theirs, ratio, low, high = compare(options, cell / "library.seq", other)
            bad = not 0.95 <= ratio <= 1.05
            failures += bad
            print(f"{cell.name:6} {other.stem:14} {ours:9.4f} {theirs:9.4f} {ratio:7.3f}   {low:.3f} to {high:.3f}{'  outside' if bad else ''}", flush=True)
    return failures > 0


if __name__ == "__main__":
    sys.exit(main())
