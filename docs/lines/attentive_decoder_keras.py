"""From one padded sequence to another: at each step the decoder attends over all that the encoder has said."""

import keras
from keras import layers, ops


class AttentiveDecoder(keras.Model):
    def __init__(self, hidden=5, outputs=6):
        super().__init__()
        self.encoder = layers.LSTM(hidden, return_sequences=True, return_state=True)
        self.decoder = layers.LSTMCell(hidden)
        self.of_query = layers.Dense(hidden)
        self.of_memory = layers.Dense(hidden, use_bias=False)
        self.score = layers.Dense(1, use_bias=False)
        self.fc = layers.Dense(outputs)
        self.softmax = layers.Softmax(axis=1)

    def attend(self, query, memory, mask):
        scores = self.score(ops.tanh(self.of_memory(memory) + self.of_query(query)[:, None]))[..., 0]
        weights = self.softmax(scores, mask=mask)
        return ops.sum(weights[..., None] * memory, 1), weights

    def call(self, inputs):
        source, source_mask, target, target_mask = inputs
        memory, h, c = self.encoder(source, mask=source_mask)
        context = ops.zeros_like(h)
        outputs, looks = [], []
        for t in range(target.shape[1]):
            h, (_, c) = self.decoder(ops.concatenate([target[:, t], context], 1), [h, c])
            context, weights = self.attend(h, memory, source_mask)
            outputs.append(self.fc(ops.concatenate([h, context], 1)))
            looks.append(weights)
        alive = ops.cast(target_mask[..., None], "float32")
        return ops.stack(outputs, 1) * alive, ops.stack(looks, 1) * alive
