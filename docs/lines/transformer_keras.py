"""A small causal transformer over padded texts: at each word, the scores of the next one."""

import math

import keras
from keras import layers, ops


def block(x, mask, heads, width, inner):
    read = layers.MultiHeadAttention(heads, width, dropout=0.1)(x, x, attention_mask=mask[:, None], use_causal_mask=True)
    x = layers.LayerNormalization(epsilon=1e-5)(x + layers.Dropout(0.1)(read))
    hidden = layers.Dropout(0.1)(layers.Dense(inner, "relu")(x))
    return layers.LayerNormalization(epsilon=1e-5)(x + layers.Dropout(0.1)(layers.Dense(heads * width)(hidden)))


def transformer(vocabulary=10000, heads=4, width=32, inner=512):
    size = heads * width
    text = keras.Input((None,), dtype="int64")
    mask = keras.Input((None,), dtype="bool")
    words = layers.Embedding(vocabulary, size)(text) * math.sqrt(size)
    places = ops.cumsum(ops.ones_like(words[..., :1]), 1) - 1
    angles = places * ops.exp(ops.arange(size) // 2 * (-2 * math.log(10000) / size))
    x = layers.Dropout(0.1)(words + ops.where(ops.arange(size) % 2 == 0, ops.sin(angles), ops.cos(angles)))
    for _ in range(2):
        x = block(x, mask, heads, width, inner)
    scores = layers.Dense(vocabulary)(x) * ops.cast(mask[..., None], "float32")
    return keras.Model([text, mask], scores)
