"""Rounds: all sides of a point take turns, each in its own process."""

import contextlib
import dataclasses
import time

from . import figures
from .sides import Skip

# Threads that spin after their last work are asleep by then.
PAUSE_SECONDS = 0.02


@dataclasses.dataclass(frozen=True)
class Plan:
    rounds: int
    seconds: float
    # How often a losing point is measured again before it counts.
    again: int


@dataclasses.dataclass
class Measured:
    """Of one point: for each side the minimum and the median of each of its rounds, in milliseconds."""

    point: object
    minima: dict
    medians: dict
    about: dict
    skipped: dict
    # Of seqc, where known.
    commit: str = ""


def open_sides(point, sides, reference_side):
    """What each side says of the point, and why others do not take part. The reference is a side like any other."""
    taking, about, skipped = {}, {}, {}
    chosen = [(side.name, side, point) for side in sides]
    if point.reference:
        chosen.append((figures.REFERENCE, reference_side, point.reference.point))
    for name, side, asked in chosen:
        try:
            about[name] = side.open(asked)
            taking[name] = side
        except Skip as reason:
            skipped[name] = str(reason)
    return taking, about, skipped


def take_turns(taking, skipped, plan):
    """The rounds of each side, each round begun by another one. Who fails is left out altogether."""
    rounds = {name: [] for name in taking}
    names = list(taking)
    for turn in range(plan.rounds):
        for name in names[turn % len(names) :] + names[: turn % len(names)]:
            if name in skipped:
                continue
            time.sleep(PAUSE_SECONDS)
            try:
                rounds[name].append(taking[name].round(plan.seconds))
            except Skip as reason:
                skipped[name] = str(reason)
    return {name: found for name, found in rounds.items() if name not in skipped}


def measure_once(point, sides, reference_side, plan):
    taking, about, skipped = open_sides(point, sides, reference_side)
    try:
        rounds = take_turns(taking, skipped, plan) if taking else {}
    finally:
        for side in taking.values():
            with contextlib.suppress(Skip):
                side.close_point()
    minima, medians = ({name: [each[key] for each in found] for name, found in rounds.items()} for key in ("ms_min", "ms_median"))
    return Measured(point, minima, medians, about, skipped)


def measure(point, sides, reference_side, plan):
    """A losing point is measured again; of all tries the one with the median ratio counts."""
    tries = [measure_once(point, sides, reference_side, plan)]
    if figures.loses(tries[0]):
        tries += [measure_once(point, sides, reference_side, plan) for _ in range(plan.again)]
    tries.sort(key=lambda each: figures.ratio_to_best(each) or 0)
    return tries[len(tries) // 2]
