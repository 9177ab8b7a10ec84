"""Makes a small tree of reviews, as the Large Movie Review Dataset is laid out: reviews.py FOLDER [training [test]]."""

import pathlib
import random
import sys

JUDGEMENTS = {
    "pos": "wonderful superb moving brilliant charming delightful".split(),
    "neg": "dreadful boring tedious awful clumsy wasted".split(),
}
FILLERS = "the film and a plot with actor scene music of story in it was this that camera".split()


def review(draw, words):
    text = [draw.choice(FILLERS) for _ in range(draw.randint(4, 30))]
    for _ in range(2):
        text[draw.randrange(len(text))] = draw.choice(words)
    return " ".join(text) + "."


def main(folder, training=200, test=50):
    draw = random.Random(1)
    for part, count in ("train", int(training)), ("test", int(test)):
        for label, words in JUDGEMENTS.items():
            into = pathlib.Path(folder) / part / label
            into.mkdir(parents=True)
            for number in range(count):
                (into / f"{number}_{7 if label == 'pos' else 2}.txt").write_text(review(draw, words))


main(*sys.argv[1:])
