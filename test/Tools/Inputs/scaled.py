"""scaled.py FILE OTHER FACTOR: the gradients of OTHER are those of FILE, times FACTOR, to a thousandth of the largest."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "EndToEnd"))
from safetensors_file import load


def gradient(path):
    data = next(data for name, (_, _, data) in load(path).items() if name.endswith("gradient"))
    return struct.unpack(f"<{len(data) // 4}f", data)


ours, theirs, factor = gradient(sys.argv[1]), gradient(sys.argv[2]), float(sys.argv[3])
most = max(map(abs, ours))
assert most > 0
for a, b in zip(ours, theirs):
    assert abs(a - b / factor) <= 1e-3 * most, (a, b / factor)
