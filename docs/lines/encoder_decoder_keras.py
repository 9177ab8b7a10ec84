"""From one padded sequence to another, with teacher forcing: the encoder's final states begin the decoder."""

import keras
from keras import layers, ops


def encoder_decoder(inputs=5000, hidden=256, outputs=5000):
    source = keras.Input((None, inputs))
    source_mask = keras.Input((None,), dtype="bool")
    target = keras.Input((None, inputs))
    target_mask = keras.Input((None,), dtype="bool")
    _, *final = layers.LSTM(hidden, return_state=True)(source, mask=source_mask)
    states = layers.LSTM(hidden, return_sequences=True)(target, initial_state=final, mask=target_mask)
    result = layers.Dense(outputs)(states) * ops.cast(target_mask[..., None], "float32")
    return keras.Model([source, source_mask, target, target_mask], result)
