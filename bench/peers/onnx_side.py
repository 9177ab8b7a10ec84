"""ONNX Runtime as a side of bench/run: every optimization, inputs and results bound, denormal numbers flushed to zero. It infers
alone. Models are exported by PyTorch (torch_export.py, run by the Python that SEQC_BENCH_EXPORTER names) and kept in build/bench unless they are large."""

import hashlib
import os
import pathlib
import subprocess

import lines

try:
    import numpy
    import onnxruntime
except ImportError as error:
    lines.say({"skip": str(error)})
    raise SystemExit

HERE = pathlib.Path(__file__).resolve().parent
# The exporter unrolls loops inside of loops.
EXPORT_SECONDS = 60
MODELS = HERE.parent.parent / "build" / "bench" / "onnx"
# Larger models are exported again instead.
KEPT_BYTES = 8 << 20
VOCABULARY = 5000  # No larger than the smallest of the models.


def exported(point):
    words = [f"{key}={value}" for key, value in sorted(point.items())]
    path = MODELS / (hashlib.sha256(" ".join(words).encode()).hexdigest()[:16] + ".onnx")
    if path.exists():
        return path
    MODELS.mkdir(parents=True, exist_ok=True)
    command = [os.environ["SEQC_BENCH_EXPORTER"], HERE / "torch_export.py", path, *words]
    try:
        done = subprocess.run(list(map(str, command)), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, timeout=EXPORT_SECONDS)
    except subprocess.TimeoutExpired as error:
        raise lines.Skip(f"not exported within {EXPORT_SECONDS} s") from error
    if done.returncode:
        raise lines.Skip("not exported: " + done.stderr.strip().splitlines()[-1])
    return path


def session_of(path):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = int(os.environ.get("OMP_NUM_THREADS", "1"))
    options.inter_op_num_threads = 1
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    options.add_session_config_entry("session.set_denormal_as_zero", "1")
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def drawn(spec):
    random = numpy.random.default_rng(1)
    if "int64" in spec.type:
        return random.integers(VOCABULARY, size=spec.shape)
    return random.standard_normal(spec.shape, dtype=numpy.float32)


def prepare(point):
    if point["measure"] != "forward":
        raise lines.Skip("it does not train")
    if "lengths" in point:
        raise lines.Skip("exported models know no lengths")
    path = exported(point)
    session = session_of(path)
    if path.stat().st_size > KEPT_BYTES:
        path.unlink()
    binding = session.io_binding()
    for spec in session.get_inputs():
        binding.bind_cpu_input(spec.name, drawn(spec))
    for spec in session.get_outputs():
        binding.bind_output(spec.name)
    return lambda: session.run_with_iobinding(binding), {}


lines.answer_lines(onnxruntime.__version__, prepare)
