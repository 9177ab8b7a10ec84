"""Every kind of diagnostic has a test that quotes it and a heading: check_kinds.py SOURCE_DIR.

Quoted means: a file test/Dsl/**/fail_* with a CHECK line that ends in `[kind]`."""

import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
kinds = re.findall(r'^DIAGNOSTIC\(\w+, "([^"]+)"', (root / "dsl/Diagnostics.def").read_text(), re.M)
headings = re.findall(r"^### (\S+)$", (root / "dsl/ERRORS.md").read_text(), re.M)
quoted = set()
for path in (root / "test/Dsl").rglob("fail_*"):
    quoted.update(re.findall(r"CHECK(?:-NEXT)?:.*\[([a-z0-9-]+)\]$", path.read_text(), re.M))

faults = [f"{kind}: no test quotes it" for kind in kinds if kind not in quoted]
faults += [f"{kind}: no heading in dsl/ERRORS.md" for kind in kinds if kind not in headings]
faults += [f"{heading}: in dsl/ERRORS.md but not a kind" for heading in headings if heading not in kinds]
faults += [] if kinds else ["no kinds found"]
print("\n".join(faults))
sys.exit(bool(faults))
