"""Gradients of all models in files: check_gradients.py SEQC SEQ-CHECK-GRADIENT [OPTION...] FILE|FOLDER...

Each model's program of one sample is differentiated, and the interpreter's gradients are held against central differences.
A comment `// gradient OPTION...` before a model gives the check options of its own.
"""

import os
import re
import subprocess
import sys

MODEL = re.compile(r"^(?:// gradient (?P<options>.*)\n)?model (?P<name>\w+).*", re.MULTILINE)
# Large vocabularies only take time.
SIZES = {"V": 11, "In": 7, "Out": 9}


def files_in(paths):
    for path in paths:
        if not os.path.isdir(path):
            yield path
            continue
        for name in sorted(os.listdir(path)):
            if name.endswith(".seq"):
                yield os.path.join(path, name)


def main():
    seqc, checker, *rest = sys.argv[1:]
    options = [each for each in rest if each.startswith("--")]
    checked, failed = 0, 0
    for path in files_in(each for each in rest if not each.startswith("--")):
        with open(path) as file:
            text = file.read()
        for model in MODEL.finditer(text):
            command = [seqc, "emit", "--until=seq", path, "--model", model["name"]]
            command += [word for name, size in SIZES.items() if re.search(rf"\b{name} = \d", model[0])
                        for word in ("--set", f"{name}={size}")]
            program = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
            own = (model["options"] or "").split()
            checked += 1
            if subprocess.run([checker, *options, *own], input=program).returncode:
                print(f"{path}: model {model['name']}: its gradient is wrong", file=sys.stderr)
                failed += 1
    print(f"the gradients of {checked} models are right")
    return failed or not checked


if __name__ == "__main__":
    sys.exit(main())
