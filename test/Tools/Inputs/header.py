"""Prints the tensors and the metadata of a .safetensors file, a line for each, in the order of their names."""

import json
import struct
import sys

with open(sys.argv[1], "rb") as file:
    (length,) = struct.unpack("<Q", file.read(8))
    header = json.loads(file.read(length))
metadata = header.pop("__metadata__", {})
for name, tensor in sorted(header.items()):
    print(name, tensor["dtype"], tensor["shape"])
for name, text in sorted(metadata.items()):
    print(name, text)
