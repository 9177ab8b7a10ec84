"""The next value of a series at each of its steps, over padded sequences."""

import keras
from keras import layers, ops


def time_series_rnn(hidden=64):
    x = keras.Input((None, 1))
    mask = keras.Input((None,), dtype="bool")
    lower = layers.LSTM(hidden, return_sequences=True)(x, mask=mask)
    upper = layers.LSTM(hidden, return_sequences=True)(lower, mask=mask)
    outputs = layers.Dense(1)(upper)
    return keras.Model([x, mask], outputs * ops.cast(mask[..., None], "float32"))
