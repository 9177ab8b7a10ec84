"""The machine: what it is called, and what bench/peak.cpp measured of it."""

import json
import pathlib
import shutil
import subprocess

from . import places

# An instruction takes the place of a fused multiply-add, which counts as two operations.
OPERATIONS = 2


class Machine:
    """`peaks`: what `peak` prints, by the number of threads."""

    def __init__(self, peaks):
        self.peaks = peaks

    def flops(self, threads):
        return 1e9 * self.peaks[str(threads)]["gflops"]

    def elementwise_seconds(self, instructions, threads):
        """Of vector instructions, counted in elements."""
        return OPERATIONS * instructions / self.flops(threads)

    def reading_seconds(self, size, threads):
        """Of `size` bytes that are read over and over, shared among the threads. A set in memory is read as fast as the fastest
        that is at least as large: the level that holds it, without the noise of one measurement."""
        rates = {int(held): rate for held, rate in self.peaks[str(threads)]["read_gbps"].items()}
        part = min(size / threads, max(rates))
        return size / (1e9 * max(rate for held, rate in rates.items() if held >= part))

    def barrier_seconds(self, threads):
        return 1e-6 * self.peaks[str(threads)]["barrier_us"] if threads > 1 else 0

    def best_of(self, other):
        """Of two measurements, for whatever else runs takes from both."""
        both = {threads: better(mine, other.peaks[threads]) for threads, mine in self.peaks.items() if threads in other.peaks}
        return Machine({**other.peaks, **self.peaks, **both})


def better(one, other):
    reads = {size: max(rate, other["read_gbps"][size]) for size, rate in one["read_gbps"].items()}
    return {
        "gflops": max(one["gflops"], other["gflops"]),
        "read_gbps": reads,
        "barrier_us": min(one["barrier_us"], other["barrier_us"]),
    }


def compiler():
    found = next((name for name in ("clang++-22", "c++", "g++", "clang++") if shutil.which(name)), None)
    if not found:
        raise RuntimeError("there is no C++ compiler")
    return found


def compile_program(source, program, *options, compiler_name=None):
    """Where it is older than its source and the headers beside that."""
    newest = max(path.stat().st_mtime for path in [source, *source.parent.glob("*.h")])
    if program.exists() and program.stat().st_mtime > newest:
        return program
    program.parent.mkdir(parents=True, exist_ok=True)
    command = [compiler_name or compiler(), "-O3", "-march=native", "-std=c++17", "-pthread", str(source), *options, "-o", str(program)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise RuntimeError(next((line for line in done.stdout.splitlines() if "error" in line), done.stdout.strip()))
    return program


def measure(threads):
    """Peaks for each of these numbers of threads."""
    program = compile_program(places.BENCH / "peak.cpp", places.WORK / "peak", "-mprefer-vector-width=512")
    found = subprocess.run([program, *map(str, threads)], check=True, stdout=subprocess.PIPE).stdout
    return Machine(json.loads(found))


def cpu_info():
    """The first processor's entries of /proc/cpuinfo."""
    first = pathlib.Path("/proc/cpuinfo").read_text().split("\n\n")[0].splitlines()
    return {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in first)}


def cpu_name():
    info = cpu_info()
    kind = f"family {info.get('cpu family', '?')} model {info.get('model', '?')}"
    return f"{info.get('model name', 'unknown CPU')} ({kind})"


def has_avx512():
    return "avx512f" in cpu_info().get("flags", "").split()


def commit():
    found = subprocess.run(
        ["git", "-C", str(places.ROOT), "describe", "--always", "--dirty"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    return found.stdout.strip() or "unknown"
