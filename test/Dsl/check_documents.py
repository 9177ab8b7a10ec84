"""Compiles, without a warning, every fenced `seq` block of documents and whole models: check_documents.py SEQ_FRONTEND FILE..."""

import os
import re
import subprocess
import sys
import tempfile

tool, *paths = sys.argv[1:]


def blocks_of(path):
    """(line, text) of each example of a document; a model is one example."""
    text = open(path, encoding="utf-8").read()
    if path.endswith(".seq"):
        return [(1, text)]
    blocks = re.finditer(r"^```seq\n(.*?)^```", text, re.S | re.M)
    return [(text[: block.start()].count("\n") + 1, block.group(1)) for block in blocks]


failures = 0
with tempfile.TemporaryDirectory() as folder:
    for path in paths:
        blocks = blocks_of(path)
        for line, text in blocks:
            copy = os.path.join(folder, f"line_{line}.seq")
            with open(copy, "w", encoding="utf-8") as file:
                file.write(text)
            phase = "seq" if "\nmodel " in "\n" + text else "check"
            run = subprocess.run([tool, f"--phase={phase}", copy], capture_output=True, text=True)
            runs = [run]
            for model in re.findall(r"^train (\w+)", text, re.M):
                step = [tool, "--phase=seq", "--training", f"--model={model}", copy]
                runs.append(subprocess.run(step, capture_output=True, text=True))
            for run in runs:
                if run.returncode or run.stderr:
                    failures += 1
                    print(f"{path}:{line}: this example is not compiled in silence\n{run.stderr}")
        if not blocks:
            failures += 1
            print(f"{path}: no example found")
sys.exit(failures > 0 or not paths)
