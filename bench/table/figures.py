"""What is made of the rounds: ratios of pairs, geometric means.

Rounds are compared by their fastest calls: where other programs run too, the median of some calls says how many of them were
interrupted.
"""

import math
import statistics

OURS = "seqc"
# Another program of ours that a point is compared with; no peer.
REFERENCE = "reference"
# A ratio above this is not slower.
NOT_SLOWER = 0.97


def peers_of(measured):
    return [name for name in measured.minima if name not in (OURS, REFERENCE)]


def minimum(measured, name):
    return min(measured.minima[name])


def median(measured, name):
    return statistics.median(measured.medians[name])


def best_peer(measured):
    """The fastest in most rounds; None where there is none."""
    return min(peers_of(measured), key=lambda name: statistics.median(measured.minima[name]), default=None)


def ratio(measured, name):
    """How many times as long `name` takes: the median over the rounds, each a pair. None where one of both is not there."""
    if OURS not in measured.minima or name not in measured.minima:
        return None
    pairs = zip(measured.minima[name], measured.minima[OURS])
    return statistics.median(theirs / ours for theirs, ours in pairs)


def ratio_to_best(measured):
    return ratio(measured, best_peer(measured))


def loses(measured):
    found = ratio_to_best(measured)
    return found is not None and found < NOT_SLOWER


def cost(measured):
    """How many times as long we take as the scaled reference; None without one."""
    found = ratio(measured, REFERENCE)
    return None if found is None else 1 / (found * measured.point.reference.scale)


def share_of_limit(measured, limit):
    """Of the limit in milliseconds, by the fastest call."""
    if not limit or OURS not in measured.minima:
        return None
    return limit / minimum(measured, OURS)


def geometric_mean(values):
    """None of nothing; what is None is left out."""
    logarithms = [math.log(value) for value in values if value is not None]
    return math.exp(statistics.fmean(logarithms)) if logarithms else None
