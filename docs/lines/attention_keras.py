"""Attention of a state over padded outputs of an encoder, by a small network of both."""

import keras
from keras import layers, ops


def attend(hidden=5):
    query = keras.Input((hidden,))
    memory = keras.Input((None, hidden))
    mask = keras.Input((None,), dtype="bool")
    queries = ops.zeros_like(memory) + query[:, None]
    scores = layers.Dense(1)(layers.Dense(hidden, "tanh")(ops.concatenate([queries, memory], -1)))[..., 0]
    weights = layers.Softmax(axis=1)(scores, mask=mask)
    return keras.Model([query, memory, mask], [ops.sum(weights[..., None] * memory, 1), weights])
