"""bench/run's own arithmetic and manners, with sides that are made up here: no peer is needed.

check_table.py SEQC: the compiler counts the same products as the table does.
"""

import dataclasses
import json
import math
import pathlib
import subprocess
import sys
import tempfile
import types
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "bench"))
from table import bars, command, earlier, figures, gates, measure, points, render, sides, work
from table.machine import Machine

SEQC = sys.argv.pop(1)

# 100 GFLOP/s a thread; 1000, 100 and 10 GB/s from three levels.
READS = {"16384": 1000.0, "32768": 900.0, "65536": 100.0, "1048576": 90.0, "8388608": 10.0}
MACHINE = Machine(
    {
        "1": {"gflops": 100.0, "read_gbps": READS, "barrier_us": 0.0},
        "2": {"gflops": 200.0, "read_gbps": {size: 2 * rate for size, rate in READS.items()}, "barrier_us": 0.5},
    }
)


def layer(hidden=128, batch=32, threads=1, measure="forward", cell="LSTM", **more):
    return points.layer("1 forward", cell, hidden, hidden, batch, 64, threads, measure, **more)


class Side:
    """Takes the milliseconds that it is told, in turns, and writes down when it is asked."""

    def __init__(self, name, *times, log=None, skip=None):
        self.name, self.times, self.log, self.skip = name, list(times), log if log is not None else [], skip

    def open(self, point):
        if self.skip:
            raise sides.Skip(self.skip)
        return {"gflop": 1}

    def round(self, seconds):
        self.log.append(self.name)
        self.times.append(self.times.pop(0))
        return {"ms_min": self.times[-1] / 2, "ms_median": self.times[-1]}

    def close_point(self):
        self.log.append("closed")


def measured(point=None, again=0, rounds=3, **times):
    taking = [Side(name.replace("_", " "), *each) for name, each in times.items()]
    return measure.measure(point or layer(), taking, Side("reference", 2.0), measure.Plan(rounds, 0, again))


class Flops(unittest.TestCase):
    def test_forward_counts_both_products_of_all_gates(self):
        self.assertEqual(layer().parts[0].flops(False), 2 * 32 * 64 * 4 * 128 * (128 + 128))

    def test_training_counts_thrice_less_gradients_of_data(self):
        wide = deep = 2 * 32 * 64 * 4 * 128 * 128
        self.assertEqual(layer().parts[0].flops(True), 2 * wide + 3 * deep)
        inner = work.Scan("LSTM", 128, 128, 32 * 64, 64, needs_input_gradient=True)
        self.assertEqual(inner.flops(True), 3 * (wide + deep))

    def test_a_look_up_costs_nothing(self):
        self.assertEqual(work.Scan("GRU", 0, 16, 10, 10).flops(False), 2 * 10 * 3 * 16 * 16)

    def test_ragged_batches_count_their_own_steps(self):
        ragged = next(points.ragged_batches())
        self.assertEqual(ragged.parts[0].steps, sum(ragged.lengths))
        self.assertEqual(max(ragged.lengths), ragged.length)

    def test_the_compiler_counts_the_same(self):
        for point in (layer(16, 1), points.tutorial_model("time_series", "forward", 1)):
            program = point.program
            command = [SEQC, "bench", sides.program_text(program), "--on-demand", "--batch", point.batch, "--length", point.length]
            command += ["--model", program.model] if program.model else []
            command += [word for name, value in program.settings for word in ("--set", f"{name}={value}")]
            said = subprocess.run(list(map(str, command)), check=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE).stdout
            self.assertAlmostEqual(json.loads(said)["gflop"], 1e-9 * work.flops_of(point.parts, False))


class Limits(unittest.TestCase):
    def test_products_or_reading_whichever_takes_longer(self):
        for batch in (1, 128):
            product_ms = batch * 64 * 2 * 4 * 128 * 128 / 100e6
            maths_ms = batch * 64 * 128 * gates.FORWARD["LSTM"] * 2 / 100e6
            steps_ms = 64 * 262144 / 90e6 if batch == 1 else product_ms
            self.assertAlmostEqual(work.limit_of(layer(128, batch).parts, MACHINE, 1, False), product_ms + steps_ms + maths_ms)

    def test_two_threads_meet_once_a_step(self):
        one, two = (work.limit_of(layer(128, 128).parts, MACHINE, threads, False) for threads in (1, 2))
        self.assertAlmostEqual(two, one / 2 + 64 * 0.5e-3)

    def test_the_level_that_holds_the_weights(self):
        self.assertAlmostEqual(MACHINE.reading_seconds(40000, 1), 40000 / 100e9)
        self.assertAlmostEqual(MACHINE.reading_seconds(40000, 2), 40000 / 1800e9)
        self.assertAlmostEqual(MACHINE.reading_seconds(1 << 30, 1), (1 << 30) / 10e9)

    def test_of_two_measurements_the_better(self):
        noisy = {"1": {"gflops": 50.0, "read_gbps": {**READS, "16384": 2000.0}, "barrier_us": 0.0}}
        best = Machine({"1": MACHINE.peaks["1"]}).best_of(Machine(noisy)).peaks["1"]
        self.assertEqual((best["gflops"], best["read_gbps"]["16384"]), (100.0, 2000.0))


class Figures(unittest.TestCase):
    def test_the_ratio_is_the_median_of_pairs(self):
        found = measured(seqc=(1.0, 2.0, 4.0), slow=(2.0, 2.0, 20.0), fast=(1.5, 1.0, 6.0))
        self.assertEqual(figures.ratio(found, "slow"), 2)
        self.assertEqual(figures.best_peer(found), "fast")
        self.assertEqual(figures.ratio_to_best(found), 1.5)

    def test_geometric_mean(self):
        self.assertAlmostEqual(figures.geometric_mean([2, None, 8]), 4)
        self.assertIsNone(figures.geometric_mean([None]))

    def test_the_share_of_the_limit_is_of_the_fastest_call(self):
        self.assertAlmostEqual(figures.share_of_limit(measured(seqc=(4.0,)), 1.0), 0.5)

    def test_the_cost_is_in_scaled_references(self):
        point = layer(reference=points.Reference("", layer(), 0.5))
        self.assertAlmostEqual(figures.cost(measured(point, seqc=(3.0,))), 3)


class Precision(unittest.TestCase):
    def result(self, products):
        point = next(each for each in points.other_precisions() if each.batch == 8)
        found = measured(point, seqc=(1.0,))
        found.about = {"seqc": {"products": products, "errors": {"output": {"max_abs": 0.1, "rms_relative": 0.002}}}}
        return found

    def test_peers_do_not_take_part(self):
        with self.assertRaises(sides.Skip):
            sides.Peer("peer", ["/nowhere"]).open(self.result("bf16").point)

    def test_twice_the_rate_is_asked_of_who_has_it(self):
        for products, least in (("bf16", 1.7), ("bf16, emulated: ...", None)):
            (bar,) = bars.bars_of("5 precision", [self.result(products)], None)
            self.assertEqual((bar.value, bar.least), (2.0, least))

    def test_the_error_has_a_column(self):
        report = render.Report(MACHINE, "", {"seqc": "1"}, {})
        report.results = [self.result("bf16")]
        header, row, _ = render.table(report, "5 precision")
        self.assertEqual(dict(zip(header, row))["error"], "0.0020")
        self.assertEqual(dict(zip(header, row))["cost"], "0.500")


class Rounds(unittest.TestCase):
    def test_sides_take_turns(self):
        log = []
        taking = [Side("seqc", 1.0, log=log), Side("peer", 1.0, log=log)]
        measure.measure(layer(), taking, None, measure.Plan(2, 0, 0))
        self.assertEqual(log, ["seqc", "peer", "peer", "seqc", "closed", "closed"])

    def test_a_losing_point_is_measured_again_and_the_median_try_counts(self):
        found = measured(again=2, rounds=1, seqc=(2.0, 2.0, 1.0), peer=(1.0, 1.5, 1.6))
        self.assertEqual(figures.ratio_to_best(found), 0.75)

    def test_who_skips_says_why(self):
        taking = [Side("seqc", 1.0), Side("peer", skip="it does not train")]
        found = measure.measure(layer(), taking, None, measure.Plan(1, 0, 0))
        self.assertEqual(found.skipped, {"peer": "it does not train"})
        self.assertIsNone(figures.ratio_to_best(found))


    def test_who_fails_in_a_round_is_left_out(self):
        class Failing(Side):
            def round(self, seconds):
                if self.log:
                    raise sides.Skip("killed")
                return super().round(seconds)

        found = measure.measure(layer(), [Side("seqc", 1.0), Failing("peer", 1.0)], None, measure.Plan(3, 0, 0))
        self.assertEqual((found.skipped, list(found.minima)), ({"peer": "killed"}, ["seqc"]))


class Processes(unittest.TestCase):
    def peer(self, program):
        return sides.Peer("peer", [sys.executable, "-c", program])

    def test_a_peer_answers_lines(self):
        answers = 'print(\'{"version": "1"}\', flush=True)\nfor line in __import__("sys").stdin: print(\'{"ms_min": 1}\', flush=True)'
        peer = self.peer(answers)
        peer.probe()
        peer.open(layer())
        self.assertEqual((peer.version, peer.round(0)), ("1", {"ms_min": 1}))
        peer.close()

    def test_who_is_not_there_is_told_of(self):
        for program, why in (('print(\'{"skip": "no torch"}\')', "no torch"), ("raise SystemExit('broken')", "broken")):
            with self.assertRaises(sides.Skip) as caught:
                self.peer(program).probe()
            self.assertEqual(str(caught.exception), why)
        with self.assertRaises(sides.Skip):
            sides.Peer("peer", ["/nowhere/python3"]).probe()


class Table(unittest.TestCase):
    def report(self):
        report = render.Report(MACHINE, "CPU: a made-up one", {"seqc": "1", "oneDNN 2": "2.6", "PyTorch": "9"}, {"PyTorch 1.13": "no torch"})
        report.results = [measured(seqc=(1.0, 2.0, 4.0), oneDNN_2=(2.0, 2.0, 20.0))]
        return report

    def test_a_row_for_each_point_and_one_of_means(self):
        header, row, means = render.table(self.report(), "1 forward")
        self.assertEqual(header, ["point", "limit", "seqc", "oneDNN 2", "best peer", "ratio", "of limit", "compile"])
        self.assertEqual(row[0], "LSTM 128, 32 x 64, forward, 1 thread")
        self.assertEqual(row[2:6], ["0.500 / 2.00", "1.00 / 2.00", "oneDNN 2", "2.00"])
        self.assertEqual(means[3], "2.00")

    def test_text_and_page_say_what_is_not_there(self):
        for written in (render.text(self.report()), render.page(self.report())):
            for wanted in ("a made-up one", "PyTorch 1.13: not measured: no torch"):
                self.assertIn(wanted, written)
            self.assertIn("best peer, geometric mean: 2.00 (at least 1.25: met)", written)

    def test_the_page_says_how_much_of_a_group_it_has(self):
        self.assertIn("- measured: 1 of the group's 144 points", render.page(self.report()))

    def test_columns_are_aligned(self):
        lines = render.as_text([["point", "limit"], ["LSTM", "1"]]).splitlines()
        self.assertEqual(lines, ["point  limit", "LSTM       1"])

    def test_numbers_keep_three_digits(self):
        written = [render.number(value) for value in (None, 1234.5, 99.96, 12.345, 1.2345, 0.012345, 0.0)]
        self.assertEqual(written, ["–", "1234", "100.0", "12.3", "1.23", "0.0123", "0.00"])


class Memory(unittest.TestCase):
    def test_checkpoints_are_weighed_without_the_data(self):
        point = next(each for each in points.memory() if each.reference)
        found = measured(point, seqc=(2.0,), PyTorch=(2.0,))
        data = 4 * 32 * 1000 * (128 + 128)
        for name, more in (("seqc", 10), (figures.REFERENCE, 40), ("PyTorch", 50)):
            found.about.setdefault(name, {})["peak_resident_bytes"] = data + more
        shares = {bar.text: bar.value for bar in bars.memory_bars([found], None) if "besides the data" in bar.text}
        self.assertEqual(sorted(filter(None, shares.values())), [0.2, 0.25])


class Earlier(unittest.TestCase):
    """What a run wrote another one takes."""

    def setUp(self):
        self.wanted = [layer(64), layer(128), layer(256)]
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = pathlib.Path(self.folder.name) / "run.jsonl"
        self.cpu = command.machine.cpu_name()

    def report(self, *results):
        report = render.Report(MACHINE, "", {"seqc": "1"}, {})
        report.results += results
        return report

    def write(self, *results):
        command.write_json(self.path, self.report(*results))

    def test_points_come_back_and_the_rest_is_left(self):
        before = dataclasses.replace(measured(self.wanted[1], seqc=(2.0,), peer=(3.0,)), commit="abc")
        self.write(before)
        report = self.report()
        earlier.add(report, self.path, self.wanted, self.cpu)
        self.assertEqual(report.results, [before])
        self.assertEqual(report.left_of(self.wanted), [self.wanted[0], self.wanted[2]])
        options = types.SimpleNamespace(rounds=9, seconds=0.1)
        self.assertIn("commit: abc", command.head_of(report, 1, 0, options))

    def test_what_is_there_stays(self):
        self.write(measured(self.wanted[0], seqc=(2.0,)))
        now = measured(self.wanted[0], seqc=(4.0,))
        report = self.report(now)
        earlier.add(report, self.path, self.wanted, self.cpu)
        self.assertEqual(report.results, [now])

    def test_the_table_keeps_the_order_of_points(self):
        report = self.report(*(measured(point, seqc=(2.0,)) for point in reversed(self.wanted)))
        report.put_in_order(self.wanted)
        self.assertEqual([each.point for each in report.results], self.wanted)

    def test_of_another_cpu_or_no_such_file(self):
        self.write(measured(self.wanted[0], seqc=(2.0,)))
        with self.assertRaisesRegex(earlier.Unusable, "measured on another CPU"):
            earlier.add(self.report(), self.path, self.wanted, "Z80")
        for text in ("", "{}", "[1]", "table"):
            self.path.write_text(text)
            with self.assertRaisesRegex(earlier.Unusable, "not a file of --json"):
                earlier.add(self.report(), self.path, self.wanted, self.cpu)

    def test_who_was_there_once_is_not_missing(self):
        self.write()
        report = render.Report(MACHINE, "", {"peer": "2"}, {"seqc": "not built", "other": "no such file"})
        earlier.add(report, self.path, self.wanted, self.cpu)
        self.assertEqual(report.missing, {"other": "no such file"})

    def test_better_peaks_are_kept(self):
        self.write()
        slow = {"1": {**MACHINE.peaks["1"], "gflops": 1.0}}
        report = render.Report(Machine(slow), "", {}, {})
        earlier.add(report, self.path, self.wanted, self.cpu)
        self.assertEqual([report.machine.peaks[threads]["gflops"] for threads in "12"], [100.0, 200.0])


class Points(unittest.TestCase):
    def test_names_tell_points_apart(self):
        names = [f"{point.group}: {point.name}" for point in points.all_points()]
        self.assertEqual(len(names), len(set(names)))

    def test_patterns_choose(self):
        found = points.chosen(False, ["^2 gradient: LSTM 128,", "^6"])
        self.assertEqual({point.group for point in found}, {"2 gradient", "6 ragged"})
        self.assertTrue(points.chosen(True, []))
        self.assertEqual(points.chosen(True, ["nothing is named so"]), [])

    def test_every_group_has_bars_and_points(self):
        self.assertEqual(set(points.GROUPS), set(bars.OF_GROUPS))
        self.assertEqual(set(points.GROUPS), {point.group for point in points.all_points()})

    def test_every_limit_can_be_computed(self):
        for point in points.all_points():
            for training in (False, True):
                self.assertTrue(math.isfinite(work.limit_of(point.parts, MACHINE, point.threads, training)))


if __name__ == "__main__":
    unittest.main()
