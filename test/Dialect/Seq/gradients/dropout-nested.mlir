// Dropout in loops inside each other.
// RUN: seq-check-gradient %s
// RUN: seq-check-gradient --save=checkpoint %s

module attributes {seq.dims = ["W", "C"], seq.training} {
  func.func @main(%x: tensor<?x?x2xf32> {seq.input = "x", seq.axes = array<i64: 0, 1, -1>}, %w: tensor<2x2xf32> {seq.param = "w"}) -> (tensor<f32> {seq.output = "loss.sum", seq.axes = array<i64>}, tensor<f32> {seq.output = "loss.weight", seq.axes = array<i64>}) {
    %zero = arith.constant dense<0.0> : tensor<2xf32>
    %y = seq.map sequences(%x : tensor<?x?x2xf32>) invariants(%w, %zero : tensor<2x2xf32>, tensor<2xf32>) -> tensor<?x2xf32> {
    ^bb0(%word: tensor<?x2xf32>, %w0: tensor<2x2xf32>, %z: tensor<2xf32>):
      %d = seq.dropout %word rate 0.25 site 1 : tensor<?x2xf32>
      %h = seq.scan sequences(%d : tensor<?x2xf32>) states(%z : tensor<2xf32>) invariants(%w0 : tensor<2x2xf32>) -> tensor<2xf32> {
      ^bb0(%c: tensor<2xf32>, %s: tensor<2xf32>, %w1: tensor<2x2xf32>):
        %e = seq.dropout %s rate 0.5 site 2 : tensor<2xf32>
        %p = seq.contract %w1 [1], %e [0] : tensor<2x2xf32>, tensor<2xf32> -> tensor<2xf32>
        %sum = arith.addf %p, %c : tensor<2xf32>
        %n = math.tanh %sum : tensor<2xf32>
        seq.yield %n : tensor<2xf32>
      }
      seq.yield %h : tensor<2xf32>
    }
    %sum = seq.reduce sum %y axis 0 : tensor<?x2xf32> -> tensor<2xf32>
    %l = seq.contract %sum [0], %sum [0] : tensor<2xf32>, tensor<2xf32> -> tensor<f32>
    %one = arith.constant dense<1.0> : tensor<f32>
    return %l, %one : tensor<f32>, tensor<f32>
  }
}
