"""Where things are."""

import pathlib

BENCH = pathlib.Path(__file__).resolve().parent.parent
ROOT = BENCH.parent
# What is compiled, exported or written for a run.
WORK = ROOT / "build" / "bench"
