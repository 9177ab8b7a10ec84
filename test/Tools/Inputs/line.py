"""The training step of model Line (train.seq) once more, in plain Python.

line.py FILE WEIGHTS INPUTS    FILE is what `seqc step` wrote: loss, metrics, gradients and weights are right
"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "EndToEnd"))
from safetensors_file import load, read

written, weights, inputs = (read(path) for path in sys.argv[1:4])
numbers = {name: [v[0] for v in values] for name, values in {**weights, **inputs}.items()}
steps = load(sys.argv[3])["target"][1][1]
lengths = [int.from_bytes(load(sys.argv[3])["x.lengths"][2][8 * i:8 * i + 8], "little") for i in range(3)]
w, b = numbers["fc.weight"], numbers["fc.bias"][0]

errors, dw, db = [], [0.0, 0.0], 0.0
for sample, length in enumerate(lengths):
    for t in range(length):
        row = sample * steps + t
        x = numbers["x"][2 * row:2 * row + 2]
        error = w[0] * x[0] + w[1] * x[1] + b - numbers["target"][row]
        errors.append(error)
        dw = [g + 2 * error * v for g, v in zip(dw, x)]
        db += 2 * error

count = len(errors)
gradient = [g / count for g in (*dw, db)]
norm = sum(g * g for g in gradient) ** 0.5
scale = 0.1 * min(1, 1 / (norm + 1e-6))
mean = sum(e * e for e in errors) / count
expected = {
    "loss": [mean], "rmse": [mean ** 0.5], "mae": [sum(map(abs, errors)) / count],
    "fc.weight.gradient": gradient[:2], "fc.bias.gradient": gradient[2:],
    "fc.weight": [v - scale * g for v, g in zip(w, gradient)], "fc.bias": [b - scale * gradient[2]],
}
assert written.keys() == expected.keys(), sorted(written)
for name, values in expected.items():
    found = [v[0] for v in written[name]]
    assert all(abs(f - v) < 1e-5 for f, v in zip(found, values)), (name, found, values)
