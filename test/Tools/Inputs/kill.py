"""Kills a training, again and again, and goes on: kill.py FOLDER [--kills N | --interrupt] -- COMMAND...

The command is given --out and, where there is a checkpoint, --resume. With --kills it is run once in peace, then once with N kills
by SIGKILL, at moments drawn by chance, and the files that are left must be the same.
"""

import pathlib
import random
import signal
import subprocess
import sys
import time

NAMES = "m.safetensors", "m.last.safetensors", "m.safetensors.ckpt"


def start(command, out):
    checkpoint = pathlib.Path(f"{out}.ckpt")
    resume = ["--resume", str(checkpoint)] if checkpoint.exists() else []
    return subprocess.Popen(
        [*command, "--out", str(out), *resume],
        stdout=subprocess.PIPE,
        text=True,
        # Whoever runs tests in the background may ignore it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def finish(process):
    text, _ = process.communicate()
    if process.returncode not in (0, -signal.SIGKILL):
        sys.exit(f"exit code {process.returncode}: {text}")
    return process.returncode == 0


def kill_often(command, folder, kills):
    peaceful, killed = folder / "peace" / NAMES[0], folder / "war" / NAMES[0]
    peaceful.parent.mkdir()
    killed.parent.mkdir()
    began = time.monotonic()
    finish(start(command, peaceful))
    took = time.monotonic() - began
    draw = random.Random(7)
    done = 0
    while done < kills:
        process = start(command, killed)
        # Some before there is anything, most on the way.
        time.sleep(draw.uniform(0, took))
        process.kill()
        done += not finish(process)
        if process.returncode == 0:
            for name in NAMES:
                (killed.parent / name).unlink()
    while not finish(start(command, killed)):
        pass
    for name in NAMES:
        if (peaceful.parent / name).read_bytes() != (killed.parent / name).read_bytes():
            sys.exit(f"{name} differs after {done} kills")
    print(f"{done} kills: the same bytes")


def interrupt(command, folder):
    out = folder / NAMES[0]
    process = start(command, out)
    # The first epoch's end: then it trains.
    print(process.stdout.readline(), process.stdout.readline(), sep="", end="")
    process.send_signal(signal.SIGINT)
    print(process.communicate()[0], end="")
    print("exit code", process.returncode)


def main(folder, mode, *rest):
    command = list(rest[rest.index("--") + 1 :])
    if mode == "--interrupt":
        interrupt(command, pathlib.Path(folder))
    else:
        kill_often(command, pathlib.Path(folder), int(rest[0]))


main(*sys.argv[1:])
