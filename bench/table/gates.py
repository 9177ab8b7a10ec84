"""The fewest vector instructions that a cell's elementwise mathematics takes: what the limit of a point counts for it.

Each count is of one vector's worth of elements, on a machine with fused multiply-adds, an approximate reciprocal and a scaling
by powers of two (AVX-512's count; AVX2 needs some more, so that the limit is a limit there too). Loads, stores and what can go
into a product's accumulator (the bias, the sum of both products) cost nothing: they run beside the arithmetic. An instruction
takes the place of one fused multiply-add. The bounds are those the compiler keeps: exp within 4 ulp; sigmoid and tanh within
2.5e-7 absolute and 1e-6 relative.

exp       10  to a power of two and a rest: multiply by 1 / ln 2, round, subtract the product with ln 2 in two parts (2); a
              polynomial of degree 5 (5), which errs by 8e-8 of the value; scale by the power (1).
divide     4  a reciprocal to 14 bits, one step of Newton (2), multiply: 1.5 ulp.
sigmoid   14  1 / (1 + exp(-x)): clamp, for the step of Newton knows no infinity (1); exp with the sign in its constants, and ln 2
              in one part, which the relative bound allows (9); add 1; a reciprocal and its step (3). Half a tanh more a half
              would be one instruction more, and fails the relative bound far below zero.
tanh      15  x P(x^2) / Q(x^2): clamp the magnitude (1), square (1), P of degree 5 (5), times x (1), Q of degree 3 (3), divide
              (4). The best such function errs by 6e-8 relative on [0, 9]; with a coefficient less by 4e-7, beyond the bound.
              The exponential's way takes more.
"""

EXP = 10
DIVIDE = 4
SIGMOID = 1 + (EXP - 1) + 1 + 3
TANH = 1 + 1 + 5 + 1 + 3 + DIVIDE

# Mean and variance in one pass (an add and a multiply-add for each element), then scale, shift, weight and bias (two).
NORMALISE = 4

# Of each hidden unit at each step: forward, and backward from what forward saved (the gates and the state; x - x^2 and 1 - x^2
# are one multiply-add each, and so is a product that is added).
FORWARD = {
    # c = f c + i g takes two, h = o tanh(c) one.
    "LSTM": 3 * SIGMOID + 2 * TANH + 3,
    # The candidate's product with r is added in one; h = n + z (h - n) takes two.
    "GRU": 2 * SIGMOID + TANH + 3,
    "RNN": TANH,
    # Both products, of four gates each, and the cell state are normalised; the sum of the products is an instruction for each gate.
    "LayerNormLSTM": 3 * SIGMOID + 2 * TANH + 3 + 9 * NORMALISE + 4,
    # Three gates see the cell state.
    "PeepholeLSTM": 3 * SIGMOID + 2 * TANH + 3 + 3,
    # c = g + keep (c - g) takes two.
    "CoupledLSTM": 2 * SIGMOID + 2 * TANH + 3,
    # f h before the second product, then two as in a GRU.
    "MinimalGatedUnit": SIGMOID + TANH + 3,
}

BACKWARD = {
    # o: 3; the cell's gradient: 3; i, f and g: 3 each; on to the step before: 1.
    "LSTM": 16,
    # z: 4; n: 3; r: 3; the product's part of n: 1; on to the step before: 1.
    "GRU": 12,
    "RNN": 2,
    # Each normalised element takes a sum, a product and a multiply-add into sums, and as many after them.
    "LayerNormLSTM": 16 + 9 * 6,
    # Three more for the state's gradient, three for the weights'.
    "PeepholeLSTM": 16 + 6,
    # As the LSTM's without one gate, and one more for the difference.
    "CoupledLSTM": 14,
    # f: 5; the candidate: 3; on through f h: 3.
    "MinimalGatedUnit": 11,
}
