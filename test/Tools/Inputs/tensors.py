"""Small .safetensors files for tests of the command line, without any package.

tensors.py write FILE NAME:SHAPE...   f32 values of a formula, as x:2,7,3;
                                      NAME:i64=4,0,7 writes these integers,
                                      NAME:i64=4,0,7,1/2,2 in this shape
tensors.py slice FILE NAME AXIS_1_BEGIN AXIS_1_END OUT   a part of a [B, T, ...]
tensors.py rows FILE BEGIN END OUT    these rows of all tensors
tensors.py near FILE FILE             all values agree within 1e-5
tensors.py print FILE                 each f32 tensor's name and values
tensors.py equal FILE FILE [BEGIN END]  same bits (of part BEGIN:END of axis 1)
"""
import math
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "EndToEnd"))
from safetensors_file import load, write


def make(spec):
    name, text = spec.split(":")
    if text.startswith("i64="):
        numbers, _, shape = text[4:].partition("/")
        values = [int(v) for v in numbers.split(",")]
        sizes = [int(v) for v in shape.split(",")] if shape else [len(values)]
        return name, ("I64", sizes, struct.pack(f"<{len(values)}q", *values))
    shape = [int(v) for v in text.split(",")]
    count = math.prod(shape)
    return name, ("F32", shape, struct.pack(f"<{count}f", *(((i * 37 + count) % 19 - 9) * 0.05 for i in range(count))))


def part(tensor, begin, end):
    dtype, (rows, steps, *rest), data = tensor
    step = len(data) // (rows * steps)
    cut = b"".join(data[(r * steps + begin) * step : (r * steps + end) * step] for r in range(rows))
    return dtype, [rows, end - begin, *rest], cut


def rows_of(tensor, begin, end):
    dtype, (rows, *rest), data = tensor
    row = len(data) // rows
    return dtype, [end - begin, *rest], data[begin * row : end * row]


def near(a, b):
    def values(t):
        return struct.unpack(f"<{len(t[2]) // 4}f", t[2])

    return a.keys() == b.keys() and all(
        a[k][1] == b[k][1] and all(abs(x - y) <= 1e-5 for x, y in zip(values(a[k]), values(b[k]))) for k in a
    )


command, *args = sys.argv[1:]
if command == "write":
    write(args[0], dict(make(spec) for spec in args[1:]))
elif command == "slice":
    write(args[4], {args[1]: part(load(args[0])[args[1]], int(args[2]), int(args[3]))})
elif command == "rows":
    begin, end = int(args[1]), int(args[2])
    write(args[3], {name: rows_of(tensor, begin, end) for name, tensor in load(args[0]).items()})
elif command == "near":
    sys.exit(not near(load(args[0]), load(args[1])))
elif command == "print":
    for name, (_, _, data) in load(args[0]).items():
        print(name, *struct.unpack(f"<{len(data) // 4}f", data))
elif command == "equal":
    a, b = load(args[0]), load(args[1])
    if len(args) > 2:
        b = {k: part(v, int(args[2]), int(args[3])) for k, v in b.items()}
    sys.exit(a != b)
