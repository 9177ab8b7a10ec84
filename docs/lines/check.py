#!/usr/bin/python3
"""Runs the modules of one notation on a padded batch: docs/lines/check.py torch|keras (with numpy and scipy, if nothing else).

What stands in the padding must not matter: each module is called twice.
"""

import importlib
import os
import sys

import numpy as np

LENGTHS, STEPS = np.array([4, 2, 3]), 4
MASK = np.arange(STEPS)[None] < LENGTHS[:, None]
RANDOM = np.random.default_rng(0)
TOKENS = None
# File, what makes the model, and its inputs: the widths of sequences, and in a list that of a vector.
MODELS = [
    ("rnn", {"torch": "RNNFromEquation", "keras": "rnn_from_equation"}, (3,)),
    ("lstm_by_hand", {"torch": "HandWritten", "keras": "hand_written"}, (3,)),
    ("recurrent", {"torch": "stacked_rnn", "keras": "stacked_rnn"}, (3,)),
    ("recurrent", {"torch": "stacked_gru", "keras": "stacked_gru"}, (3,)),
    ("recurrent", {"torch": "stacked_lstm", "keras": "stacked_lstm"}, (3,)),
    ("sentiment", {"torch": "SentimentClassifier", "keras": "sentiment_classifier"}, (TOKENS,)),
    ("sentiment_gru", {"torch": "SentimentGRU", "keras": "sentiment_gru"}, (TOKENS,)),
    ("sentiment_attention", {"torch": "SentimentAttention", "keras": "sentiment_attention"}, (TOKENS,)),
    ("time_series", {"torch": "TimeSeriesRNN", "keras": "time_series_rnn"}, (1,)),
    ("encoder_decoder", {"torch": "EncoderDecoder", "keras": "encoder_decoder"}, (5000, 5000)),
    ("encoder_decoder_of_words", {"torch": "EncoderDecoderOfWords", "keras": "encoder_decoder_of_words"}, (TOKENS, TOKENS)),
    ("attention", {"torch": "Attend", "keras": "attend"}, ([5], 5)),
    ("attentive_decoder", {"torch": "AttentiveDecoder", "keras": "AttentiveDecoder"}, (4, 4)),
    ("voice_activity", {"torch": "VoiceActivity", "keras": "voice_activity"}, (129,)),
    ("language_model", {"torch": "LanguageModel", "keras": "LanguageModel"}, (TOKENS,)),
    ("transformer", {"torch": "Transformer", "keras": "transformer"}, (TOKENS,)),
    ("cells", {"torch": "LayerNormalised", "keras": "layer_normalised"}, (3,)),
    ("cells", {"torch": "Peephole", "keras": "peephole"}, (3,)),
    ("cells", {"torch": "Projected", "keras": "projected"}, (3,)),
    ("cells", {"torch": "Coupled", "keras": "coupled"}, (3,)),
    ("cells", {"torch": "Minimal", "keras": "minimal"}, (3,)),
    ("cells", {"torch": "Dropped", "keras": "dropped"}, (3,)),
    ("cells", {"torch": "TwoMemories", "keras": "two_memories"}, (3,)),
    ("cells", {"torch": "Reading", "keras": "Reading"}, (3, 4)),
    ("cells", {"torch": "TwoLevels", "keras": "two_levels"}, (3,)),
]


def draw(width):
    """Numbers of a width, or tokens."""
    if width is TOKENS:
        return RANDOM.integers(5000, size=(len(LENGTHS), STEPS))
    shape = width if isinstance(width, list) else [STEPS, width]
    return RANDOM.normal(size=(len(LENGTHS), *shape)).astype(np.float32)


def with_padding(width, x):
    """Other values where no sample is."""
    if isinstance(width, list):
        return x
    return np.where(MASK if width is TOKENS else MASK[..., None], x, np.asarray(7, x.dtype))


def arguments(widths, values, extent):
    """Each sequence is followed by its lengths, or by its mask."""
    for width, value in zip(widths, values):
        yield value
        if not isinstance(width, list):
            yield extent


def call_torch(model, widths, values):
    import torch

    with torch.no_grad():
        results = model.eval()(*map(torch.from_numpy, arguments(widths, values, LENGTHS)))
    return [result.numpy() for result in (results if isinstance(results, tuple) else [results])]


def call_keras(model, widths, values):
    results = model.predict(list(arguments(widths, values, MASK)), verbose=0)
    return list(results) if isinstance(results, (tuple, list)) else [results]


def main():
    notation = sys.argv[1]
    os.environ.setdefault("KERAS_BACKEND", "numpy")
    sys.dont_write_bytecode = True
    call = {"torch": call_torch, "keras": call_keras}[notation]
    failures = 0
    for name, makers, widths in MODELS:
        model = getattr(importlib.import_module(f"{name}_{notation}"), makers[notation])()
        values = [draw(width) for width in widths]
        results = call(model, widths, values)
        others = call(model, widths, [with_padding(width, value) for width, value in zip(widths, values)])
        same = all(np.array_equal(*pair) for pair in zip(results, others, strict=True))
        print(f"{makers[notation]}: {[result.shape for result in results]}{'' if same else ': depends on the padding'}")
        failures += not same
    return failures > 0


if __name__ == "__main__":
    sys.exit(main())
