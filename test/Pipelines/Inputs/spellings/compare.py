"""One compute function from several spellings: compare.py FOLDER NAME...

Prints @main of the first after `fused`, without the names of its arguments and results; fails, with the difference, where
another has a different one.
"""

import difflib
import pathlib
import re
import subprocess
import sys


def compute_function(path):
    program = subprocess.run(["seqc", "emit", path, "--until=fused"], check=True, stdout=subprocess.PIPE, text=True).stdout
    main = re.search(r"^  func\.func @main.*?^  }", program, re.DOTALL | re.MULTILINE)[0]
    return re.sub(r'seq\.(state|input) = "[^"]*"', r"seq.\1", main)


folder = pathlib.Path(__file__).parent / sys.argv[1]
first, *others = sys.argv[2:]
expected = compute_function(folder / f"{first}.seq")
print(expected)
failures = 0
for name in others:
    actual = compute_function(folder / f"{name}.seq")
    if actual != expected:
        failures += 1
        print(f"{name}: another compute function than {first}")
        print("\n".join(difflib.unified_diff(expected.splitlines(), actual.splitlines(), first, name, lineterm="")))
sys.exit(failures > 0)
