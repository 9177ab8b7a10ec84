"""What happens to the entries of a cache of compiled code.

entries.py count N FOLDER          the folder has N entries, and nothing half written
entries.py spoil HOW FOLDER        each entry is made another file: empty, cut, longer, flipped (a bit of the code),
                                   header (a bit of it), swapped (two entries change places), link (to a copy)
"""
import pathlib
import sys


def entries(folder):
    return sorted(p for p in pathlib.Path(folder).glob("llvmcache-*"))


def flip(data, at):
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def spoil(how, path):
    data = path.read_bytes()
    if how == "link":
        kept = path.with_name("copy-of-" + path.name)
        kept.write_bytes(data)
        kept.chmod(0o600)
        path.unlink()
        path.symlink_to(kept.name)
        return
    made = {
        "empty": lambda: b"",
        "cut": lambda: data[:-1],
        "longer": lambda: data + b"\0",
        "flipped": lambda: flip(data, len(data) * 2 // 3),
        "header": lambda: flip(data, 8),
    }
    path.write_bytes(made[how]())


command, what, folder = sys.argv[1:]
if command == "count":
    found = [p.name for p in entries(folder)]
    if len(found) != int(what) or any(".tmp." in name for name in found):
        sys.exit(f"{len(found)} entries: {found}")
elif what == "swapped":
    first, second = entries(folder)
    contents = first.read_bytes(), second.read_bytes()
    second.write_bytes(contents[0])
    first.write_bytes(contents[1])
else:
    for path in entries(folder):
        spoil(what, path)
