"""Is there speech? A probability for each fourth frame of padded sequences of spectra."""

import keras
from keras import layers, ops


def voice_activity(frame=129, channels=64, hidden=128):
    x = keras.Input((None, frame))
    mask = keras.Input((None,), dtype="bool")
    features, alive = x, mask
    for filters, stride in ((hidden, 1), (channels, 2), (channels, 2), (hidden, 1)):
        padded = layers.ZeroPadding1D(1)(features * ops.cast(alive[..., None], "float32"))
        features = layers.Conv1D(filters, 3, stride, activation="relu")(padded)
        alive = alive[:, ::stride]
    states = layers.LSTM(hidden, return_sequences=True)(features, mask=alive)
    speech = layers.Dense(1, "sigmoid")(states)[..., 0]
    return keras.Model([x, mask], speech * ops.cast(alive, "float32"))
