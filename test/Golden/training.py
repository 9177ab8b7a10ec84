"""What training.safetensors holds: PyTorch's losses and last weights of short trainings without dropout, in f64.

A step takes the batch step mod 5: 5 samples of length 7, whose inputs are those of case 600 + that; the even ones are ragged.
Targets are drawn with the case's seed at site 400.
"""

import dataclasses
import typing

import numpy as np
import torch
from torch.nn import functional

from philox import below, uniform

BATCHES, SAMPLES, LENGTH = 5, 5, 7
FIRST_CASE, TARGET_SITE = 600, 400


def favourable(seed, logit):
    return below(seed, TARGET_SITE, tuple(logit.shape), 2).astype(np.float64)


def numbers(seed, output):
    return uniform(seed, TARGET_SITE, tuple(output.shape), 1).astype(np.float64)


def words(seed, scores):
    return below(seed, TARGET_SITE, tuple(scores.shape[:2]), scores.shape[2])


def own(losses, lengths):
    """Of [B, T], those of the samples' own positions."""
    return losses if lengths is None else losses[torch.arange(losses.shape[1]) < lengths[:, None]]


def binary_cross_entropy(logit, target, lengths):
    return functional.binary_cross_entropy_with_logits(logit, target)


def squared_error(output, target, lengths):
    return own((output - target)[:, :, 0] ** 2, lengths).mean()


def cross_entropy(scores, target, lengths):
    """Word 0 is not learnt."""
    losses = functional.cross_entropy(scores.transpose(1, 2), target, ignore_index=0, reduction="none")
    return own(losses, lengths).sum() / own(target != 0, lengths).sum()


@dataclasses.dataclass
class Training:
    result: str
    dim: str
    """Whose lengths are those of the result, if it has any."""
    draw_target: typing.Callable
    loss: typing.Callable
    rates: dict
    """By the optimizer."""


TRAININGS = {
    "sentiment_small": Training("logit", "", favourable, binary_cross_entropy, {"sgd": 0.5, "adam": 0.01}),
    "time_series": Training("output", "T", numbers, squared_error, {"sgd": 0.1, "adam": 0.005}),
    "encoder_decoder_of_words": Training("output", "T", words, cross_entropy, {"sgd": 0.5, "adam": 0.02}),
}
STEPS = {"sgd": 100, "adam": 20}


def make_optimizer(kind, model, rate):
    if kind == "sgd":
        return torch.optim.SGD(model.parameters(), rate, momentum=0.9)
    return torch.optim.Adam(model.parameters(), rate)


def train(training, kind, model, draw_inputs):
    """The losses. `draw_inputs(case, samples, length, ragged)` gives the seed, inputs and lengths; with SGD the gradients'
    norm is clipped."""
    model = model.to(torch.float64)
    optimizer = make_optimizer(kind, model, training.rates[kind])
    losses = []
    for step in range(STEPS[kind]):
        batch = step % BATCHES
        seed, inputs, lengths = draw_inputs(FIRST_CASE + batch, SAMPLES, LENGTH, batch % 2 == 0)
        inputs = {name: x.to(torch.float64) if x.is_floating_point() else x for name, x in inputs.items()}
        given = model(inputs, lengths, None)[training.result]
        target = torch.from_numpy(training.draw_target(seed, given))
        loss = training.loss(given, target, lengths.get(training.dim))
        optimizer.zero_grad()
        loss.backward()
        if kind == "sgd":
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1)
        optimizer.step()
        losses.append(loss.item())
    return np.array(losses, np.float32)
