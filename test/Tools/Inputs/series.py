"""Makes small files of data: series.py KIND > FILE, with KIND one of wave, kinds, steps, rows, texts, tags, letters."""

import math
import random
import sys

draw = random.Random(3)


def wave():
    print("# A wave of 20 steps.\nmonth,height")
    for step in range(240):
        print(f"{1900 + step // 12}-{step % 12 + 1:02},{100 + 10 * math.sin(step * math.pi / 10):.4f}")


def kinds():
    """Rising and falling series of two numbers a step, of several lengths."""
    print("@problemName kinds\n@timeStamps false\n@univariate false\n@classLabel true up down\n@data")
    for number in range(60):
        steps = range(draw.randint(3, 9))
        slope, label = (1, "up") if number % 2 else (-1, "down")
        rows = [",".join(f"{slope * step * 0.1 + draw.gauss(0, 0.02):.3f}" for step in steps) for _ in range(2)]
        print(":".join(rows) + ":" + label)


def steps():
    """The same as a table, a row for each step."""
    print("sample,a,b,label")
    for number in range(40):
        slope, label = (1, "up") if number % 2 else (-1, "down")
        for step in range(draw.randint(3, 9)):
            print(f"{number},{slope * step * 0.1:.2f},{slope * step * 0.2:.2f},{label}")


def rows():
    print("name,a,b,target")
    for number in range(80):
        a, b = draw.uniform(-1, 1), draw.uniform(-1, 1)
        print(f"row {number},{a:.3f},{b:.3f},{2 * a - b + 0.5:.4f}")


def texts():
    print("headline,subject")
    for number in range(60):
        subject, words = (("sport", "goal match team"), ("money", "bank market share"))[number % 2]
        print(f"\"the {draw.choice(words.split())}, a {draw.choice(words.split())}\",{subject}")


def tags():
    """A word and its class in each row; `saw` has two."""
    print("sentence,word,tag")
    for number in range(60):
        words = [("the", "D")] + [("old", "A")] * draw.randint(0, 2)
        words += [(draw.choice(["cat", "dog", "saw"]), "N"), (draw.choice(["sat", "saw", "ran"]), "V")]
        for word, tag in words:
            print(f"{number},{word},{tag}")


def letters():
    print("the cat sat on the mat. " * 60)


globals()[sys.argv[1]]()
