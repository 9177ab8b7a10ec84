"""Compiles every fenced `seq` block of a document: check_documents.py SEQ_FRONTEND DOC."""

import os
import re
import subprocess
import sys
import tempfile

tool, document = sys.argv[1:]
text = open(document, encoding="utf-8").read()
blocks = list(re.finditer(r"^```seq\n(.*?)^```", text, re.S | re.M))
failures = 0
with tempfile.TemporaryDirectory() as folder:
    for block in blocks:
        line = text[: block.start()].count("\n") + 1
        path = os.path.join(folder, f"line_{line}.seq")
        with open(path, "w", encoding="utf-8") as file:
            file.write(block.group(1))
        phase = "seq" if "\nmodel " in "\n" + block.group(1) else "check"
        run = subprocess.run([tool, f"--phase={phase}", path], capture_output=True, text=True)
        if run.returncode:
            failures += 1
            print(f"{document}:{line}: this example does not compile\n{run.stderr}")
if not blocks:
    print(f"{document}: no example found")
sys.exit(failures > 0 or not blocks)
