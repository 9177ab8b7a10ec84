"""bench/run: its options, and the order of things."""

import argparse
import dataclasses
import json
import os
import pathlib
import sys

from . import earlier, figures, machine, measure, places, points, render, sides

# Peaks are measured again and again, and the best counts: whatever else runs takes something from most of them.
POINTS_BETWEEN_PEAKS = 10

DESCRIPTION = """\
Measures seqc and each of its peers that is installed, in turns, and prints the table.

    bench/run --quick                                    # a few points, in some minutes
    bench/run --only '^1 forward: LSTM' --only '^6'      # points by patterns on their group and name (--list names them)
    bench/run --page docs/performance.md --json all.jsonl
    bench/run --page docs/performance.md --json all.jsonl --take all.jsonl    # goes on where it was stopped

Peers: Debian's PyTorch 1.13 (python3-torch, libopenblas0-openmp) and oneDNN 2.6 (libdnnl-dev); a current PyTorch and ONNX Runtime
in an environment of Python (pip install torch onnxruntime onednn-devel-cpu-gomp) whose python --python names; a newer oneDNN below
the prefix that --onednn names, which may be the environment's folder; RTNeural's sources where --rtneural says. Whoever is missing
is left out, and the table says so.
"""


def parse(arguments):
    parser = argparse.ArgumentParser("bench/run", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a few points, with short rounds")
    parser.add_argument("--only", action="append", default=[], metavar="PATTERN", help="points whose `GROUP: NAME` it is found in")
    parser.add_argument("--list", action="store_true", help="name the points, and measure nothing")
    parser.add_argument("--rounds", type=int, default=9, help="of each side at each point (default: 9)")
    parser.add_argument("--seconds", type=float, help="of a round (default: 0.15, quick 0.05)")
    parser.add_argument("--again", type=int, default=2, help="how often a losing point is measured again (default: 2)")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="write a line for the run and one for each point")
    parser.add_argument("--take", action="append", default=[], type=pathlib.Path, metavar="FILE",
                        help="points that an earlier run on this CPU wrote with --json are not measured again; may be repeated")
    parser.add_argument("--page", type=pathlib.Path, metavar="FILE", help="write the table as a page of markdown")
    parser.add_argument("--seqc", type=pathlib.Path, default=places.ROOT / "build/bin/seqc")
    parser.add_argument("--debian-python", default="/usr/bin/python3", help="has PyTorch 1.13 (default: /usr/bin/python3)")
    parser.add_argument("--python", default=os.environ.get("SEQC_BENCH_PYTHON"), help="has current peers (default: $SEQC_BENCH_PYTHON)")
    parser.add_argument("--onednn", default=os.environ.get("SEQC_BENCH_ONEDNN"), help="prefix (default: $SEQC_BENCH_ONEDNN)")
    parser.add_argument("--rtneural", default=os.environ.get("SEQC_BENCH_RTNEURAL"), help="a checkout (default: $SEQC_BENCH_RTNEURAL)")
    options = parser.parse_args(arguments)
    options.seconds = options.seconds or (0.05 if options.quick else 0.15)
    return options


def head_of(report, taken, load, options):
    peaks, rates = report.machine, []
    commits = sorted({measured.commit for measured in report.results})
    for threads, found in peaks.peaks.items():
        barrier = f", a barrier {found['barrier_us']:.2f} us" if int(threads) > 1 else ""
        rates.append(f"{points.counted(int(threads))}: {found['gflops']:.0f} GFLOP/s{barrier}")
    reads = peaks.peaks["1"]["read_gbps"] if "1" in peaks.peaks else {}
    read = ", ".join(f"{int(size) >> 10} KB {rate:.0f}" for size, rate in reads.items())
    lines = [f"CPU: {machine.cpu_name()}", f"commit: {', '.join(commits)}", "peaks: " + "; ".join(rates)]
    lines += [f"reading, 1 thread, GB/s: {read}"] if read else []
    lines += ["versions: " + ", ".join(f"{name} {version}" for name, version in report.versions.items())]
    lines += [f"taken from earlier runs: {taken} points"] if taken else []
    lines += [f"load of the machine before the run: {load:.1f}"]
    return "\n".join([*lines, f"{options.rounds} rounds of at least {options.seconds} s, in turns"])


def line_of(report, measured):
    point, limit = measured.point, report.limit_of(measured)
    return {
        "commit": measured.commit,
        "group": point.group,
        "point": point.name,
        "threads": point.threads,
        "limit_ms": limit,
        "best_peer": figures.best_peer(measured),
        "ratio": figures.ratio_to_best(measured),
        "share_of_limit": figures.share_of_limit(measured, limit),
        "cost": figures.cost(measured),
        "minima_ms": measured.minima,
        "medians_ms": measured.medians,
        "about": measured.about,
        "skipped": measured.skipped,
    }


def write_json(path, report):
    """Anew behind each point, for a long run may be stopped, and its peaks get better."""
    run = {"cpu": machine.cpu_name(), "commit": machine.commit(), "versions": report.versions, "missing": report.missing}
    lines = [{**run, "peaks": report.machine.peaks}, *(line_of(report, each) for each in report.results)]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))


def show(report, measured):
    """One line while it is being measured."""
    if figures.OURS not in measured.medians:
        return f"{measured.point.group}: {measured.point.name}: {measured.skipped.get(figures.OURS)}"
    best = figures.best_peer(measured)
    beside = f"; {best} {render.times(measured, best)}, ratio {figures.ratio_to_best(measured):.2f}" if best else ""
    share = render.percent(figures.share_of_limit(measured, report.limit_of(measured)))
    return f"{measured.point.group}: {measured.point.name}: {render.times(measured, figures.OURS)} ms, {share} of the limit{beside}"


def measure_all(wanted, taking, report, options):
    plan, commit = measure.Plan(options.rounds, options.seconds, options.again), machine.commit()
    reference = sides.Seqc(options.seqc)
    for number, point in enumerate(wanted, 1):
        measured = measure.measure(point, taking, reference, plan)
        report.results.append(dataclasses.replace(measured, commit=commit))
        if number % POINTS_BETWEEN_PEAKS == 0 or number == len(wanted):
            report.improve_peaks(machine.measure(sorted({point.threads for point in wanted})))
        print(show(report, report.results[-1]), file=sys.stderr, flush=True)
        if options.json:
            write_json(options.json, report)


def run(options, wanted):
    ours = sides.Seqc(options.seqc, figures.OURS)
    try:
        ours.probe()
    except sides.Skip as reason:
        sys.exit(f"bench/run: {reason}; build it with scripts/build")
    load = os.getloadavg()[0]
    threads = sorted({point.threads for point in wanted})
    peaks = machine.measure(threads)
    peers, missing = sides.available(options)
    taking = [ours, *peers]
    versions = {side.name: side.version for side in taking}
    report = render.Report(peaks, "", versions, missing)
    for path in options.take:
        earlier.add(report, path, wanted, machine.cpu_name())
    taken = len(report.results)
    for line in render.absences(report):
        print(line, file=sys.stderr)
    try:
        measure_all(report.left_of(wanted), taking, report, options)
    except KeyboardInterrupt:
        print("stopped: the table holds what was measured until then", file=sys.stderr)
    finally:
        for side in taking:
            side.close()
    report.put_in_order(wanted)
    report.head = head_of(report, taken, load, options)
    return report


def main(arguments=None):
    options = parse(arguments)
    wanted = points.chosen(options.quick, options.only)
    if not wanted:
        sys.exit("bench/run: no point is named so; --list names them")
    if options.list:
        print("\n".join(f"{point.group}: {point.name}" for point in wanted))
        return
    try:
        report = run(options, wanted)
    except earlier.Unusable as reason:
        sys.exit(f"bench/run: {reason}")
    if options.json:
        write_json(options.json, report)
    if options.page:
        options.page.write_text(render.page(report))
    print(render.text(report))
