#!/usr/bin/python3
"""Times models 4 and 5 beside PyTorch: seqc and PyTorch take turns in one run, on one thread.

    bench/peers.py [--seqc build/bin/seqc] [--rounds 5] [--seconds 0.5]      # Debian's python3-torch, libopenblas0

PyTorch is given what it needs to be fast: AVX-512 kernels in OpenBLAS (which does not know every CPU), denormal numbers
flushed to zero, no gradients. Minimum: of all rounds. Median: of the rounds' medians.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
# Read when the libraries are loaded.
os.environ.setdefault("OPENBLAS_CORETYPE", "SkylakeX")
os.environ.setdefault("ATEN_CPU_CAPABILITY", "avx512")
os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"

import torch

sys.path.insert(0, str(ROOT / "test" / "Golden"))
from models import SentimentClassifier, TimeSeriesRNN

SHAPES = [("sentiment", 32, 50), ("sentiment", 1, 50), ("time_series", 32, 50), ("time_series", 1, 50)]


def require_fast_blas():
    """Debian's reference BLAS is tens of times slower: a ratio to it says nothing."""
    loaded = pathlib.Path("/proc/self/maps").read_text()
    if not any(name in loaded for name in ("openblas", "mkl")):
        sys.exit("peers.py: PyTorch runs on the reference BLAS here; install libopenblas0 (or MKL)")


def cpu_name():
    lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), "unknown CPU")


def peer(model, batch, length):
    """A function that runs the model once in PyTorch."""
    if model == "sentiment":
        module, inputs = SentimentClassifier(10000, 100, 128), {"text": torch.randint(10000, (batch, length))}
    else:
        module, inputs = TimeSeriesRNN(), {"x": torch.randn(batch, length, 1)}
    module.eval()
    return lambda: module(inputs, {"T": None}, None)


def time_peer(call, seconds):
    """Minimum and median in milliseconds, after one call that does not count."""
    call()
    times, end = [], time.perf_counter() + seconds
    while not times or time.perf_counter() < end:
        start = time.perf_counter()
        call()
        times.append(1e3 * (time.perf_counter() - start))
    return min(times), statistics.median(times)


def time_seqc(seqc, model, batch, length):
    command = [seqc, "bench", ROOT / f"examples/{model}.seq", "--batch", batch, "--length", length, "--threads", 1, "--json"]
    result = json.loads(subprocess.run(list(map(str, command)), check=True, stdout=subprocess.PIPE).stdout)
    return result["run_ms_min"], result["run_ms_median"]


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seqc", default=ROOT / "build/bin/seqc")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--seconds", type=float, default=0.5, help="of PyTorch in each round")
    options = options.parse_args()
    require_fast_blas()
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    print(f"{cpu_name()}; PyTorch {torch.__version__}; 1 thread; ms, minimum / median of {options.rounds} rounds")
    print(f"{'model':12} {'B':>4} {'T':>5} {'seqc':>19} {'PyTorch':>19} {'ratio':>7}")
    for model, batch, length in SHAPES:
        call, rounds = peer(model, batch, length), []
        with torch.no_grad():
            for _ in range(options.rounds):
                rounds.append((*time_seqc(options.seqc, model, batch, length), *time_peer(call, options.seconds)))
        ours, our_median, theirs, their_median = zip(*rounds)
        pairs = (min(ours), statistics.median(our_median)), (min(theirs), statistics.median(their_median))
        columns = " ".join(f"{low:9.3f}/{median:9.3f}" for low, median in pairs)
        print(f"{model:12} {batch:4} {length:5} {columns} {pairs[1][0] / pairs[0][0]:6.2f}x", flush=True)


if __name__ == "__main__":
    main()
