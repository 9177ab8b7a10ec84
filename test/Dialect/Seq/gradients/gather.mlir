// Look-ups: rows of a table, numbers of a vector, one row for all.
// RUN: seq-check-gradient %s

module attributes {seq.dims = ["T"]} {
  func.func @main(%t: tensor<?xi64> {seq.input = "t", seq.vocabulary = 5 : i64, seq.axes = array<i64: 0>}, %w: tensor<5x3xf32> {seq.param = "w"}, %v: tensor<5xf32> {seq.param = "v"}) -> (tensor<?x3xf32> {seq.output = "z", seq.axes = array<i64: 0, -1>}, tensor<?xf32> {seq.output = "y", seq.axes = array<i64: 0>}) {
    %z = seq.gather %w[%t] : tensor<5x3xf32>, tensor<?xi64> -> tensor<?x3xf32>
    %y = seq.gather %v[%t] : tensor<5xf32>, tensor<?xi64> -> tensor<?xf32>
    return %z, %y : tensor<?x3xf32>, tensor<?xf32>
  }
}
// -----
module attributes {seq.dims = []} {
  func.func @main(%t: tensor<i64> {seq.input = "t", seq.vocabulary = 5 : i64, seq.axes = array<i64>}, %w: tensor<5x3xf32> {seq.param = "w"}) -> (tensor<3xf32> {seq.output = "z", seq.axes = array<i64: -1>}) {
    %z = seq.gather %w[%t] : tensor<5x3xf32>, tensor<i64> -> tensor<3xf32>
    return %z : tensor<3xf32>
  }
}
// -----
module attributes {seq.dims = ["T"]} {
  func.func @main(%t: tensor<?xi64> {seq.input = "t", seq.vocabulary = 4 : i64, seq.axes = array<i64: 0>}, %w: tensor<4x3xf32> {seq.param = "w"}) -> (tensor<?x3xf32> {seq.output = "z", seq.axes = array<i64: 0, -1>}) {
    %h = seq.one_hot %t : tensor<?xi64> -> tensor<?x4xf32>
    %z = seq.contract %h [1], %w [0] : tensor<?x4xf32>, tensor<4x3xf32> -> tensor<?x3xf32>
    return %z : tensor<?x3xf32>
  }
}
