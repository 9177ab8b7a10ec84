"""What the sides in Python share: lines in, lines of JSON out (see bench/table/sides.py)."""

import json
import statistics
import sys
import time


class Skip(Exception):
    """Why a point is not measured."""


def say(answer):
    print(json.dumps(answer), flush=True)


def milliseconds_of(call):
    start = time.perf_counter()
    call()
    return 1e3 * (time.perf_counter() - start)


def timed(call, seconds):
    """Of the calls that were begun in so many seconds, behind one that only counts where it takes so long itself."""
    times = [milliseconds_of(call)]
    if times[0] < 1e3 * seconds:
        times, end = [], time.perf_counter() + seconds
        while not times or time.perf_counter() < end:
            times.append(milliseconds_of(call))
    return {"ms_min": min(times), "ms_median": statistics.median(times), "runs": len(times)}


def words_of(text):
    """`KEY=VALUE ...`, numbers as numbers; `lengths` as a list of them."""
    words = dict(word.split("=", 1) for word in text.split())
    found = {key: int(value) if value.isdigit() else value for key, value in words.items()}
    if "lengths" in words:
        found["lengths"] = [int(length) for length in words["lengths"].split(",")]
    return found


def answer_lines(version, prepare):
    """`prepare(words)` gives a function that is timed, and what is to be said of the point; it raises Skip where there is none."""
    say({"version": version})
    call = None
    for line in sys.stdin:
        command, _, rest = line.strip().partition(" ")
        if command == "round":
            say(timed(call, float(rest)))
            continue
        try:
            call, about = prepare(words_of(rest))
            say(about)
        except Skip as reason:
            say({"skip": str(reason)})
        except Exception as error:  # A version that lacks something is no reason to end.
            say({"skip": f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"})
