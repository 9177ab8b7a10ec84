"""The library's cells in two layers and both directions, over padded sequences."""

import keras
from keras import layers


def stacked(cell, states, inputs=3, hidden=5):
    x = keras.Input((None, inputs))
    mask = keras.Input((None,), dtype="bool")
    options = {"return_sequences": True, "zero_output_for_mask": True}
    lower = layers.Bidirectional(cell(hidden, **options))(x, mask=mask)
    upper = layers.Bidirectional(cell(hidden, return_state=True, **options))
    outputs, *final = upper(lower, mask=mask)
    return keras.Model([x, mask], [outputs, final[0], final[states]])


def stacked_rnn():
    return stacked(layers.SimpleRNN, states=1)


def stacked_gru():
    return stacked(layers.GRU, states=1)


def stacked_lstm():
    return stacked(layers.LSTM, states=2)
