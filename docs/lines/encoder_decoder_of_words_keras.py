"""From one padded text to another, with teacher forcing one word late; a word is a vector with a one in its place."""

import keras
from keras import layers, ops


def encoder_decoder_of_words(words=5000, hidden=256, outputs=5000):
    source = keras.Input((None,), dtype="int64")
    source_mask = keras.Input((None,), dtype="bool")
    target = keras.Input((None,), dtype="int64")
    target_mask = keras.Input((None,), dtype="bool")
    _, *final = layers.LSTM(hidden, return_state=True)(ops.one_hot(source, words), mask=source_mask)
    given = ops.pad(target[:, :-1], ((0, 0), (1, 0)))
    states = layers.LSTM(hidden, return_sequences=True)(ops.one_hot(given, words), initial_state=final, mask=target_mask)
    result = layers.Dense(outputs)(states) * ops.cast(target_mask[..., None], "float32")
    return keras.Model([source, source_mask, target, target_mask], result)
