"""What a point has to compute, and how long that takes at the least on a machine whose peaks were measured.

A model is a list of parts: scans and products. FLOPs are those of products alone. Training takes three times as many, forward
and for the gradients of both factors, less those for gradients of inputs that nobody needs.
"""

import dataclasses

from . import gates

FLOAT_BYTES = 4


@dataclasses.dataclass(frozen=True)
class Scan:
    """A recurrence. `wide` and `deep` are the gates whose products take the input and the state; 0 inputs stand for a look-up.
    `steps` counts the steps of all samples, `length` those that have to follow one another."""

    cell: str
    inputs: int
    hidden: int
    steps: int
    length: int
    directions: int = 1
    needs_input_gradient: bool = False

    @property
    def gates(self):
        return GATES[self.cell]

    def flops(self, training):
        wide, deep = (2 * self.steps * self.directions * self.gates * self.hidden * size for size in (self.inputs, self.hidden))
        if not training:
            return wide + deep
        return (3 if self.needs_input_gradient else 2) * wide + 3 * deep

    def limit(self, machine, threads, training):
        """Seconds. Products with inputs are one product; those with the state read the weights again in each step."""
        passes = 2 if training else 1
        deep_flops = 2 * self.steps * self.directions * self.gates * self.hidden * self.hidden
        weights = FLOAT_BYTES * self.gates * self.hidden * self.hidden
        reading = self.length * self.directions * machine.reading_seconds(weights, threads)
        multiplying = deep_flops / machine.flops(threads)
        others = (self.flops(training) - passes * deep_flops) / machine.flops(threads)
        elements = self.steps * self.directions * self.hidden
        instructions = gates.FORWARD[self.cell] + (gates.BACKWARD[self.cell] if training else 0)
        return (
            passes * max(multiplying, reading)
            + others
            + machine.elementwise_seconds(instructions * elements, threads)
            + passes * self.length * machine.barrier_seconds(threads)
        )


@dataclasses.dataclass(frozen=True)
class Product:
    """`rows` vectors, all at once, times one matrix."""

    rows: int
    inputs: int
    outputs: int

    def flops(self, training):
        return (3 if training else 1) * 2 * self.rows * self.inputs * self.outputs

    def limit(self, machine, threads, training):
        reading = machine.reading_seconds(FLOAT_BYTES * self.inputs * self.outputs, threads)
        return max(self.flops(training) / machine.flops(threads), (2 if training else 1) * reading)


GATES = {
    "LSTM": 4,
    "GRU": 3,
    "RNN": 1,
    "LayerNormLSTM": 4,
    "PeepholeLSTM": 4,
    "CoupledLSTM": 3,
    "MinimalGatedUnit": 2,
}


def flops_of(parts, training):
    return sum(part.flops(training) for part in parts)


def limit_of(parts, machine, threads, training):
    """Milliseconds."""
    return 1e3 * sum(part.limit(machine, threads, training) for part in parts)
