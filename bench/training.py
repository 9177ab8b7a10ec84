#!/usr/bin/python3
"""Times a training step of the models of examples/ that have a `train` block beside PyTorch: forward, backward, clipping and
update, on one thread, taking turns in one run; and the memory of both.

    bench/training.py [--seqc build/bin/seqc] [--rounds 5] [--seconds 1] [MODEL ...]      # Debian's python3-torch, libopenblas0

PyTorch is given what peers.py gives it. Each side runs in a process of its own; its memory is the peak of its resident size
during the steps less that just before the first (seqc: `peak_resident_bytes` of `seqc bench --training`, weights, gradients and
optimizer state included on both sides).
"""

import argparse
import json
import multiprocessing
import pathlib
import resource
import statistics
import subprocess
import time

import peers
import torch
from torch.nn import functional


def binary(results, batch):
    return functional.binary_cross_entropy_with_logits(results["logit"], torch.rand(batch).round())


def squared(results, batch):
    return functional.mse_loss(results["output"], torch.randn_like(results["output"]))


def tokens(name):
    def loss(results, batch):
        scores = results[name].flatten(0, 1)
        return functional.cross_entropy(scores, torch.randint(scores.shape[1], scores.shape[:1]))

    return loss


# The loss of each model, and what bounds the norm of its gradient.
LOSSES = {
    "sentiment": (binary, 5),
    "sentiment_gru": (binary, 5),
    "sentiment_attention": (binary, 5),
    "time_series": (squared, 0),
    "encoder_decoder": (tokens("output"), 1),
    "encoder_decoder_of_words": (tokens("output"), 1),
    "language_model": (tokens("scores"), 0),
}


def resident():
    return 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def train_in_torch(name, batch, length, seconds, results):
    """Sends minimum and median in milliseconds, and bytes."""
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    loss_of, clip = LOSSES[name]
    module = peers.PEERS[name].module().train()
    optimizer = torch.optim.Adam(module.parameters(), lr=1e-3)
    inputs = {}
    for key, (dim, size, *kind) in module.inputs.items():
        shape = (batch, length) if dim else (batch,)
        inputs[key] = torch.randint(size, shape) if kind else torch.randn(*shape, size)
    lengths = {dim: None for dim, *_ in module.inputs.values()}
    before, times = resident(), []
    end = time.perf_counter() + seconds
    while len(times) < 3 or time.perf_counter() < end:
        start = time.perf_counter()
        optimizer.zero_grad()
        loss_of(module(inputs, lengths, None), batch).backward()
        if clip:
            torch.nn.utils.clip_grad_norm_(module.parameters(), clip)
        optimizer.step()
        times.append(1e3 * (time.perf_counter() - start))
    results.put((min(times[1:]), statistics.median(times[1:]), resident() - before))


def time_torch(*arguments):
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    process = context.Process(target=train_in_torch, args=(*arguments, results))
    process.start()
    found = results.get()
    process.join()
    return found


def time_seqc(seqc, name, batch, length):
    peer = peers.PEERS[name]
    command = [seqc, "bench", "--training", peers.ROOT / f"examples/{peer.program}.seq", *peer.options]
    command += ["--batch", batch, "--length", length, "--threads", 1, "--json"]
    return json.loads(subprocess.run(list(map(str, command)), check=True, stdout=subprocess.PIPE).stdout)


def compare(name, batch, length, options):
    ours, theirs = [], []
    for _ in range(options.rounds):
        ours.append(time_seqc(options.seqc, name, batch, length))
        theirs.append(time_torch(name, batch, length, options.seconds))
    step = min(each["step_ms_min"] for each in ours)
    median = statistics.median(each["step_ms_median"] for each in ours)
    lows, medians, memory = zip(*theirs)
    share = max(each["share_of_peak_backward"] for each in ours)
    compiling = min(each["compile_ms"] for each in ours)
    megabytes = [min(sizes) / 1e6 for sizes in ([each["peak_resident_bytes"] for each in ours], memory)]
    print(
        f"{name:24} {batch:4} {length:5} {step:9.2f}/{median:9.2f} {min(lows):9.2f}/{statistics.median(medians):9.2f} "
        f"{min(lows) / step:6.2f}x {share:6.1%} {compiling:8.0f} {megabytes[0]:8.1f} {megabytes[1]:8.1f}",
        flush=True,
    )


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seqc", default=peers.ROOT / "build/bin/seqc", type=pathlib.Path)
    options.add_argument("models", nargs="*", metavar="MODEL", help="all where none is named: " + ", ".join(LOSSES))
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--seconds", type=float, default=1, help="of PyTorch in each round")
    options = options.parse_args()
    peers.require_fast_blas()
    print(f"{peers.cpu_name()}; PyTorch {torch.__version__}; 1 thread; ms, minimum / median of {options.rounds} rounds")
    print(
        f"{'model':24} {'B':>4} {'T':>5} {'seqc':>19} {'PyTorch':>19} {'ratio':>7} {'bwd':>6} {'compile':>8} "
        f"{'MB seqc':>8} {'PyTorch':>8}"
    )
    for name in options.models or LOSSES:
        for batch, length in peers.SHAPES.get(name, [(32, 50), (1, 50)]):
            compare(name, batch, length, options)


if __name__ == "__main__":
    main()
