"""Reads and writes safetensors files with nothing but Python: the tests need no numpy."""

import json
import struct


def numbers(shape, values):
    return "F32", shape, struct.pack(f"<{len(values)}f", *values)


def integers(shape, values):
    return "I64", shape, struct.pack(f"<{len(values)}q", *values)


def write(path, tensors):
    header, data = {}, b""
    for name, (dtype, shape, bytes_) in tensors.items():
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [len(data), len(data) + len(bytes_)]}
        data += bytes_
    head = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(head)) + head + data)


def load(path):
    """Each tensor's element type, shape and bytes, as `write` takes them."""
    raw = open(path, "rb").read()
    (size,) = struct.unpack_from("<Q", raw)
    data = raw[8 + size:]
    header = json.loads(raw[8:8 + size])
    return {name: (entry["dtype"], entry["shape"], data[slice(*entry["data_offsets"])])
            for name, entry in header.items() if name != "__metadata__"}


def read(path):
    """Each tensor's numbers, as tuples of one; all are f32."""
    return {name: list(struct.iter_unpack("<f", data)) for name, (_, _, data) in load(path).items()}
