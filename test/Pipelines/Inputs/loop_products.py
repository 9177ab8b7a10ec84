"""What is multiplied at each step of a model's loops: loop_products.py FILE MODEL [PHASE], after `fused` if not told otherwise.

For each loop of @main, in order, the widths of its contractions, [columns of the result]. Fails where work in a loop does
not wait for its state: it should have been done before.
"""

import re
import subprocess
import sys

# What takes no time, or is an address: it may stand wherever it is read.
COPIES = {"seq.slice", "seq.broadcast", "seq.concat", "seq.at", "seq.transpose", "seq.mask", "arith.constant", "tensor.dim"}


class Loop:
    """A scan's body, line by line: what of it waits for the state."""

    def __init__(self, name, body, states):
        arguments = re.findall(r"(%\w+): ", body)
        first = len(re.search(r"sequences\((.*?) :", name)[1].split(","))
        self.waiting = set(arguments[first:first + states])
        self.products, self.faults = [], []

    def read(self, line):
        match = re.match(r"(%\w+)(?::\d+)? = ([\w.]+)(.*)", line)
        if not match:
            return
        result, op, rest = match.groups()
        waits = any(value in self.waiting for value in re.findall(r"%\w+", rest))
        if waits:
            self.waiting.add(result)
        if op == "seq.contract":
            self.products.append(re.search(r"-> tensor<([^>]*)xf32>", rest)[1])
        if not waits and op not in COPIES:
            self.faults.append(line)


def loops(program):
    main = re.search(r"func\.func @main.*?^  }", program, re.DOTALL | re.MULTILINE)[0]
    open_loops, header = [], None
    for line in map(str.strip, main.splitlines()):
        if " = seq.scan" in line:
            if open_loops:
                open_loops[-1].read(line)
            header = line
        elif header:
            states = len(re.search(r"states\((.*?) :", header)[1].split(","))
            open_loops.append(Loop(header, line, states))
            header = None
        elif open_loops and line.startswith("seq.yield"):
            yield open_loops.pop()
        elif open_loops:
            open_loops[-1].read(line)


path, model, phase = (sys.argv[1:] + ["fused"])[:3]
command = ["seqc", "emit", path, "--model", model, f"--until={phase}"]
program = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
failures = count = 0
for loop in loops(program):
    count += 1
    print(f"{model}: {len(loop.products)} in a loop:", ", ".join(f"[{product}]" for product in loop.products))
    failures += len(loop.faults)
    for fault in loop.faults:
        print(f"does not wait for the state: {fault}")
sys.exit(failures > 0 or count == 0)
