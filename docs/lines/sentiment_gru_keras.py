"""Whether a review is favourable, with GRU for LSTM: one logit for each text of a padded batch."""

import keras
from keras import layers, ops


def sentiment_gru(vocabulary=10000, embedding=100, hidden=128):
    text = keras.Input((None,), dtype="int64")
    mask = keras.Input((None,), dtype="bool")
    words = layers.Embedding(vocabulary, embedding)(text)
    lower = layers.Bidirectional(layers.GRU(hidden, return_sequences=True))(words, mask=mask)
    final = layers.Bidirectional(layers.GRU(hidden))(layers.Dropout(0.3)(lower), mask=mask)
    logit = layers.Dense(1)(layers.Dropout(0.3)(final))
    return keras.Model([text, mask], ops.squeeze(logit, -1))
