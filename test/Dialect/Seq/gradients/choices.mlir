// One of two, away from where they are equal.
// RUN: seq-check-gradient %s

module attributes {seq.dims = ["T"]} {
  func.func @main(%x: tensor<?x2xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>}, %y: tensor<?x2xf32> {seq.input = "y", seq.axes = array<i64: 0, -1>}) -> (tensor<?x2xf32> {seq.output = "z", seq.axes = array<i64: 0, -1>}) {
    %z = arith.maximumf %x, %y : tensor<?x2xf32>
    return %z : tensor<?x2xf32>
  }
}
// -----
module attributes {seq.dims = ["T"]} {
  func.func @main(%x: tensor<?x2xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>}, %y: tensor<?x2xf32> {seq.input = "y", seq.axes = array<i64: 0, -1>}) -> (tensor<?x2xf32> {seq.output = "z", seq.axes = array<i64: 0, -1>}) {
    %z = arith.minimumf %x, %y : tensor<?x2xf32>
    return %z : tensor<?x2xf32>
  }
}
// -----
module attributes {seq.dims = ["T"]} {
  func.func @main(%x: tensor<?x2xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>}, %y: tensor<?x2xf32> {seq.input = "y", seq.axes = array<i64: 0, -1>}) -> (tensor<?x2xf32> {seq.output = "z", seq.axes = array<i64: 0, -1>}) {
    %c = arith.cmpf olt, %x, %y : tensor<?x2xf32>
    %p = arith.mulf %x, %y : tensor<?x2xf32>
    %z = arith.select %c, %p, %y : tensor<?x2xi1>, tensor<?x2xf32>
    return %z : tensor<?x2xf32>
  }
}
