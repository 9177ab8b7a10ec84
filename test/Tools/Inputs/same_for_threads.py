"""Runs models with one worker and with several, and compares the bytes of what they write.

same_for_threads.py PRECISION SIZES MODELS INPUTS...   SIZES as H=160,I=40; MODELS as file.seq:Model,file.seq:Model
"""
import subprocess
import sys


def run(precision, file, model, sizes, inputs, threads):
    out = f"{inputs}.out"
    settings = [word for size in sizes for word in ("--set", size)]
    subprocess.run(["seqc", "run", file, "--model", model, *settings, "--inputs", inputs, "--outputs", out,
                    "--threads", str(threads), "--precision", precision], check=True)
    with open(out, "rb") as written:
        return written.read()


def main(precision, sizes, models, *inputs):
    for name in models.split(","):
        file, model = name.rsplit(":", 1)
        for given in inputs:
            alone = run(precision, file, model, sizes.split(","), given, 1)
            for threads in (2, 3):
                if run(precision, file, model, sizes.split(","), given, threads) != alone:
                    sys.exit(f"{model}: {threads} threads give other bits for {given}")


main(*sys.argv[1:])
