"""The table as text and as a page."""

import datetime
import math

from . import bars, figures, points, work
from .figures import OURS, REFERENCE

NOTHING = "–"


class Report:
    """What was measured, on which machine, by which versions, and who was not there."""

    def __init__(self, machine, head, versions, missing):
        self.machine, self.head, self.versions, self.missing = machine, head, versions, missing
        self.results = []

    def improve_peaks(self, machine):
        self.machine = self.machine.best_of(machine)

    def left_of(self, wanted):
        """Those that nothing is known of yet."""
        known = {(each.point.group, each.point.name) for each in self.results}
        return [point for point in wanted if (point.group, point.name) not in known]

    def put_in_order(self, wanted):
        places = {(point.group, point.name): place for place, point in enumerate(wanted)}
        self.results.sort(key=lambda each: places[each.point.group, each.point.name])

    def limit_of(self, measured):
        """Milliseconds; None where the model's parts are not written down."""
        point = measured.point
        return work.limit_of(point.parts, self.machine, point.threads, point.training) if point.parts else None

    def of_group(self, group):
        return [each for each in self.results if each.point.group == group]


def number(value, digits=3):
    """So many digits that count."""
    if value is None:
        return NOTHING
    places = digits - 1 - (math.floor(math.log10(value)) if value > 0 else 0)
    return f"{value:.{max(0, places)}f}"


def percent(value):
    return NOTHING if value is None else f"{100 * value:.0f} %"


def megabytes(value):
    return NOTHING if value is None else number(value / 1e6)


def sides_of(results, names):
    """Those that have measured anything here."""
    return [name for name in names if any(name in each.medians for each in results)]


def times(measured, name):
    if name not in measured.medians:
        return NOTHING
    return f"{number(figures.minimum(measured, name))} / {number(figures.median(measured, name))}"


def sides_with_memory(results, names):
    """Those that have said how much they need, where that is asked."""
    asked = [each for each in results if each.point.memory]
    return [name for name in names if any(bars.memory_of(each, name) for each in asked)]


def reference_title(results):
    """A group has references of one kind."""
    return next((each.point.reference.label for each in results if each.point.reference), REFERENCE)


def header(report, group, names):
    results = report.of_group(group)
    titles = {**{name: name for name in names}, REFERENCE: reference_title(results)}
    cells = ["point", "limit", *(titles[name] for name in names), "best peer", "ratio", "of limit"]
    if any(each.point.reference for each in results):
        cells.append("cost")
    if any(map(bars.error_of, results)):
        cells.append("error")
    cells += [f"MB {titles[name]}" for name in sides_with_memory(results, names)]
    return [*cells, "compile"]


def row(report, group, names, measured):
    limit = report.limit_of(measured)
    best = figures.best_peer(measured)
    cells = [measured.point.name, number(limit), *(times(measured, name) for name in names)]
    cells += [best or NOTHING, number(figures.ratio_to_best(measured)), percent(figures.share_of_limit(measured, limit))]
    results = report.of_group(group)
    if any(each.point.reference for each in results):
        cells.append(number(figures.cost(measured)))
    if any(map(bars.error_of, results)):
        cells.append(number(bars.error_of(measured), 2))
    cells += [megabytes(bars.memory_of(measured, name)) for name in sides_with_memory(results, names)]
    return [*cells, number(measured.about.get(OURS, {}).get("compile_ms"))]


def means(report, group, names):
    """A line of geometric means: of each peer's ratios, and of those to the best one."""
    results = report.of_group(group)
    cells = ["geometric mean of ratios", ""]
    cells += ["" if name in (OURS, REFERENCE) else number(bars.mean_ratio(results, name)) for name in names]
    cells += ["", number(figures.geometric_mean(map(figures.ratio_to_best, results)))]
    shares = [figures.share_of_limit(each, report.limit_of(each)) for each in results]
    cells.append(percent(figures.geometric_mean(shares)))
    return cells + [""] * (len(header(report, group, names)) - len(cells))


def table(report, group):
    """Header, rows, means."""
    results = report.of_group(group)
    names = sides_of(results, [OURS, *(name for name in report.versions if name != OURS), REFERENCE])
    rows = [row(report, group, names, each) for each in results]
    return [header(report, group, names), *rows, means(report, group, names)]


def as_text(rows):
    widths = [max(map(len, column)) for column in zip(*rows)]
    lines = []
    for cells in rows:
        first, *rest = (cell.rjust(width) for cell, width in zip(cells, widths))
        lines.append("  ".join([first.strip().ljust(widths[0]), *rest]).rstrip())
    return "\n".join(lines)


def as_markdown(rows):
    lines = ["| " + " | ".join(cells) + " |" for cells in rows]
    return "\n".join([lines[0], "|---|" + "---:|" * (len(rows[0]) - 1), *lines[1:]])


def failures(report, group):
    """Points of a group that we did not measure, and why."""
    return [f"{each.point.name}: {each.skipped[OURS]}" for each in report.of_group(group) if OURS in each.skipped]


def what_is_left(report, group):
    """Says so where a page has only some of a group's points."""
    count, all_points = len(report.of_group(group)), sum(point.group == group for point in points.all_points())
    return [f"measured: {count} of the group's {all_points} points"] if count < all_points else []


def absences(report):
    """Why sides and groups are not in the table."""
    yield from (f"{name}: not measured: {why}" for name, why in report.missing.items())


def bar_lines(report, group):
    verdicts = {True: "met", False: "missed"}
    for bar in bars.bars_of(group, report.of_group(group), report.limit_of):
        wanted = f"at least {number(bar.least)}" if bar.least else f"at most {number(bar.most)}" if bar.most else ""
        yield f"{bar.text}: {number(bar.value)}" + (f" ({wanted}: {verdicts[bar.met]})" if wanted else "")


def groups_of(report):
    return [group for group in points.GROUPS if report.of_group(group)]


def text(report):
    parts = [report.head]
    for group in groups_of(report):
        lines = [f"{group}: {points.GROUPS[group]}", as_text(table(report, group)), *failures(report, group)]
        parts.append("\n".join([*lines, *("  " + line for line in bar_lines(report, group))]))
    return "\n\n".join([*parts, "\n".join(absences(report))])


COLUMNS = """\
Times are milliseconds of one call, minimum / median: of all calls of all rounds, and of the rounds' medians. All sides of a
point take turns in one run, each in a process of its own. **ratio** is how many times as long the best peer of the point
takes: the median over the rounds, each a pair of fastest calls; above 1 seqc is faster. Points at which seqc loses were measured
again, and the median try counts. **limit** is what this machine needs at the least: products at the peak of its fused
multiply-adds, or reading the weights from the cache that holds them, whichever is longer; elementwise mathematics at
the fewest instructions (`bench/table/gates.py`); a barrier for each step of two threads. Peaks are measured in the same run.
**of limit** is the share of it that the fastest call reaches. **cost** is how many times as long the point takes as the
reference: the library's LSTM for as many products, batches of equal lengths for as many tokens, all states saved, f32. **error** is the root mean
square of what differs from f32 in what the layer says, in parts of that of what it says. **MB** is the
most that was resident during steps less what was before the model was made: inputs, weights, gradients, the optimizer's state and
what is saved. **compile** is how many milliseconds seqc takes from the text to code. Weights are
packed before a forward pass is timed and in each backward pass, on all sides. PyTorch and oneDNN flush denormal numbers, OpenBLAS is
told which kernels this CPU runs, scripts stay scripts, optimizers are fused where there are such.
"""


def page(report):
    day = datetime.date.today().isoformat()
    parts = ["# Performance", f"Written by `bench/run --page` on {day}.", report.head.replace("\n", "  \n"), COLUMNS.strip()]
    for group in groups_of(report):
        parts += [f"## {points.GROUPS[group]}", as_markdown(table(report, group))]
        lines = [*what_is_left(report, group), *failures(report, group), *bar_lines(report, group)]
        parts += ["\n".join(f"- {line}" for line in lines)]
    parts += ["## Not measured", "\n".join(f"- {line}" for line in absences(report))]
    return "\n\n".join(part for part in parts if part) + "\n"
