// Sums, differences, products, quotients, signs.
// RUN: seq-check-gradient %s

module attributes {seq.dims = ["T"]} {
  func.func @main(%x: tensor<?x2xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>}, %y: tensor<?x2xf32> {seq.input = "y", seq.axes = array<i64: 0, -1>}) -> (tensor<?x2xf32> {seq.output = "z", seq.axes = array<i64: 0, -1>}) {
    %a = arith.addf %x, %y : tensor<?x2xf32>
    %b = arith.subf %a, %y : tensor<?x2xf32>
    %c = arith.subf %y, %b : tensor<?x2xf32>
    %d = arith.mulf %c, %x : tensor<?x2xf32>
    %e = arith.mulf %d, %d : tensor<?x2xf32>
    %z = arith.negf %e : tensor<?x2xf32>
    return %z : tensor<?x2xf32>
  }
}
// -----
module attributes {seq.dims = ["T"]} {
  func.func @main(%x: tensor<?x2xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>}, %y: tensor<?x2xf32> {seq.input = "y", seq.axes = array<i64: 0, -1>}) -> (tensor<?x2xf32> {seq.output = "z", seq.axes = array<i64: 0, -1>}) {
    %s = math.exp %y : tensor<?x2xf32>
    %q = arith.divf %x, %s : tensor<?x2xf32>
    %z = arith.divf %q, %s : tensor<?x2xf32>
    return %z : tensor<?x2xf32>
  }
}
// -----
module attributes {seq.dims = ["T"]} {
  func.func @main(%x: tensor<?x2xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>}) -> (tensor<?x2xf32> {seq.output = "z", seq.axes = array<i64: 0, -1>}) {
    %a = math.absf %x : tensor<?x2xf32>
    %z = arith.mulf %a, %x : tensor<?x2xf32>
    return %z : tensor<?x2xf32>
  }
}
// -----
module attributes {seq.dims = ["T"]} {
  func.func @main(%x: tensor<?x2xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>}) -> (tensor<f32> {seq.output = "z", seq.axes = array<i64>}) {
    %k = arith.constant dense<[0.5, -2.0]> : tensor<2xf32>
    %n = arith.constant 0 : index
    %t = tensor.dim %x, %n : tensor<?x2xf32>
    %b = seq.broadcast %k sizes(%t) dims [1] : tensor<2xf32> -> tensor<?x2xf32>
    %c = arith.mulf %x, %b : tensor<?x2xf32>
    %r = seq.reduce sum %c axis 0 : tensor<?x2xf32> -> tensor<2xf32>
    %z = seq.reduce sum %r axis 0 : tensor<2xf32> -> tensor<f32>
    return %z : tensor<f32>
  }
}
