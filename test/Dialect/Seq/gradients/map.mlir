// Maps, one in another and with a loop inside.
// RUN: seq-check-gradient %s

module attributes {seq.dims = ["T"]} {
  func.func @main(%x: tensor<?x3xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>}, %w: tensor<2x3xf32> {seq.param = "w"}, %b: tensor<2xf32> {seq.param = "b"}) -> (tensor<?x2xf32> {seq.output = "z", seq.axes = array<i64: 0, -1>}) {
    %z = seq.map sequences(%x : tensor<?x3xf32>) invariants(%w, %b : tensor<2x3xf32>, tensor<2xf32>) -> tensor<?x2xf32> {
    ^bb0(%e: tensor<3xf32>, %ww: tensor<2x3xf32>, %bb: tensor<2xf32>):
      %p = seq.contract %ww [1], %e [0] : tensor<2x3xf32>, tensor<3xf32> -> tensor<2xf32>
      %q = arith.addf %p, %bb : tensor<2xf32>
      %r = seq.sigmoid %q : tensor<2xf32>
      seq.yield %r : tensor<2xf32>
    }
    return %z : tensor<?x2xf32>
  }
}
