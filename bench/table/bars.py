"""What is demanded of the figures: one line for each bar, with what was found.

A bar is a text, the value that was found (None: nothing to judge by), and the least or the most that it may be.
"""

import dataclasses

from . import figures, points


@dataclasses.dataclass(frozen=True)
class Bar:
    text: str
    value: float
    least: float = None
    most: float = None

    @property
    def met(self):
        if self.value is None:
            return None
        return (self.least is None or self.value >= self.least) and (self.most is None or self.value <= self.most)


def lowest(values):
    return min((value for value in values if value is not None), default=None)


def highest(values):
    return max((value for value in values if value is not None), default=None)


def with_threads(results, threads):
    return [each for each in results if each.point.threads == threads]


def mean_ratio(results, peer):
    return figures.geometric_mean(figures.ratio(each, peer) for each in results)


def slowest(results, peer=None):
    """The lowest ratio to a peer, or to each point's best one."""
    return lowest(figures.ratio(each, peer) if peer else figures.ratio_to_best(each) for each in results)


def hidden_of(measured):
    return dict(measured.point.sizes).get("hidden")


def forward_bars(results, limit_of):
    shares = [figures.share_of_limit(each, limit_of(each)) for each in results if hidden_of(each) >= 128]
    yield Bar("best peer, lowest ratio", slowest(results), 0.97)
    yield Bar("best peer, geometric mean", figures.geometric_mean(map(figures.ratio_to_best, results)), 1.25)
    yield Bar("PyTorch 1.13, 1 thread, geometric mean", mean_ratio(with_threads(results, 1), OLD), 3)
    yield Bar("PyTorch 1.13, 2 threads, geometric mean", mean_ratio(with_threads(results, 2), OLD), 4)
    yield Bar("PyTorch, geometric mean", mean_ratio(results, NEW))
    yield Bar("share of the limit from hidden 128 up, lowest", lowest(shares), 0.85)
    roomy = [each for each in results if each.point.batch == 1 and room(each, limit_of) >= 1.45]
    yield Bar("batch 1 where the limit allows 1.45, lowest ratio", slowest(roomy), 1.2)
    tiny = [each for each in results if each.point.batch == 1 and hidden_of(each) == 16]
    yield Bar("batch 1 at hidden 16, lowest ratio", slowest(tiny), 3)


def room(measured, limit_of, peer=None):
    """How many times the limit a peer takes, or the best one."""
    peer = peer or figures.best_peer(measured)
    limit = limit_of(measured)
    return figures.minimum(measured, peer) / limit if limit and peer in measured.minima else 0


def gradient_bars(results, limit_of):
    for peer in ("oneDNN 2", "oneDNN 3"):
        yield Bar(f"{peer}, lowest ratio", slowest(results, peer), 0.97)
    yield Bar("PyTorch 1.13, 1 thread, geometric mean", mean_ratio(with_threads(results, 1), OLD), 1.75)
    yield Bar("PyTorch 1.13, 2 threads, geometric mean", mean_ratio(with_threads(results, 2), OLD), 2.4)
    yield Bar("PyTorch, lowest ratio", slowest(results, NEW), 0.97)


# (model, measure, threads, peer) and the least ratio.
MODEL_BARS = [
    ("sentiment", "forward", 1, "ONNX Runtime", 1.15),
    ("sentiment", "forward", 1, "PyTorch 1.13", 1.7),
    ("sentiment", "step", 1, "PyTorch 1.13", 2),
    ("sentiment", "step", 2, "PyTorch 1.13", 2.7),
    ("time_series", "step", 1, "PyTorch 1.13", 2),
    ("time_series", "step", 2, "PyTorch 1.13", 3),
    ("encoder_decoder", "step", 1, "PyTorch 1.13", 1.2),
    ("encoder_decoder", "step", 2, "PyTorch 1.13", 1.4),
]


def model_bars(results, limit_of):
    for model, measure, threads, peer, least in MODEL_BARS:
        wanted = [each for each in results if (each.point.model, each.point.measure, each.point.threads) == (model, measure, threads)]
        yield Bar(f"{model}, {measure}, {points.counted(threads)}, {peer}", slowest(wanted, peer), least)
    tutorial = [each for each in results if each.point.parts]
    yield Bar("PyTorch, lowest ratio", slowest(tutorial, NEW), 0.97)
    roomy = [each for each in tutorial if room(each, limit_of, NEW) >= 1.3]
    yield Bar("PyTorch where the limit allows 1.3, lowest ratio", slowest(roomy, NEW), 1.15)


# (hidden, measure, threads) and the least ratio of the layer-norm LSTM to PyTorch's scripted cell.
NORMALISED_BARS = [
    (256, "forward", 1, 1.7),
    (256, "forward", 2, 3),
    (64, "forward", 1, 15),
    (256, "gradient", 1, 1.7),
    (256, "gradient", 2, 3),
    (64, "gradient", 1, 15),
]


def cell_bars(results, limit_of):
    for cell, most in points.ALLOWED_COST.items():
        costs = [figures.cost(each) for each in results if each.point.model == f"{cell}Layer"]
        yield Bar(f"{cell}, highest cost in LSTMs of its size", highest(costs), most=most)
    for hidden, measure, threads, least in NORMALISED_BARS:
        wanted = [
            each
            for each in results
            if each.point.model == "LayerNormLSTMLayer"
            and (hidden_of(each), each.point.measure, each.point.threads) == (hidden, measure, threads)
        ]
        yield Bar(f"LayerNormLSTM {hidden}, {measure}, {points.counted(threads)}, PyTorch 1.13", slowest(wanted, OLD), least)


def error_of(measured):
    """Relative, of the result that errs most; None in f32."""
    errors = measured.about.get(figures.OURS, {}).get("errors", {})
    return highest(each["rms_relative"] for each in errors.values())


def is_emulated(measured):
    return "emulated" in measured.about.get(figures.OURS, {}).get("products", "")


def precision_bars(results, limit_of):
    def gains(precision, batches):
        chosen = [each for each in results if each.point.precision == precision and each.point.batch in batches]
        return lowest(figures.ratio(each, figures.REFERENCE) for each in chosen)

    # Twice the rate is asked of a CPU that has it.
    least = None if any(map(is_emulated, results)) else 1.7
    yield Bar("bf16, batch 1, lowest ratio to f32", gains("bf16", [1]), 1.6)
    yield Bar("bf16, from batch 8 up, lowest ratio to f32", gains("bf16", [8, 32]), least)
    yield Bar("int8, batch 1, lowest ratio to f32", gains("int8", [1]), 2.5)
    yield Bar("int8, from batch 8 up, lowest ratio to f32", gains("int8", [8, 32]))


def ragged_bars(results, limit_of):
    yield Bar("highest cost in equal-length tokens", highest(map(figures.cost, results)), most=1.15)
    yield Bar("PyTorch 1.13's packed sequences, lowest ratio", slowest(results, OLD), 2.5)
    yield Bar("PyTorch's packed sequences, lowest ratio", slowest(results, NEW), 2.5)


def list_bars(results, limit_of):
    yield Bar("best peer, lowest ratio", slowest(results), 0.97)
    yield Bar("best peer, geometric mean", figures.geometric_mean(map(figures.ratio_to_best, results)))


def memory_of(measured, name):
    return measured.about.get(name, {}).get("peak_resident_bytes")


def memory_ratio(measured, peer):
    ours, theirs = memory_of(measured, figures.OURS), memory_of(measured, peer)
    return ours / theirs if ours and theirs else None


def data_bytes(point):
    """Of a layer's input and of the gradient that it is given, which every side holds."""
    sizes = dict(point.sizes)
    return 4 * point.batch * point.length * (sizes["inputs"] + sizes["hidden"])


def saved_ratio(measured, peer):
    """Of what is held besides the data: what is saved for the backward pass, mostly."""
    ours, theirs = memory_of(measured, figures.OURS), memory_of(measured, peer)
    data = data_bytes(measured.point)
    return (ours - data) / (theirs - data) if ours and theirs else None


def memory_bars(results, limit_of):
    for peer in (OLD, NEW):
        every = [memory_ratio(each, peer) for each in results if not each.point.save]
        yield Bar(f"of {peer}'s memory, highest share", highest(every), most=1)
    for each in results:
        if each.point.reference:
            yield Bar("checkpoints, share of what save-all holds besides the data", saved_ratio(each, figures.REFERENCE), most=1 / 3)
            for peer in (OLD, NEW):
                yield Bar(f"checkpoints, share of what {peer} holds besides the data", saved_ratio(each, peer), most=1 / 3)
            yield Bar("checkpoints, times save-all's time", figures.cost(each), most=1.4)


def call_bars(results, limit_of):
    yield Bar("RTNeural's best back-end, lowest ratio", slowest(results), 0.97)
    yield Bar("RTNeural's best back-end, geometric mean", figures.geometric_mean(map(figures.ratio_to_best, results)))


OLD, NEW = "PyTorch 1.13", "PyTorch"
OF_GROUPS = {
    "1 forward": forward_bars,
    "2 gradient": gradient_bars,
    "3 models": model_bars,
    "4 cells": cell_bars,
    "5 precision": precision_bars,
    "6 ragged": ragged_bars,
    "7 lists": list_bars,
    "8 memory": memory_bars,
    "9 calls": call_bars,
}


def bars_of(group, results, limit_of):
    """Those of a group for which there is something to judge by."""
    return [bar for bar in OF_GROUPS[group](results, limit_of) if bar.value is not None]
