"""Whether a review is favourable, by attention over a padded batch: one logit for each text, and how much each word counted."""

import keras
from keras import layers, ops


def sentiment_attention(vocabulary=10000, embedding=100, hidden=128):
    text = keras.Input((None,), dtype="int64")
    mask = keras.Input((None,), dtype="bool")
    words = layers.Embedding(vocabulary, embedding)(text)
    lower = layers.Bidirectional(layers.LSTM(hidden, return_sequences=True))(words, mask=mask)
    upper = layers.Bidirectional(layers.LSTM(hidden, return_sequences=True))(layers.Dropout(0.3)(lower), mask=mask)
    weights = layers.Softmax(axis=1)(layers.Dense(1)(upper)[..., 0], mask=mask)
    context = ops.sum(weights[..., None] * upper, 1)
    logit = layers.Dense(1)(layers.Dropout(0.3)(context))
    return keras.Model([text, mask], [ops.squeeze(logit, -1), weights])
