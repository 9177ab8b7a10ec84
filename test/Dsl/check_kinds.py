"""Every kind of diagnostic has a test that quotes it and a heading: check_kinds.py SOURCE_DIR.

Quoted means: a file below test/Dsl with a CHECK line `error: ... [kind]`, or `warning: ... [kind]`, as its severity is."""

import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
declared = re.findall(r'^(DIAGNOSTIC|WARNING)\(\w+, "([^"]+)"', (root / "dsl/Diagnostics.def").read_text(), re.M)
severities = {kind: "warning" if macro == "WARNING" else "error" for macro, kind in declared}
headings = re.findall(r"^### (\S+)$", (root / "dsl/ERRORS.md").read_text(), re.M)
quoted = set()
for path in [*(root / "test/Dsl").rglob("*.seq"), *(root / "test/Dsl").rglob("*.test")]:
    quoted.update(re.findall(r"CHECK(?:-NEXT)?:.*: (error|warning): .*\[([a-z0-9-]+)\]$", path.read_text(), re.M))

faults = [f"{kind}: no test quotes it" for kind, severity in severities.items() if (severity, kind) not in quoted]
faults += [f"{kind}: no heading in dsl/ERRORS.md" for kind in severities if kind not in headings]
faults += [f"{heading}: in dsl/ERRORS.md but not a kind" for heading in headings if heading not in severities]
faults += [] if severities else ["no kinds found"]
print("\n".join(faults))
sys.exit(bool(faults))
