"""Cells that no library has fast, each with a model that runs it, over padded sequences."""

import keras
from keras import layers, ops


class Cell(layers.Layer):
    """Of states of these widths, of which the first is what it says."""

    def __init__(self, *widths, **options):
        super().__init__(**options)
        self.state_size = widths
        self.output_size = widths[0]


def built(layer, width):
    """What a cell holds is built with it."""
    layer.build((None, width))
    return layer


def sequence(inputs):
    return keras.Input((None, inputs)), keras.Input((None,), dtype="bool")


def run(cells, x, mask, **options):
    return layers.RNN(cells, return_sequences=True, zero_output_for_mask=True, **options)(x, mask=mask)


class LayerNormLSTM(Cell):
    """Layer normalisation of both products and of the cell state (Ba et al., 2016)."""

    def build(self, shape):
        hidden = self.output_size
        self.of_input = built(layers.Dense(4 * hidden, use_bias=False), shape[-1])
        self.of_hidden = built(layers.Dense(4 * hidden, use_bias=False), hidden)
        self.input_norm = built(layers.LayerNormalization(epsilon=1e-5), 4 * hidden)
        self.hidden_norm = built(layers.LayerNormalization(epsilon=1e-5), 4 * hidden)
        self.cell_norm = built(layers.LayerNormalization(epsilon=1e-5), hidden)

    def call(self, x, states):
        h, c = states
        i, f, g, o = ops.split(self.input_norm(self.of_input(x)) + self.hidden_norm(self.of_hidden(h)), 4, -1)
        c = ops.sigmoid(f) * c + ops.sigmoid(i) * ops.tanh(g)
        h = ops.sigmoid(o) * ops.tanh(self.cell_norm(c))
        return h, [h, c]


def layer_normalised(inputs=3, hidden=5):
    x, mask = sequence(inputs)
    return keras.Model([x, mask], run(LayerNormLSTM(hidden, hidden), x, mask))


class PeepholeLSTM(Cell):
    """The gates see the cell state (Gers & Schmidhuber, 2000)."""

    def build(self, shape):
        hidden = self.output_size
        uniform = keras.initializers.RandomUniform(-(hidden**-0.5), hidden**-0.5)
        self.gates = built(layers.Dense(4 * hidden), shape[-1] + hidden)
        self.p_i = self.add_weight(shape=(hidden,), initializer=uniform)
        self.p_f = self.add_weight(shape=(hidden,), initializer=uniform)
        self.p_o = self.add_weight(shape=(hidden,), initializer=uniform)

    def call(self, x, states):
        h, c = states
        i, f, g, o = ops.split(self.gates(ops.concatenate([x, h], -1)), 4, -1)
        c = ops.sigmoid(f + self.p_f * c) * c + ops.sigmoid(i + self.p_i * c) * ops.tanh(g)
        h = ops.sigmoid(o + self.p_o * c) * ops.tanh(c)
        return h, [h, c]


def peephole(inputs=3, hidden=5):
    x, mask = sequence(inputs)
    there = run(PeepholeLSTM(hidden, hidden), x, mask)
    back = ops.flip(run(PeepholeLSTM(hidden, hidden), x, mask, go_backwards=True), 1)
    return keras.Model([x, mask], ops.concatenate([there, back], -1))


class ProjectedLSTM(Cell):
    """The hidden state is a projection of the cell's (Sak et al., 2014)."""

    def build(self, shape):
        projection, hidden = self.state_size
        self.gates = built(layers.Dense(4 * hidden), shape[-1] + projection)
        self.project = built(layers.Dense(projection, use_bias=False), hidden)

    def call(self, x, states):
        h, c = states
        i, f, g, o = ops.split(self.gates(ops.concatenate([x, h], -1)), 4, -1)
        c = ops.sigmoid(f) * c + ops.sigmoid(i) * ops.tanh(g)
        h = self.project(ops.sigmoid(o) * ops.tanh(c))
        return h, [h, c]


def projected(inputs=3, hidden=5, projection=4):
    x, mask = sequence(inputs)
    return keras.Model([x, mask], run([ProjectedLSTM(projection, hidden) for _ in range(2)], x, mask))


class CoupledLSTM(Cell):
    """What is forgotten makes room for what comes in (Greff et al., 2017)."""

    def build(self, shape):
        self.gates = built(layers.Dense(3 * self.output_size), shape[-1] + self.output_size)

    def call(self, x, states):
        h, c = states
        f, g, o = ops.split(self.gates(ops.concatenate([x, h], -1)), 3, -1)
        keep = ops.sigmoid(f)
        c = keep * c + (1 - keep) * ops.tanh(g)
        h = ops.sigmoid(o) * ops.tanh(c)
        return h, [h, c]


def coupled(inputs=3, hidden=5):
    x, mask = sequence(inputs)
    outputs = ops.flip(run(CoupledLSTM(hidden, hidden), x, mask, go_backwards=True), 1)
    return keras.Model([x, mask], [outputs, outputs[:, 0]])


class MinimalGatedUnit(Cell):
    """One gate (Zhou et al., 2016)."""

    def build(self, shape):
        self.gate = built(layers.Dense(self.output_size, "sigmoid"), shape[-1] + self.output_size)
        self.candidate = built(layers.Dense(self.output_size, "tanh"), shape[-1] + self.output_size)

    def call(self, x, states):
        h = states[0]
        f = self.gate(ops.concatenate([x, h], -1))
        h = (1 - f) * h + f * self.candidate(ops.concatenate([x, f * h], -1))
        return h, [h]


def minimal(inputs=3, hidden=5):
    x, mask = sequence(inputs)
    return keras.Model([x, mask], run([MinimalGatedUnit(hidden) for _ in range(2)], x, mask))


class DropoutLSTM(Cell):
    """Dropout on what goes into the state (Semeniuta et al., 2016). It trains with TensorFlow; JAX allows no draw inside its loop."""

    def build(self, shape):
        self.gates = built(layers.Dense(4 * self.output_size), shape[-1] + self.output_size)
        self.dropout = layers.Dropout(0.25)

    def call(self, x, states):
        h, c = states
        i, f, g, o = ops.split(self.gates(ops.concatenate([x, h], -1)), 4, -1)
        c = ops.sigmoid(f) * c + ops.sigmoid(i) * self.dropout(ops.tanh(g))
        h = ops.sigmoid(o) * ops.tanh(c)
        return h, [h, c]


def dropped(inputs=3, hidden=5):
    x, mask = sequence(inputs)
    return keras.Model([x, mask], run(DropoutLSTM(hidden, hidden), x, mask))


class FastSlow(Cell):
    """Two states of different shape and meaning, a fast and a slow memory; and a third that counts the steps."""

    def build(self, shape):
        fast, slow, _ = self.state_size
        self.output_size = fast + slow
        self.read = built(layers.Dense(fast), shape[-1] + slow)
        self.write = built(layers.Dense(slow), fast)

    def get_initial_state(self, batch_size=None):
        return [ops.full((batch_size, width), value) for width, value in zip(self.state_size, (0.0, 0.5, 0.0))]

    def call(self, x, states):
        fast, slow, count = states
        count = count + 1
        fast = ops.tanh(self.read(ops.concatenate([x, slow], -1)) + 0.3 * fast)
        slow = slow + (self.write(fast) - slow) / count
        return ops.concatenate([fast, slow], -1), [fast, slow, count]


def two_memories(inputs=3, hidden=5, memory=4):
    x, mask = sequence(inputs)
    return keras.Model([x, mask], ops.split(run(FastSlow(hidden, memory, 1), x, mask), [hidden], -1))


class Reading(keras.Model):
    """Reads a memory inside the step, by what its state asks for, and gives the weights of the reading too."""

    def __init__(self, memory=4, hidden=5):
        super().__init__()
        self.hidden = hidden
        self.query = layers.Dense(memory)
        self.attention = layers.Attention()
        self.next = layers.Dense(hidden, "tanh")

    def call(self, inputs):
        x, mask, memory, memory_mask = inputs
        h = ops.zeros((ops.shape(x)[0], 1, self.hidden))
        outputs, looks = [], []
        for t in range(x.shape[1]):
            asked = [self.query(h), memory]
            context, weights = self.attention(asked, mask=[None, memory_mask], return_attention_scores=True)
            h = self.next(ops.concatenate([x[:, t : t + 1], context, h], -1))
            outputs.append(h)
            looks.append(weights)
        alive = ops.cast(mask[..., None], "float32")
        return ops.concatenate(outputs, 1) * alive, ops.concatenate(looks, 1) * alive


class TwoLevel(Cell):
    """The step's input is itself read as a sequence, by a recurrence of its own, which begins anew in each step."""

    def build(self, shape):
        self.rate = self.add_weight(shape=(), initializer=keras.initializers.Constant(0.4))
        self.outer = layers.GRUCell(self.output_size)
        self.outer.build(shape)

    def call(self, x, states):
        s, smoothed = ops.zeros_like(x[:, 0]), []
        for e in ops.unstack(x, axis=1):
            s = s + self.rate * (e - s)
            smoothed.append(s)
        return self.outer(ops.stack(smoothed, 1) + s[:, None], states)


def two_levels(inputs=3, hidden=5):
    x, mask = sequence(inputs)
    return keras.Model([x, mask], run(TwoLevel(hidden), x, mask))
