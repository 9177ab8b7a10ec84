"""Random cells and models, compiled and interpreted: random_programs.py SEQC COUNT [FIRST_SEED].

Each seed makes a program, weights (by seqc's own seed), and a ragged batch whose padding is NaN. The compiled model must
give the interpreter's numbers with one worker, and the same bits with three. Prints the program of a seed that fails.
"""

import os
import random
import subprocess
import sys
import tempfile

from safetensors_file import integers, numbers, read, write

UNARY = ["tanh", "sigmoid", "relu", "abs", "softplus", "exp", "-"]
BINARY = ["+", "-", "*"]


class Program:
    """Text of a random program. Values stay near one: products and exponentials are squashed."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.width, self.hidden = self.random.choice([1, 3, 8, 17]), self.random.choice([1, 5, 16, 33])

    def pick(self, items):
        return self.random.choice(items)

    def elementwise(self, leaves, depth):
        if depth == 0 or self.random.random() < 0.2:
            return self.pick(leaves)
        kind = self.random.random()
        inner = lambda: self.elementwise(leaves, depth - 1)
        if kind < 0.35:
            op = self.pick(UNARY)
            return f"tanh(exp({inner()}))" if op == "exp" else f"({op}{inner()})" if op == "-" else f"{op}({inner()})"
        if kind < 0.45:
            return f"where({inner()} > {inner()}, {inner()}, {inner()})"
        if kind < 0.55:
            return f"{self.pick(['min', 'max'])}({inner()}, {inner()})"
        if kind < 0.62:
            return f"({inner()} / (1 + abs({inner()})))"
        return f"tanh({inner()} {self.pick(BINARY)} {inner()})"

    def moved(self, state):
        """What a step makes of a whole state."""
        size = self.pick([1, 2, 3])
        return self.pick([
            f"shift({state}, {self.pick([-2, -1, 1, 40])}, over = H, fill = {self.pick([0, 0.5])})",
            f"tanh(cumsum({state}, over = H))",
            f"max(windows({state}, {size}, over = H, before = {size - 1}), over = {size})",
            f"reshape(transpose(reshape({state}, 1, H), H, 1), H)"])

    def cell(self, name):
        states = ["h", "c", "s"][: self.random.randint(1, 3)]
        gates = self.random.randint(1, 4)
        lines = [f"cell {name}[I, H](x: f32[I]) -> f32[H] {{"]
        form = self.pick(["joined", "concatenated", "separate"])
        if form == "joined":
            lines += [f"  param W: f32[{gates}*H, I] ~ uniform(1 / sqrt(I))", f"  param b: f32[{gates}*H] ~ uniform(1)",
                      f"  param U: f32[{gates}*H, H] ~ uniform(1 / sqrt(H))"]
        elif form == "concatenated":
            lines += [f"  use gates = Linear[I + H, {gates}*H]"]
        else:
            for gate in range(gates):
                lines += [f"  param W{gate}: f32[H, I] ~ uniform(1 / sqrt(I))",
                          f"  param U{gate}: f32[H, H] ~ uniform(1 / sqrt(H))"]
        lines += [f"  param k: f32[H] ~ uniform(1)"]
        initial = {"h": "0", "c": self.pick(["0", "0.5", "k"]), "s": "tanh(k)"}
        lines += [f"  state {state}: f32[H] = {initial[state]}" for state in states]
        read = self.pick(states)
        if form == "separate":
            lines += [f"  let g{gate} = W{gate} @ x + U{gate} @ {read}" for gate in range(gates)]
        else:
            whole = f"W @ x + b + U @ {read}" if form == "joined" else f"gates(concat(x, {read}))"
            names = ", ".join(f"g{gate}" for gate in range(gates))
            lines += [f"  let {names} = " + (f"split({whole}, {gates})" if gates > 1 else whole)]
        lines += [f"  let moved = {self.moved(self.pick(states))}"]
        leaves = [f"g{gate}" for gate in range(gates)] + states + ["k", "moved"]
        order = states[:]
        self.random.shuffle(order)
        lines += [f"  {state} = tanh({self.elementwise(leaves, 3)})" for state in order]
        return "\n".join(lines + [f"  return {self.elementwise(states + ['k'], 2)}", "}"])

    def model(self):
        both = self.pick([True, False])
        options = [f"layers = {self.random.randint(2, 3)}"] if self.random.random() < 0.4 else []
        options += ["bidirectional"] if both else ["reverse"] if self.random.random() < 0.3 else []
        out = "2 * H" if both else "H"
        size, stride, before, after = self.pick([1, 2, 3, 5]), self.pick([2, 3]), self.pick([0, 1, 4]), self.pick([0, 1, 2])
        cut = f"windows(outputs, {size}, over = T, stride = {stride}, before = {before}, after = {after})"
        by, place = self.pick([-3, -1, 1, 2, 9]), self.pick(["positions(T, below = 9)", "shift(text, 1, over = T, fill = 0)"])
        results = {
            "shifted": (f"f32[T, {out}]", f"shift(outputs, {by}, over = {self.pick(['T', out])}, fill = {self.pick([0, -1])})"),
            "running": (f"f32[T, {out}]", f"tanh(cumsum(outputs, over = {self.pick(['T', out])}))"),
            "turned": (f"f32[{out}, T]", f"transpose(tanh(outputs), {out}, T)"),
            "cut": (f"f32[T, 1, {out}]", f"reshape(outputs * outputs, T, 1, {out})"),
            "placed": ("f32[T, 3]", f"table[{place}] * sin(positions(T))"),
            "hot": ("f32[T, 3]", f"tanh(one_hot({place}) @ table)"),
            "shown": (f"f32[T, {out} + 9]", f"concat(outputs, one_hot({place}))"),
            "counted": ("f32[T]", f"where(text * 2 + {place} >= 11, 1, -1)"),
            "itself": ("f32[T, T]", "for o in outputs { softmax(memory @ o, over = S) }"),
            "grid": (f"f32[T, {size}, T]", f"windows(memory @ transpose(outputs, {out}, T), {size}, over = S, after = {size - 1})"),
            "own": ("f32[T, 3]", "for t in text { (for w in one_hot(text) { fc(outputs[0]) * w[0] })[0] + table[t] }"),
            "outputs": (f"f32[T, {out}]", "outputs"),
            "lifted": ("f32[T, 3]", "fc(outputs)"),
            "pooled": (f"f32[{out}]", f"{self.pick(['sum', 'mean', 'max', 'min'])}(outputs, over = T)"),
            "weights": ("f32[T]", "softmax(fc(outputs) @ q, over = T)"),
            "context": (f"f32[{out}]", "sum(softmax(fc(outputs) @ q, over = T) * outputs, over = T)"),
            "last": (f"f32[{out}]", f"outputs[{self.pick([0, -1])}]"),
            "column": ("f32[T]", "fc(outputs) @ q + q[1]"),
            "joined": (f"f32[T, {out} + I]", "concat(outputs, x)"),
            "mapped": ("f32[T, 3]", "for o in outputs { tanh(fc(o)) * q }"),
            "paired": (f"f32[T, {out} + I]", "for o, y in outputs, x { concat(o, y) }"),
            "frames": (f"f32[N, {out}]", f"sum({cut}, over = {size})"),
            "peaks": (f"f32[T, {out}]", f"max(windows(outputs, {size}, over = T, before = {size - 1}), over = {size})"),
            "both": (f"f32[T, {out}]", f"{self.elementwise(['outputs', 'tanh(outputs)'], 2)}"),
        }
        names = self.random.sample(sorted(results), self.random.randint(1, 4))
        signature = ", ".join(f"{name}: {results[name][0]}" for name in names)
        values = ", ".join(results[name][1] for name in names)
        arguments = ", ".join(["C[I, H]"] + options)
        return "\n".join([
            f"model M[I = {self.width}, H = {self.hidden}](x: f32[T, I], q: f32[3], text: token<9>[T]) -> ({signature}) {{",
            f"  use r = recurrent({arguments})", f"  use fc = Linear[{out}, 3]",
            "  param table: f32[9, 3] ~ uniform(1)", "  let outputs, _ = r(x)",
            f"  let memory: f32[S, {out}] = outputs", f"  return {values}", "}"])

    def text(self):
        return self.cell("C") + "\n\n" + self.model() + "\n"


def inputs(program, path):
    draw = program.random
    batch, length = draw.choice([1, 2, 5, 19]), draw.choice([1, 2, 7])
    lengths = [draw.randint(1, length) for _ in range(batch)]
    x = [draw.uniform(-1, 1) if t < lengths[row] else float("nan")
         for row in range(batch) for t in range(length) for _ in range(program.width)]
    q = [draw.uniform(-1, 1) for _ in range(3 * batch)]
    text = [draw.randrange(9) if t < lengths[row] else -1 for row in range(batch) for t in range(length)]
    write(path, {"text": integers([batch, length], text), "x": numbers([batch, length, program.width], x), "q": numbers([batch, 3], q),
                 "x.lengths": integers([batch], lengths)})


def fault(seqc, seed, folder):
    program = Program(seed)
    text = program.text()
    model, x = os.path.join(folder, "model.seq"), os.path.join(folder, "x.safetensors")
    with open(model, "w", encoding="utf-8") as file:
        file.write(text)
    inputs(program, x)
    outputs = []
    for number, options in enumerate([["--reference"], ["--threads", "1"], ["--threads", "3"]]):
        y = os.path.join(folder, f"y{number}.safetensors")
        run = subprocess.run([seqc, "run", model, "--inputs", x, "--outputs", y, "--seed", str(seed), *options],
                             capture_output=True, text=True)
        if run.returncode:
            return f"{options}: {run.stderr}\n{text}"
        outputs.append(y)
    if open(outputs[1], "rb").read() != open(outputs[2], "rb").read():
        return f"three workers give other bits\n{text}"
    expected, actual = read(outputs[0]), read(outputs[1])
    for name, values in expected.items():
        for place, ((want,), (have,)) in enumerate(zip(values, actual[name], strict=True)):
            if not abs(have - want) <= 2e-5 + 2e-5 * abs(want):
                return f"{name}[{place}] is {have}, the interpreter gives {want}\n{text}"
    return None


def main():
    seqc, count = sys.argv[1], int(sys.argv[2])
    first = int(sys.argv[3]) if len(sys.argv) > 3 else 0
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(first, first + count):
            found = fault(seqc, seed, folder)
            if found:
                failures += 1
                print(f"== seed {seed}: {found}")
    print(f"{count - failures} of {count} programs agree")
    return failures > 0


if __name__ == "__main__":
    sys.exit(main())
