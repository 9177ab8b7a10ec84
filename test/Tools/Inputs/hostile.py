"""Files that lie, are cut short or are too large, without any package.

hostile.py tensors DIR   safetensors files whose names say what is wrong
hostile.py models DIR    .seq files whose names say what is wrong
"""
import json
import os
import struct
import sys


def file(header, body=b"\0" * 32):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + body


def x(shape=(2, 4, 1), offsets=(0, 32), dtype="F32"):
    return {"x": {"dtype": dtype, "shape": shape, "data_offsets": offsets}}


TENSORS = {
    "empty": b"",
    "short": file(x())[:20],
    "cut": file(x())[:-3],
    "long-header": struct.pack("<Q", 2**63) + b"{}",
    "no-json": file(b"hello"),
    "brackets": file(b'{"x":' + b"[" * 1000000),
    "shape": file(x(shape=(2, 4, 3))),
    "negative": file(x(shape=(-2, -4, 1))),
    "overflow": file(x(shape=(2**62, 4, 1))),
    "offsets": file(x(offsets=(1000, 1032))),
    "type": file(x(dtype="Q7")),
    "nan": file(x(shape=(2, 1, 1), offsets=(0, 8)), struct.pack("<2f", float("nan"), 1)),
    "no-batch": file(x(shape=(0, 4, 1), offsets=(0, 0)), b""),
    "no-steps": file(x(shape=(2, 0, 1), offsets=(0, 0)), b""),
}
BODY = b"model M(x: f32) -> f32 { return "
MODELS = {
    "large": b"(" * 100_000_000,
    "nested": BODY + b"(" * 500_000 + b"x" + b")" * 500_000 + b" }",
    "negated": BODY + b"-" * 500_000 + b"x }",
    "sum": BODY + b"x" + b"+x" * 20_000 + b" }",
    "not-utf8": BODY + b"x } \xff\xfe",
    "empty": b"",
    "no-model": b"fn f(x: f32) -> f32 { return x }",
}

command, folder = sys.argv[1:]
for name, data in (TENSORS if command == "tensors" else MODELS).items():
    suffix = "" if command == "tensors" else ".seq"
    with open(os.path.join(folder, name + suffix), "wb") as out:
        out.write(data)
