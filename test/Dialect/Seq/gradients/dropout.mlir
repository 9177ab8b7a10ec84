// Dropout of a sequence, of states in a loop, of both with one mask: the backward
// loop draws what the forward one has drawn.
// RUN: seq-check-gradient %s
// RUN: seq-check-gradient --save=checkpoint %s

module attributes {seq.dims = ["T"], seq.training} {
  func.func @main(%x: tensor<?x3xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>}, %w: tensor<3x3xf32> {seq.param = "w"}, %u: tensor<3x3xf32> {seq.param = "u"}) -> (tensor<f32> {seq.output = "loss.sum", seq.axes = array<i64>}, tensor<f32> {seq.output = "loss.weight", seq.axes = array<i64>}) {
    %d = seq.dropout %x rate 0.3 site 2 : tensor<?x3xf32>
    %o = seq.dropout %d rate 0.2 site 3 once : tensor<?x3xf32>
    %zero = arith.constant dense<0.0> : tensor<3xf32>
    %h = seq.scan reverse sequences(%o : tensor<?x3xf32>) states(%zero : tensor<3xf32>) invariants(%w, %u : tensor<3x3xf32>, tensor<3x3xf32>) -> tensor<3xf32> {
    ^bb0(%x_t: tensor<3xf32>, %s: tensor<3xf32>, %w1: tensor<3x3xf32>, %u1: tensor<3x3xf32>):
      %s1 = seq.dropout %s rate 0.3 site 4 : tensor<3xf32>
      %s2 = seq.dropout %s1 rate 0.3 site 5 once : tensor<3xf32>
      %p = seq.contract %w1 [1], %x_t [0] : tensor<3x3xf32>, tensor<3xf32> -> tensor<3xf32>
      %q = seq.contract %u1 [1], %s2 [0] : tensor<3x3xf32>, tensor<3xf32> -> tensor<3xf32>
      %sum = arith.addf %p, %q : tensor<3xf32>
      %n = math.tanh %sum : tensor<3xf32>
      seq.yield %n : tensor<3xf32>
    }
    %l = seq.contract %h [0], %h [0] : tensor<3xf32>, tensor<3xf32> -> tensor<f32>
    %one = arith.constant dense<1.0> : tensor<f32>
    return %l, %one : tensor<f32>, tensor<f32>
  }
}
