// The gradient of a loss: that of its sum over the samples, with respect to parameters alone.
// RUN: seq-check-gradient %s

module attributes {seq.dims = ["T"], seq.training} {
  func.func @main(%x: tensor<?x3xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>}, %target: tensor<f32> {seq.input = "target", seq.axes = array<i64>}, %w: tensor<3xf32> {seq.param = "w"}, %unused: tensor<2xf32> {seq.param = "unused"}) -> (tensor<f32> {seq.output = "loss.sum", seq.axes = array<i64>}, tensor<f32> {seq.output = "loss.weight", seq.axes = array<i64>}) {
    %p = seq.contract %x [1], %w [0] : tensor<?x3xf32>, tensor<3xf32> -> tensor<?xf32>
    %s = seq.reduce sum %p axis 0 : tensor<?xf32> -> tensor<f32>
    %d = arith.subf %s, %target : tensor<f32>
    %l = arith.mulf %d, %d : tensor<f32>
    %one = arith.constant dense<1.0> : tensor<f32>
    return %l, %one : tensor<f32>, tensor<f32>
  }
}
