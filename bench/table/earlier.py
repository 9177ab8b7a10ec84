"""What earlier runs wrote with --json: a table of some hours can be measured in parts, while the machine is quiet."""

import json

from .machine import Machine
from .measure import Measured


# As `Measured` has them.
FIGURES = ("minima_ms", "medians_ms", "about", "skipped")


class Unusable(Exception):
    """A file that nothing can be taken from."""


def read(path, cpu):
    """The run, and each point's group, name, figures and commit."""
    try:
        run, *lines = [json.loads(line) for line in path.read_text().splitlines()]
        commit, found = run["commit"], run["cpu"]
        points = [((line["group"], line["point"]), [line[key] for key in FIGURES], line.get("commit", commit)) for line in lines]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Unusable(f"{path}: not a file of --json: {error}") from error
    if found != cpu:
        raise Unusable(f"{path}: measured on another CPU: {found}")
    return run, points


def add(report, path, wanted, cpu):
    """Adds to the report what the file holds of the wanted points; points that are there already stay."""
    run, found = read(path, cpu)
    left = {(point.group, point.name): point for point in report.left_of(wanted)}
    for name, figures, commit in found:
        point = left.pop(name, None)
        if point:
            report.results.append(Measured(point, *figures, commit))
    report.improve_peaks(Machine(run["peaks"]))
    report.versions = {**run["versions"], **report.versions}
    missing = {**run["missing"], **report.missing}
    # Who was there once has figures in the table.
    report.missing = {name: why for name, why in missing.items() if name not in report.versions}
