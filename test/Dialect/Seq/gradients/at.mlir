// One position: of a width, from either end of what is ragged.
// RUN: seq-check-gradient %s

module attributes {seq.dims = ["T"]} {
  func.func @main(%x: tensor<?x3xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>}) -> (tensor<3xf32> {seq.output = "a", seq.axes = array<i64: -1>}, tensor<3xf32> {seq.output = "b", seq.axes = array<i64: -1>}, tensor<?xf32> {seq.output = "c", seq.axes = array<i64: 0>}, tensor<?xf32> {seq.output = "d", seq.axes = array<i64: 0>}) {
    %a0 = seq.at %x axis 0 index 0 : tensor<?x3xf32> -> tensor<3xf32>
    %a = arith.mulf %a0, %a0 : tensor<3xf32>
    %b = seq.at %x axis 0 index -1 : tensor<?x3xf32> -> tensor<3xf32>
    %c = seq.at %x axis 1 index 1 : tensor<?x3xf32> -> tensor<?xf32>
    %d = seq.at %x axis 1 index -1 : tensor<?x3xf32> -> tensor<?xf32>
    return %a, %b, %c, %d : tensor<3xf32>, tensor<3xf32>, tensor<?xf32>, tensor<?xf32>
  }
}
