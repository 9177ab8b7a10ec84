// Running sums, from either end.
// RUN: seq-check-gradient %s

module attributes {seq.dims = ["T"]} {
  func.func @main(%x: tensor<?x2xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>}) -> (tensor<?x2xf32> {seq.output = "z", seq.axes = array<i64: 0, -1>}, tensor<?x2xf32> {seq.output = "y", seq.axes = array<i64: 0, -1>}) {
    %a = seq.cumsum %x axis 0 : tensor<?x2xf32>
    %z = arith.mulf %a, %x : tensor<?x2xf32>
    %y = seq.cumsum reverse %z axis 0 : tensor<?x2xf32>
    return %z, %y : tensor<?x2xf32>, tensor<?x2xf32>
  }
}
