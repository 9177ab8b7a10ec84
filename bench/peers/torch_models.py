"""The points of bench/run in PyTorch: a module, what it is called with, and its loss.

Whole models are those of test/Golden, which have the parameters of examples/ and give the same numbers.
"""

import pathlib
import sys

import torch
from torch import nn
from torch.nn import functional

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent.parent / "test" / "Golden"))
import cells
import convolutions
import decoders
import models
import transformers
from lines import Skip
from torch_cells import CELLS, Loop

LAYERS = {"LSTMLayer": nn.LSTM, "GRULayer": nn.GRU, "RNNLayer": nn.RNN}


def adam(parameters):
    """Fused where there is such."""
    try:
        return torch.optim.Adam(parameters, lr=1e-3, fused=True)
    except (TypeError, RuntimeError):
        return torch.optim.Adam(parameters, lr=1e-3)


def example_cell(name, **more):
    return lambda: getattr(cells, name)(inputs=64, hidden=128, **more)


MODELS = {
    "sentiment": lambda: models.SentimentClassifier(10000, 100, 128),
    "sentiment_gru": lambda: models.SentimentGRU(10000, 100, 128),
    "sentiment_attention": lambda: models.SentimentAttention(10000, 100, 128),
    "time_series": models.TimeSeriesRNN,
    "encoder_decoder": lambda: decoders.EncoderDecoder(5000, 256, 5000),
    "encoder_decoder_of_words": lambda: decoders.EncoderDecoderOfWords(5000, 256, 5000),
    "attention": lambda: decoders.Attend(256),
    "attentive_decoder": lambda: decoders.AttentiveDecoder(64, 128, 64),
    "language_model": lambda: models.LanguageModel(10000, 256),
    "transformer": lambda: transformers.Transformer(10000, 4, 32, 512),
    "voice_activity": convolutions.VoiceActivity,
    "Projected": example_cell("Projected", projection=64),
    "Dropped": example_cell("Dropped"),
    "TwoMemories": example_cell("TwoMemories", slow=64),
    "Reading": example_cell("Reading", memory=64),
    "TwoLevels": example_cell("TwoLevels"),
}


def binary(results):
    return functional.binary_cross_entropy_with_logits(results["logit"], torch.rand_like(results["logit"]).round())


def squared(results):
    return functional.mse_loss(results["output"], torch.randn_like(results["output"]))


def words(name):
    def loss(results):
        scores = results[name].flatten(0, 1)
        return functional.cross_entropy(scores, torch.randint(scores.shape[1], scores.shape[:1]))

    return loss


# The loss of each model's `train` block, and what bounds the norm of its gradient.
LOSSES = {
    "sentiment": (binary, 5),
    "sentiment_gru": (binary, 5),
    "sentiment_attention": (binary, 5),
    "time_series": (squared, 1),
    "encoder_decoder": (words("output"), 1),
    "encoder_decoder_of_words": (words("output"), 1),
    "language_model": (words("scores"), 0),
}


class Layer:
    """One layer over [T, B, I]. The gradient of what it says is given; its input, being data, wants none."""

    clip = 0

    def __init__(self, point, scripted=True):
        inputs, hidden = point["inputs"], point["hidden"]
        if point["model"] in LAYERS:
            self.module = LAYERS[point["model"]](inputs, hidden)
            self.pick = lambda results: results[0]
        elif point["model"] in CELLS:
            loop = Loop(CELLS[point["model"]](inputs, hidden))
            self.module = torch.jit.script(loop) if scripted else loop
            self.pick = lambda results: results
        else:
            raise Skip("no such layer in PyTorch")
        self.x = torch.randn(point["length"], point["batch"], inputs)
        self.given = torch.randn(point["length"], point["batch"], hidden)

    def forward(self):
        return self.pick(self.module(self.x))

    def backward(self):
        self.forward().backward(self.given)


class Whole:
    """A model of examples/."""

    def __init__(self, point):
        name, batch, length = point["model"], point["batch"], point["length"]
        if name not in MODELS:
            raise Skip("no such model in test/Golden")
        self.module = MODELS[name]()
        self.loss, self.clip = LOSSES.get(name, (None, 0))
        self.inputs = {}
        for key, (dim, size, *kind) in self.module.inputs.items():
            shape = (batch, length) if dim else (batch,)
            self.inputs[key] = torch.randint(size, shape) if kind else torch.randn(*shape, size)
        lengths = torch.tensor(point["lengths"]) if "lengths" in point else None
        self.lengths = {dim: lengths for dim, *_ in self.module.inputs.values()}

    def forward(self):
        return self.module(self.inputs, self.lengths, None)

    def backward(self):
        self.loss(self.forward()).backward()


def make(point, **options):
    torch.manual_seed(0)
    return Layer(point, **options) if "hidden" in point else Whole(point)
