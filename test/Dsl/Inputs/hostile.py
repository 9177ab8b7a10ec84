"""Texts that no person writes: hostile.py SEQ_FRONTEND. Each is met with exit code 0 or 1 and a message of readable length,
in time that grows with its size and no faster: the sizes are such that a quadratic step would not end in SECONDS."""

import os
import subprocess
import sys
import tempfile

SECONDS = 30
LONGEST = 20000


def fn(body, signature="(x: f32) -> f32"):
    return f"fn f{signature} {{\n{body}\n}}\n"


def names(form, count, separator=", "):
    return separator.join(form.format(i) for i in range(count))


def model(body):
    return f"model M[H = 2](x: f32[T, H]) -> f32[T, H] {{\n{body}\n}}\n"


def chain(kind, head, first, step, count):
    """Definitions, each of which holds the one before it."""
    texts = [f"{kind} C0{head} {{\n{first}\n}}\n"]
    texts += [f"{kind} C{i}{head} {{\n{step.format(i - 1)}\n}}\n" for i in range(1, count)]
    return "".join(texts)


vector = "(x: f32[T]) -> f32[T]"
cell = "[H](x: f32[H]) -> f32[H]"
many_states = names("  state s{0}: f32[H] = 0", 900, "\n") + "\n" + names("  s{0} = x", 900, "\n") + "\n  return x"

texts = {
    # Depth, in each construct.
    "calls": fn("  return " + "tanh(" * 100000 + "x" + ")" * 100000),
    "lists": fn("  return " + "[" * 100000),
    "records": fn("  return " + "(h = " * 100000),
    "indices": fn("  return x" + "[0" * 100000),
    "powers": fn("  return " + "x^" * 100000 + "x"),
    "nots": fn("  return " + "not " * 100000 + "x"),
    "fields": fn("  return x" + ".h" * 100000),
    "dimension": fn("  return x", "(x: f32[" + "(" * 100000 + "]) -> f32"),
    "vocabulary": fn("  return x", "(x: token<" + "(" * 100000 + ">) -> f32"),
    "layers-in-layers": chain("layer", cell, "  return x", "  use a = C{0}[H]\n  return a(x)", 10000),
    # Doubling.
    "cells": chain("cell", cell, "  state h: f32[H] = 0\n  h = x\n  return h", "  use a = C{0}[H]\n  use b = C{0}[H]\n  return b(a(x))", 60)
    + model("  use c = recurrent(C59[H])\n  let all, _ = c(x)\n  return all"),
    "layers": chain("layer", cell, "  return x", "  use a = C{0}[H]\n  use b = C{0}[H]\n  return b(a(x))", 60)
    + model("  use c = C59[H]\n  return c(x)"),
    "widths": fn("  let a0 = concat(x, x)\n" + "\n".join(f"  let a{i} = concat(a{i - 1}, a{i - 1})" for i in range(1, 80)) + "\n  return a79", "(x: f32[4]) -> f32[4]"),
    # Numbers.
    "digits": fn("  return " + "9" * 100000),
    "product": "model M[A = 1000000000](x: f32[A*A*A]) -> f32[A*A*A] {\n  return x\n}\n",
    "factors": fn("  return 1", "[A](x: f32[" + "*".join(["A"] * 100) + "]) -> f32"),
    "terms": "fn f[" + names("A{0}", 100) + "](x: f32[" + names("A{0}", 100, " + ") + "]) -> f32 {\n  return 1\n}\n",
    # Many of each.
    "arguments": fn("  return 1", "(" + names("x{0}: f32[T{0}]", 20000) + ") -> f32"),
    "named-arguments": "fn g(" + names("x{0}: f32", 40000) + ") -> f32 {\n  return x0\n}\n" + fn("  return g(" + names("x{0} = x", 40000) + ")"),
    "results": fn("  return " + ", ".join(["x"] * 20000), "(x: f32) -> (" + names("y{0}: f32", 20000) + ")").replace("fn f", "fn g")
    + fn("  let " + names("y{0}", 20000) + " = g(x)\n  return y0"),
    "dimensions": fn("  return 1", "[" + names("D{0}", 5000) + "](" + names("x{0}: f32[E{0}]", 5000) + ") -> f32"),
    "axes": fn("  return x + x[0]", "[H](x: f32[" + ", ".join(["H"] * 20000) + "]) -> f32[H]"),
    "definitions": "".join(f"fn f{i}(x: f32) -> f32 {{\n  return x\n}}\n" for i in range(20000)),
    "one-name": fn("  return x") * 20000,
    "fors": fn(names("  let a{0} = for e in x {{ e }}", 50000, "\n") + "\n  return a0", vector),
    "types-of-lets": fn("  let a0 = x\n" + "\n".join(f"  let a{i}: f32[T{i}] = a{i - 1}" for i in range(1, 10000)) + "\n  return a9999", vector),
    "faults": fn("  return for e in 1 {\n" + names("  let a{0} = q{0}", 30000, "\n") + "\n  e }", vector),
    "states": f"cell C{cell} {{\n{many_states}\n}}\n" + model("  use c = recurrent(C[H])\n  let all, b = c(x)\n  return all + " + names("b.s{0}", 300, " + ")),
    "options": model("  use c = recurrent(GRU[H, H]" + ", reverse" * 20000 + ")\n  let all, _ = c(x)\n  return all"),
    "initial": model("  use c = recurrent(GRU[H, H])\n  let all, _ = c(x, initial = (" + names("h{0} = 0", 30000) + "))\n  return all"),
    # Text.
    "sixteen-mebibytes": "(" * (16 << 20),
    "lines": "\n" * (15 << 20),
    "name": "fn " + "a" * (15 << 20),
    "line": "fn f(x: f32) -> f32 { return x" + " " * (15 << 20) + "y }",
    "nul": "\0" * (1 << 20),
    "quotes": '"' * (4 << 20),
    "semicolons": ";\n" * (1 << 20),
    "unclosed": "fn f(x: f32[T]) -> f32 {\n  return for a in x {\n" * 20000,
    "no-end": "fn f(x: f32) -> f32 {\n  return (x +",
    "latin-1": b"fn f(x: f32) -> f32 {\n  return \xe9\n}\n",
    "cut-off": b"// \xe2\x82",
    "surrogate": b"// \xed\xa0\x80\n",
}

tool = sys.argv[1]
failures = []
with tempfile.TemporaryDirectory() as folder:
    for name, text in texts.items():
        path = os.path.join(folder, name + ".seq")
        with open(path, "wb") as file:
            file.write(text if isinstance(text, bytes) else text.encode())
        try:
            run = subprocess.run([tool, path], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=SECONDS)
        except subprocess.TimeoutExpired:
            failures.append(f"{name}: takes more than {SECONDS} s")
            continue
        if run.returncode not in (0, 1):
            failures.append(f"{name}: ends with {run.returncode}")
        if run.returncode == 1 and b": error: " not in run.stderr:
            failures.append(f"{name}: fails without a message")
        if len(run.stderr) > LONGEST:
            failures.append(f"{name}: says {len(run.stderr)} bytes")
        os.remove(path)
print("\n".join(failures))
sys.exit(bool(failures))
