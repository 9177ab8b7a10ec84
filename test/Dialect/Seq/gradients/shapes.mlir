// What moves, joins, cuts and repeats elements.
// RUN: seq-check-gradient %s

module attributes {seq.dims = ["T"]} {
  func.func @main(%x: tensor<?x4xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>}, %w: tensor<2xf32> {seq.param = "w"}) -> (tensor<?x5xf32> {seq.output = "z", seq.axes = array<i64: 0, -1>}, tensor<4x?xf32> {seq.output = "y", seq.axes = array<i64: -1, 0>}, tensor<?x2x2xf32> {seq.output = "s", seq.axes = array<i64: 0, -1, -1>}) {
    %c0 = arith.constant 0 : index
    %t = tensor.dim %x, %c0 : tensor<?x4xf32>
    %a = seq.slice %x axis 1 offset 0 : tensor<?x4xf32> -> tensor<?x3xf32>
    %b = seq.slice %x axis 1 offset 1 : tensor<?x4xf32> -> tensor<?x3xf32>
    %p = arith.mulf %a, %b : tensor<?x3xf32>
    %w2 = seq.broadcast %w sizes(%t) dims [1] : tensor<2xf32> -> tensor<?x2xf32>
    %z = seq.concat %p, %w2 axis 1 : tensor<?x3xf32>, tensor<?x2xf32> -> tensor<?x5xf32>
    %q = arith.mulf %x, %x : tensor<?x4xf32>
    %y = seq.transpose %q [1, 0] : tensor<?x4xf32> -> tensor<4x?xf32>
    %s = seq.reshape %q : tensor<?x4xf32> -> tensor<?x2x2xf32>
    return %z, %y, %s : tensor<?x5xf32>, tensor<4x?xf32>, tensor<?x2x2xf32>
  }
}
// -----
module attributes {seq.dims = ["T"]} {
  func.func @main(%x: tensor<?x2xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>}) -> (tensor<?x2xf32> {seq.output = "z", seq.axes = array<i64: 0, -1>}, tensor<?x2xf32> {seq.output = "y", seq.axes = array<i64: 0, -1>}) {
    %z = seq.shift %x axis 0 by 1 fill 5.0 : f32 : tensor<?x2xf32>
    %b = seq.shift %x axis 0 by -2 fill 0.5 : f32 : tensor<?x2xf32>
    %y = arith.mulf %b, %x : tensor<?x2xf32>
    return %z, %y : tensor<?x2xf32>, tensor<?x2xf32>
  }
}
