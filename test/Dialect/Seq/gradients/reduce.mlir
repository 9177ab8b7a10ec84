// Sums and extremes over axes of either kind; the seed is one that keeps away
// from equal elements.
// RUN: seq-check-gradient --seed=3 %s

module attributes {seq.dims = ["T"]} {
  func.func @main(%x: tensor<?x3xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>}, %w: tensor<3xf32> {seq.param = "w"}) -> (tensor<3xf32> {seq.output = "z", seq.axes = array<i64: -1>}, tensor<?xf32> {seq.output = "y", seq.axes = array<i64: 0>}) {
    %a = seq.reduce sum %x axis 0 : tensor<?x3xf32> -> tensor<3xf32>
    %z = arith.mulf %a, %w : tensor<3xf32>
    %y = seq.reduce sum %x axis 1 : tensor<?x3xf32> -> tensor<?xf32>
    return %z, %y : tensor<3xf32>, tensor<?xf32>
  }
}
// -----
module attributes {seq.dims = ["T"]} {
  func.func @main(%x: tensor<?x3xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>}, %w: tensor<3xf32> {seq.param = "w"}) -> (tensor<3xf32> {seq.output = "z", seq.axes = array<i64: -1>}, tensor<?xf32> {seq.output = "y", seq.axes = array<i64: 0>}) {
    %a = seq.reduce max %x axis 0 : tensor<?x3xf32> -> tensor<3xf32>
    %z = arith.mulf %a, %w : tensor<3xf32>
    %y = seq.reduce max %x axis 1 : tensor<?x3xf32> -> tensor<?xf32>
    return %z, %y : tensor<3xf32>, tensor<?xf32>
  }
}
// -----
module attributes {seq.dims = ["T"]} {
  func.func @main(%x: tensor<?x3xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>}, %w: tensor<3xf32> {seq.param = "w"}) -> (tensor<3xf32> {seq.output = "z", seq.axes = array<i64: -1>}, tensor<?xf32> {seq.output = "y", seq.axes = array<i64: 0>}) {
    %a = seq.reduce min %x axis 0 : tensor<?x3xf32> -> tensor<3xf32>
    %z = arith.mulf %a, %w : tensor<3xf32>
    %y = seq.reduce min %x axis 1 : tensor<?x3xf32> -> tensor<?xf32>
    return %z, %y : tensor<3xf32>, tensor<?xf32>
  }
}
