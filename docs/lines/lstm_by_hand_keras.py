"""An LSTM from its equations, one linear layer over the joined input and state, over padded sequences."""

import keras
from keras import layers, ops


class LSTMByHand(layers.Layer):
    def __init__(self, hidden, **options):
        super().__init__(**options)
        self.state_size = [hidden, hidden]
        self.output_size = hidden
        self.gates = layers.Dense(4 * hidden)

    def build(self, shape):
        self.gates.build((None, shape[-1] + self.output_size))

    def call(self, x, states):
        h, c = states
        i, f, g, o = ops.split(self.gates(ops.concatenate([x, h], -1)), 4, -1)
        c = ops.sigmoid(f) * c + ops.sigmoid(i) * ops.tanh(g)
        h = ops.sigmoid(o) * ops.tanh(c)
        return h, [h, c]


def hand_written(inputs=3, hidden=5):
    x = keras.Input((None, inputs))
    mask = keras.Input((None,), dtype="bool")
    lstm = layers.RNN(LSTMByHand(hidden), return_sequences=True, return_state=True, zero_output_for_mask=True)
    return keras.Model([x, mask], lstm(x, mask=mask))
