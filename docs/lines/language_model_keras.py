"""A language model over padded texts, whose output layer has the embedding's weights."""

import keras
from keras import layers, ops


class LanguageModel(keras.Model):
    def __init__(self, vocabulary=10000, width=256):
        super().__init__()
        self.embedding = layers.Embedding(vocabulary, width)
        self.lower = layers.LSTM(width, return_sequences=True)
        self.upper = layers.LSTM(width, return_sequences=True)
        self.dropout = layers.Dropout(0.5)
        self.bias = self.add_weight(shape=(vocabulary,), initializer="zeros")

    def call(self, inputs):
        text, mask = inputs
        lower = self.lower(self.dropout(self.embedding(text)), mask=mask)
        upper = self.upper(self.dropout(lower), mask=mask)
        scores = ops.matmul(self.dropout(upper), ops.transpose(self.embedding.embeddings)) + self.bias
        return scores * ops.cast(mask[..., None], "float32")
