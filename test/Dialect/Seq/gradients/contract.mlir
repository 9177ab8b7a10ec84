// Products: with a vector, of matrices, with axes that are walked together, in any order of axes.
// RUN: seq-check-gradient %s

module attributes {seq.dims = ["T"]} {
  func.func @main(%x: tensor<?x3xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>}, %w: tensor<4x3xf32> {seq.param = "w"}) -> (tensor<?x4xf32> {seq.output = "z", seq.axes = array<i64: 0, -1>}) {
    %z = seq.contract %x [1], %w [1] : tensor<?x3xf32>, tensor<4x3xf32> -> tensor<?x4xf32>
    return %z : tensor<?x4xf32>
  }
}
// -----
module attributes {seq.dims = []} {
  func.func @main(%x: tensor<3xf32> {seq.input = "x", seq.axes = array<i64: -1>}, %w: tensor<4x3xf32> {seq.param = "w"}) -> (tensor<4xf32> {seq.output = "z", seq.axes = array<i64: -1>}) {
    %z = seq.contract %w [1], %x [0] : tensor<4x3xf32>, tensor<3xf32> -> tensor<4xf32>
    return %z : tensor<4xf32>
  }
}
// -----
module attributes {seq.dims = []} {
  func.func @main(%x: tensor<3xf32> {seq.input = "x", seq.axes = array<i64: -1>}, %w: tensor<2xf32> {seq.param = "w"}) -> (tensor<3x2xf32> {seq.output = "z", seq.axes = array<i64: -1, -1>}) {
    %z = seq.contract %x [], %w [] : tensor<3xf32>, tensor<2xf32> -> tensor<3x2xf32>
    return %z : tensor<3x2xf32>
  }
}
// -----
module attributes {seq.dims = []} {
  func.func @main(%x: tensor<2x3x4xf32> {seq.input = "x", seq.axes = array<i64: -1, -1, -1>}, %y: tensor<4x5x2x3xf32> {seq.input = "y", seq.axes = array<i64: -1, -1, -1, -1>}) -> (tensor<5xf32> {seq.output = "z", seq.axes = array<i64: -1>}) {
    %z = seq.contract %x [1, 0, 2], %y [3, 2, 0] : tensor<2x3x4xf32>, tensor<4x5x2x3xf32> -> tensor<5xf32>
    return %z : tensor<5xf32>
  }
}
// -----
module attributes {seq.dims = []} {
  func.func @main(%x: tensor<2x3x4xf32> {seq.input = "x", seq.axes = array<i64: -1, -1, -1>}, %y: tensor<3x5x2xf32> {seq.input = "y", seq.axes = array<i64: -1, -1, -1>}) -> (tensor<3x2x4x5xf32> {seq.output = "z", seq.axes = array<i64: -1, -1, -1, -1>}) {
    %z = seq.contract %x [], %y [] batch [1, 0], [0, 2] : tensor<2x3x4xf32>, tensor<3x5x2xf32> -> tensor<3x2x4x5xf32>
    return %z : tensor<3x2x4x5xf32>
  }
}
// -----
module attributes {seq.dims = ["T", "S"]} {
  func.func @main(%x: tensor<?x3xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>}, %m: tensor<?x3xf32> {seq.input = "m", seq.axes = array<i64: 1, -1>}) -> (tensor<?x?xf32> {seq.output = "z", seq.axes = array<i64: 0, 1>}, tensor<?x3xf32> {seq.output = "r", seq.axes = array<i64: 0, -1>}) {
    %z = seq.contract %x [1], %m [1] : tensor<?x3xf32>, tensor<?x3xf32> -> tensor<?x?xf32>
    %r = seq.contract %z [1], %m [0] : tensor<?x?xf32>, tensor<?x3xf32> -> tensor<?x3xf32>
    return %z, %r : tensor<?x?xf32>, tensor<?x3xf32>
  }
}
// -----
module attributes {seq.dims = ["T"]} {
  func.func @main(%x: tensor<?x3xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>}) -> (tensor<3x3xf32> {seq.output = "z", seq.axes = array<i64: -1, -1>}) {
    %z = seq.contract %x [0], %x [0] : tensor<?x3xf32>, tensor<?x3xf32> -> tensor<3x3xf32>
    return %z : tensor<3x3xf32>
  }
}
