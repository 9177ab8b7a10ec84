"""What a forecast of the sunspot numbers is held against: persistence, and a linear autoregression on the same window, fitted by
least squares to the same months as the model. Takes the length of the window; needs nothing but Python."""

import math
import pathlib
import sys

HELD_OUT = 0.2


def read(path):
    rows = [line for line in path.read_text().splitlines() if line and not line.startswith("#")]
    return [float(row.split(",")[1]) for row in rows[1:]]


def solve(matrix, right):
    """Gauss, with pivots."""
    size = len(right)
    rows = [row[:] + [value] for row, value in zip(matrix, right)]
    for at in range(size):
        pivot = max(range(at, size), key=lambda row: abs(rows[row][at]))
        rows[at], rows[pivot] = rows[pivot], rows[at]
        for below in range(at + 1, size):
            factor = rows[below][at] / rows[at][at]
            for column in range(at, size + 1):
                rows[below][column] -= factor * rows[at][column]
    found = [0.0] * size
    for at in reversed(range(size)):
        rest = sum(rows[at][column] * found[column] for column in range(at + 1, size))
        found[at] = (rows[at][size] - rest) / rows[at][at]
    return found


def main(window=48):
    series = read(pathlib.Path(__file__).with_name("monthly-sunspots.csv"))
    samples = [([1.0] + series[end - window : end], series[end]) for end in range(window, len(series))]
    # As `seqc train --test 0.2` cuts: a share of the windows, at the end.
    held = int(HELD_OUT * len(samples) + 0.5)
    known, test = samples[:-held], samples[-held:]
    size = window + 1
    matrix = [[sum(x[i] * x[j] for x, _ in known) for j in range(size)] for i in range(size)]
    weights = solve(matrix, [sum(x[i] * y for x, y in known) for i in range(size)])

    def rmse(forecast):
        return math.sqrt(sum((forecast(x) - y) ** 2 for x, y in test) / held)

    print(f"{held} months; persistence {rmse(lambda x: x[-1]):.2f}, "
          f"linear autoregression of {window} months {rmse(lambda x: sum(w * v for w, v in zip(weights, x))):.2f}")


main(*map(int, sys.argv[1:]))
