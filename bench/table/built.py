"""Programs that are compiled for a point: objects of `seqc build`, and RTNeural, whose sizes the C++ compiler knows."""

import pathlib
import shutil
import subprocess

from . import machine, places
from .work import GATES

DRIVERS = places.BENCH / "peers"


def step_program(seqc, point, text):
    """The program that calls what `seqc build` makes of the file `text`, one step a call."""
    sizes = dict(point.sizes)
    path = places.WORK / "-".join(map(str, (point.program.model, *sizes.values())))
    path.parent.mkdir(parents=True, exist_ok=True)
    command = [seqc, "build", text, "--model", point.program.model, "-o", path.with_suffix(".o")]
    command += [word for name, value in point.program.settings for word in ("--set", f"{name}={value}")]
    done = subprocess.run(list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise RuntimeError(done.stdout.strip())
    core = pathlib.Path(seqc).resolve().parent.parent / "runtime/core/libSeqcRuntimeCore.a"
    defined = {"MODEL": point.program.model, "HEADER": f'"{path.with_suffix(".h")}"', "GATES": GATES[point.parts[0].cell]}
    defined |= {"INPUTS": sizes["inputs"], "HIDDEN": sizes["hidden"]}
    options = [f"-D{name}={value}" for name, value in defined.items()]
    # The object is another one each time.
    path.unlink(missing_ok=True)
    return machine.compile_program(DRIVERS / "seqc_steps.cpp", path, f"-I{places.ROOT}", *options, str(path.with_suffix(".o")), str(core))


def rtneural_program(checkout, backend):
    """RTNeural's layers with one of its back-ends, EIGEN, XSIMD or STL; GCC makes the fastest of them."""
    checkout = pathlib.Path(checkout)
    # Of Eigen's vectors it promises no wider alignment.
    alignment = 64 if machine.has_avx512() and backend != "EIGEN" else 32
    options = [f"-DRTNEURAL_USE_{backend}=1", f"-DRTNEURAL_DEFAULT_ALIGNMENT={alignment}", "-DEIGEN_STACK_ALLOCATION_LIMIT=0", "-w"]
    folders = ["", "RTNeural", "modules/Eigen", "modules/xsimd/include"]
    options += [f"-I{checkout / folder}" for folder in folders]
    program = places.WORK / f"rtneural-{backend.lower()}"
    compiler = "g++" if shutil.which("g++") else None
    return machine.compile_program(DRIVERS / "rtneural.cpp", program, *options, compiler_name=compiler)
