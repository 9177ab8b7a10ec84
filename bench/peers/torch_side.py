"""PyTorch as a side of bench/run: inference without gradients, denormal numbers flushed to zero, a fused optimizer where there is
one, custom cells scripted. Works with any PyTorch from 1.13 on."""

import ctypes
import gc
import os
import pathlib

import lines

try:
    import torch
    import torch_models
except ImportError as error:
    lines.say({"skip": str(error)})
    raise SystemExit

# Scripts are compiled anew in each of their first four calls.
WARM_CALLS = 5
# Steps of the memory's measure: the first makes whatever is kept.
MEMORY_STEPS = 3


def status(name):
    """A number of bytes from the process's status."""
    for line in pathlib.Path("/proc/self/status").read_text().splitlines():
        if line.startswith(name + ":"):
            return 1024 * int(line.split()[1])
    raise RuntimeError(f"the system does not tell {name}")


def optimizer_of(made):
    # A single layer's text says SGD.
    parameters = list(made.module.parameters())
    return torch_models.adam(parameters) if hasattr(made, "loss") else torch.optim.SGD(parameters, lr=0)


def step_of(made):
    optimizer = optimizer_of(made)

    def step():
        optimizer.zero_grad(set_to_none=True)
        made.backward()
        if made.clip:
            torch.nn.utils.clip_grad_norm_(made.module.parameters(), made.clip)
        optimizer.step()

    return step


def gradient_of(made):
    def gradient():
        made.module.zero_grad(set_to_none=True)
        made.backward()

    return gradient


def forward_of(made):
    made.module.eval()

    def forward():
        with torch.inference_mode():
            made.forward()

    return forward


def load_kernels(point):
    """Code that is read at its first use is not what a step needs."""
    step_of(torch_models.make({**point, "batch": 2, "length": 2}))()
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)


def prepare_step(point):
    load_kernels(point)
    pathlib.Path("/proc/self/clear_refs").write_text("5")
    before = status("VmRSS")
    step = step_of(torch_models.make(point))
    for _ in range(MEMORY_STEPS):
        step()
    # Inputs, weights, gradients and the optimizer's state included.
    return step, {"peak_resident_bytes": status("VmHWM") - before}


def prepare(point):
    if point["measure"] == "step":
        return prepare_step(point)
    made = torch_models.make(point)
    call = (forward_of if point["measure"] == "forward" else gradient_of)(made)
    for _ in range(WARM_CALLS if point["model"] in torch_models.CELLS else 0):
        call()
    return call, {}


def require_fast_blas():
    """A ratio to the reference BLAS, which is tens of times slower, says nothing."""
    maps = pathlib.Path("/proc/self/maps").read_text()
    if "libblas.so" in maps and "openblas" not in maps:
        lines.say({"skip": "PyTorch runs on the reference BLAS here; install libopenblas0"})
        raise SystemExit


torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
torch.set_flush_denormal(True)
require_fast_blas()
lines.answer_lines(torch.__version__, prepare)
