"""No name leaves a trace in code: check_names.py SEQC OBJCOPY LIBRARY_FOLDER FOLDER...

Every model of the folders' .seq files, with the library's text behind it, is built as it is, and with every name changed that
somebody chose: of cells, layers, functions, instances, parameters, states, arguments, results, dimensions, locals. The model
keeps its own, which is that of the C function. A name becomes another of its length, for messages of compiled code name
lines and columns. The bytes of .text must be the same.
"""

import itertools
import pathlib
import re
import string
import subprocess
import sys
import tempfile

TOKEN = re.compile(r'(?P<skip>\s+|//[^\n]*)|(?P<name>[A-Za-z_]\w*)|(?P<other>\d[\w.]*(?:[eE][+-]?\d+)?|"[^"\n]*"|->|.)', re.DOTALL)
# Words to which the language gives a meaning in places, and that somebody may choose as names in others.
FIELDS = {"forward", "backward"}
# Arguments of built-in functions: who chooses one as a name keeps it.
ARGUMENTS = {"after", "before", "below", "by", "dimension", "fill", "over", "parts", "rate", "size", "stride"}


def is_keyword(spelling, following):
    """A direction unless it is declared; `token<`, while `token` is a name like any other."""
    return (spelling in FIELDS and following != ":") or (spelling == "token" and following == "<")


def tokenize(text):
    """(kind, spelling), blanks and comments among them."""
    return [(match.lastgroup, match[0]) for match in TOKEN.finditer(text)]


def without_definitions(library, text):
    """The library's text without what the file defines itself."""
    own = set(re.findall(r"^(?:cell|layer|fn|model) (\w+)", text, re.MULTILINE))
    parts = re.split(r"(?m)^(?=cell |layer |fn )", library)
    return "".join(part for part in parts if re.match(r"\w+ (\w+)|", part)[1] not in own)


def with_imports(path):
    """A file's text, with that of the files that it names in their place, and without `train` blocks: nothing is built of
    them, and their settings are names like any other elsewhere."""
    def inline(match):
        return with_imports(path.parent / match[1])
    text = re.sub(r"^train .*?^}\n", "", path.read_text(), flags=re.MULTILINE | re.DOTALL)
    return re.sub(r'^import "([^"]*)"', inline, text, flags=re.MULTILINE)


def declared_names(tokens):
    """Every name that a declaration brings in."""
    words = [spelling for kind, spelling in tokens if kind != "skip"]
    names = set()
    for at, word in enumerate(words):
        if word in ("cell", "layer", "fn", "param", "state", "use"):
            names.add(words[at + 1])
        if word in ("let", "for"):
            names.update(itertools.takewhile(lambda word: word not in ("=", ":", "in"), words[at + 1:]))
        # Dimensions stand in brackets: of a definition, of a type.
        if word in ("cell", "layer", "fn", "model") or word in ("f32", "bool", "token"):
            at += word in ("cell", "layer", "fn", "model")
            names.update(bracketed(words, at + 1))
        if words[at + 1:at + 2] == [":"]:
            names.add(word)
    return {name for name in names if re.fullmatch(r"[A-Za-z]\w*|_\w+", name)}


def bracketed(words, at):
    """The words in the brackets that begin at `at`: `<V>[T, 2*H]`."""
    end = at
    while end < len(words) and words[end] in ("<", "["):
        end = words.index(">" if words[end] == "<" else "]", end) + 1
    return words[at:end]


def renamed(text, names):
    tokens = tokenize(text)
    spellings = [spelling for _, spelling in tokens]
    out = []
    for at, (kind, spelling) in enumerate(tokens):
        keep = kind != "name" or is_keyword(spelling, "".join(spellings[at + 1:at + 2]))
        out.append(spelling if keep else names.get(spelling, spelling))
    return "".join(out)


def fresh_names(length, taken):
    """Names that nobody has."""
    letters = string.ascii_letters
    for start in letters:
        for rest in itertools.product(letters if length < 4 else "qQ", repeat=length - 1):
            name = start + "".join(rest)
            if name not in taken:
                yield name


def new_names(tokens, models):
    """Other names of the same lengths, first in the alphabet what was last: those of others, and some that nobody had."""
    words = {spelling for kind, spelling in tokens if kind == "name"}
    old = declared_names(tokens) - models - ARGUMENTS
    result = {}
    for length in sorted(set(map(len, old))):
        own = sorted(name for name in old if len(name) == length)
        fresh = fresh_names(length, words | result.keys())
        pool = sorted([name for name in own[1:] if not is_keyword(name, "<")] + list(itertools.islice(fresh, len(own))))
        # Each gets one that is not its own.
        for name in own:
            result[name] = next(other for other in reversed(pool) if other != name)
            pool.remove(result[name])
    return result


class Builder:
    def __init__(self, seqc, objcopy, folder):
        self.seqc, self.objcopy, self.folder = seqc, objcopy, pathlib.Path(folder)

    def code(self, path, model):
        object_file, text = self.folder / "model.o", self.folder / "text"
        run = subprocess.run([self.seqc, "build", path, "--model", model, "-o", object_file], capture_output=True, text=True)
        if run.returncode:
            raise RuntimeError(f"{path}: {model}\n{run.stderr}")
        subprocess.run([self.objcopy, f"--dump-section=.text={text}", object_file], check=True)
        return text.read_bytes()

    def check(self, path, library):
        """How many models a file has, and which of them have other bytes."""
        text = with_imports(path)
        models = set(re.findall(r"^model (\w+)", text, re.MULTILINE))
        whole = text + "\n" + without_definitions(library, text)
        plain, other = self.folder / "plain.seq", self.folder / "renamed.seq"
        plain.write_text(whole)
        other.write_text(renamed(whole, new_names(tokenize(whole), models)))
        faults = [f"{path}: {model} is other code under other names" for model in sorted(models)
                  if self.code(plain, model) != self.code(other, model)]
        return len(models), faults


def main():
    seqc, objcopy, library, *folders = sys.argv[1:]
    library = "\n".join(path.read_text() for path in sorted(pathlib.Path(library).glob("*.seq")))
    count, failures = 0, []
    with tempfile.TemporaryDirectory() as scratch:
        builder = Builder(seqc, objcopy, scratch)
        for folder in folders:
            for path in sorted(pathlib.Path(folder).glob("*.seq")):
                models, faults = builder.check(path, library)
                count += models
                failures += faults
    print("\n".join(failures))
    print(f"{count} models, {len(failures)} of them differ")
    return bool(failures) or count == 0


if __name__ == "__main__":
    sys.exit(main())
