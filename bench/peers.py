#!/usr/bin/python3
"""Times the models of examples/ beside PyTorch: seqc and PyTorch take turns in one run, on one thread.

    bench/peers.py [--seqc build/bin/seqc] [--rounds 5] [--seconds 0.5] [MODEL ...]      # Debian's python3-torch, libopenblas0

A cell that PyTorch does not have is a Python loop over its operations there, as its users write it.

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
import cells
import convolutions
import decoders
import models
import transformers


class Peer:
    """A model of examples/ and its module in PyTorch, of the same sizes."""

    def __init__(self, program, module, settings="", model=None):
        self.program, self.module = program, module
        self.options = [option for setting in settings.split() for option in ("--set", setting)]
        self.options += ["--model", model] if model else []


def cell(model, settings="", **more):
    """A model of examples/cells.seq, 64 wide below and 128 above."""
    return Peer("cells", lambda: getattr(cells, model)(inputs=64, hidden=128, **more), "I=64 H=128 " + settings, model)


PEERS = {
    "sentiment": Peer("sentiment", lambda: models.SentimentClassifier(10000, 100, 128)),
    "sentiment_gru": Peer("sentiment_gru", lambda: models.SentimentGRU(10000, 100, 128)),
    "sentiment_attention": Peer("sentiment_attention", lambda: models.SentimentAttention(10000, 100, 128)),
    "time_series": Peer("time_series", models.TimeSeriesRNN),
    "encoder_decoder": Peer("encoder_decoder", lambda: decoders.EncoderDecoder(5000, 256, 5000)),
    "encoder_decoder_of_words": Peer(
        "encoder_decoder_of_words", lambda: decoders.EncoderDecoderOfWords(5000, 256, 5000)
    ),
    "attention": Peer("attention", lambda: decoders.Attend(256), "H=256"),
    "attentive_decoder": Peer("attentive_decoder", lambda: decoders.AttentiveDecoder(64, 128, 64), "In=64 H=128 Out=64"),
    "language_model": Peer("language_model", lambda: models.LanguageModel(10000, 256)),
    "transformer": Peer("transformer", lambda: transformers.Transformer(10000, 4, 32, 512)),
    "voice_activity": Peer("voice_activity", convolutions.VoiceActivity),
    "layer_normalised": cell("LayerNormalised"),
    "peephole": cell("Peephole"),
    "projected": cell("Projected", "P=64", projection=64),
    "coupled": cell("Coupled"),
    "minimal": cell("Minimal"),
    "dropped": cell("Dropped"),
    "two_memories": cell("TwoMemories", "M=64", slow=64),
    "reading": cell("Reading", "M=64", memory=64),
    "two_levels": cell("TwoLevels"),
}
# Batch and length, the length of every sequence.
SHAPES = dict.fromkeys(("encoder_decoder", "encoder_decoder_of_words"), [(32, 12), (1, 12)])


def require_fast_blas():
    """Debian's reference BLAS is tens of times slower: a ratio to it says nothing."""
    loaded = pathlib.Path("/proc/self/maps").read_text()
    if not any(name in loaded for name in ("openblas", "mkl")):
        sys.exit("peers.py: PyTorch runs on the reference BLAS here; install libopenblas0 (or MKL)")


def cpu_name():
    lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), "unknown CPU")


def call_of(peer, batch, length):
    """A function that runs the model once in PyTorch."""
    module = peer.module().eval()
    inputs = {}
    for name, (dim, size, *kind) in module.inputs.items():
        shape = (batch, length) if dim else (batch,)
        inputs[name] = torch.randint(size, shape) if kind else torch.randn(*shape, size)
    lengths = {dim: None for dim, *_ in module.inputs.values()}
    return lambda: module(inputs, lengths, None)


def time_peer(call, seconds):
    """Minimum and median in milliseconds, after one call that does not count."""
    call()
    times, end = [], time.perf_counter() + seconds
    while not times or time.perf_counter() < end:
        start = time.perf_counter()
        call()
        times.append(1e3 * (time.perf_counter() - start))
    return min(times), statistics.median(times)


def time_seqc(seqc, peer, batch, length):
    command = [seqc, "bench", ROOT / f"examples/{peer.program}.seq", *peer.options]
    command += ["--batch", batch, "--length", length, "--threads", 1, "--json"]
    result = json.loads(subprocess.run(list(map(str, command)), check=True, stdout=subprocess.PIPE).stdout)
    return result["run_ms_min"], result["run_ms_median"], result["compile_ms"]


def compare(name, batch, length, options):
    """Prints one line of the table."""
    peer, rounds = PEERS[name], []
    call = call_of(peer, batch, length)
    with torch.no_grad():
        for _ in range(options.rounds):
            rounds.append((*time_seqc(options.seqc, peer, batch, length), *time_peer(call, options.seconds)))
    ours, our_median, compiling, theirs, their_median = zip(*rounds)
    pairs = (min(ours), statistics.median(our_median)), (min(theirs), statistics.median(their_median))
    columns = " ".join(f"{low:9.3f}/{median:9.3f}" for low, median in pairs)
    ratio = pairs[1][0] / pairs[0][0]
    print(f"{name:24} {batch:4} {length:5} {columns} {ratio:6.2f}x {min(compiling):8.0f}", flush=True)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seqc", default=ROOT / "build/bin/seqc")
    options.add_argument("models", nargs="*", metavar="MODEL", help="all where none is named: " + ", ".join(PEERS))
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--seconds", type=float, default=0.5, help="of PyTorch in each round")
    options = options.parse_args()
    require_fast_blas()
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    print(f"{cpu_name()}; PyTorch {torch.__version__}; 1 thread; ms, minimum / median of {options.rounds} rounds")
    print(f"{'model':24} {'B':>4} {'T':>5} {'seqc':>19} {'PyTorch':>19} {'ratio':>7} {'compile':>8}")
    for name in options.models or PEERS:
        for batch, length in SHAPES.get(name, [(32, 50), (1, 50)]):
            compare(name, batch, length, options)


if __name__ == "__main__":
    main()
