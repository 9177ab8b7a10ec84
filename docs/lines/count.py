"""Prints docs/lines.md: lines of text for each model, in three notations.

A model is examples/NAME.seq beside NAME_torch.py and NAME_keras.py here. What counts is a line with something other than
a comment or a documenting string on it.
"""

import io
import pathlib
import tokenize

HERE = pathlib.Path(__file__).resolve().parent
EXAMPLES = HERE.parent.parent / "examples"
NOTHING = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING, tokenize.ENDMARKER}


def lines_of_seq(text):
    """Without the `train` block: the others hold no training either."""
    model = text.split("\ntrain ")[0]
    return sum(1 for line in map(str.strip, model.splitlines()) if line and not line.startswith("//"))


def lines_of_python(text):
    counted, before = set(), tokenize.NEWLINE
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type in NOTHING:
            before = before if token.type in (tokenize.COMMENT, tokenize.NL) else tokenize.NEWLINE
        elif not (token.type == tokenize.STRING and before == tokenize.NEWLINE):
            counted.update(range(token.start[0], token.end[0] + 1))
            before = token.type
    return len(counted)


def rows():
    """The smallest in `seqc` first; each cell links to its text."""
    found = []
    for path in EXAMPLES.glob("*.seq"):
        others = [HERE / f"{path.stem}_{name}.py" for name in ("torch", "keras")]
        if all(other.exists() for other in others):
            counts = [lines_of_seq(path.read_text()), *(lines_of_python(other.read_text()) for other in others)]
            targets = [f"../examples/{path.name}", *(f"lines/{other.name}" for other in others)]
            found.append((counts, path.stem, targets))
    return sorted(found)


def main():
    print("# Lines of text\n")
    print("The models of [examples/](../examples/README.md), and the same in PyTorch and in Keras: complete modules that take padded\n"
          "sequences and give what the `.seq` file gives, whatever numbers stand in the padding. Lines with code on them count, imports\n"
          "among them; comments do not. What trains, loads or runs the model stands in none of them. `scripts/gen-docs` counts;\n"
          "`lines/check.py` runs the others.\n")
    print("| model | `.seq` | PyTorch | Keras |\n|---|---:|---:|---:|")
    totals = [0, 0, 0]
    for counts, name, targets in rows():
        print(f"| `{name}` | " + " | ".join(f"[{count}]({target})" for count, target in zip(counts, targets)) + " |")
        totals = [total + count for total, count in zip(totals, counts)]
    print("| together | " + " | ".join(map(str, totals)) + " |")


if __name__ == "__main__":
    main()
