"""A plain recurrent network from its equation, over padded sequences."""

import keras
from keras import layers, ops


class PlainRNN(layers.Layer):
    def __init__(self, hidden, **options):
        super().__init__(**options)
        self.state_size = self.output_size = hidden

    def build(self, shape):
        hidden = self.state_size
        uniform = keras.initializers.RandomUniform(-(hidden**-0.5), hidden**-0.5)
        self.W_x = self.add_weight(shape=(shape[-1], hidden), initializer=uniform)
        self.W_h = self.add_weight(shape=(hidden, hidden), initializer=uniform)
        self.b = self.add_weight(shape=(hidden,), initializer=uniform)

    def call(self, x, states):
        h = ops.tanh(x @ self.W_x + states[0] @ self.W_h + self.b)
        return h, [h]


def rnn_from_equation(inputs=3, hidden=5):
    x = keras.Input((None, inputs))
    mask = keras.Input((None,), dtype="bool")
    rnn = layers.RNN(PlainRNN(hidden), return_sequences=True, return_state=True, zero_output_for_mask=True)
    return keras.Model([x, mask], rnn(x, mask=mask))
