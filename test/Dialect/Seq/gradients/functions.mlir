// Each function, of an input and of what was computed.
// RUN: seq-check-gradient %s

module attributes {seq.dims = ["T"]} {
  func.func @main(%x: tensor<?x2xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>}, %y: tensor<?x2xf32> {seq.input = "y", seq.axes = array<i64: 0, -1>}) -> (tensor<?x2xf32> {seq.output = "z", seq.axes = array<i64: 0, -1>}) {
    %a = math.tanh %x : tensor<?x2xf32>
    %b = arith.mulf %a, %y : tensor<?x2xf32>
    %z = math.tanh %b : tensor<?x2xf32>
    return %z : tensor<?x2xf32>
  }
}
// -----
module attributes {seq.dims = ["T"]} {
  func.func @main(%x: tensor<?x2xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>}, %y: tensor<?x2xf32> {seq.input = "y", seq.axes = array<i64: 0, -1>}) -> (tensor<?x2xf32> {seq.output = "z", seq.axes = array<i64: 0, -1>}) {
    %a = math.exp %x : tensor<?x2xf32>
    %b = arith.mulf %a, %y : tensor<?x2xf32>
    %z = math.exp %b : tensor<?x2xf32>
    return %z : tensor<?x2xf32>
  }
}
// -----
module attributes {seq.dims = ["T"]} {
  func.func @main(%x: tensor<?x2xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>}, %y: tensor<?x2xf32> {seq.input = "y", seq.axes = array<i64: 0, -1>}) -> (tensor<?x2xf32> {seq.output = "z", seq.axes = array<i64: 0, -1>}) {
    %a = math.sin %x : tensor<?x2xf32>
    %b = arith.mulf %a, %y : tensor<?x2xf32>
    %z = math.sin %b : tensor<?x2xf32>
    return %z : tensor<?x2xf32>
  }
}
// -----
module attributes {seq.dims = ["T"]} {
  func.func @main(%x: tensor<?x2xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>}, %y: tensor<?x2xf32> {seq.input = "y", seq.axes = array<i64: 0, -1>}) -> (tensor<?x2xf32> {seq.output = "z", seq.axes = array<i64: 0, -1>}) {
    %a = math.cos %x : tensor<?x2xf32>
    %b = arith.mulf %a, %y : tensor<?x2xf32>
    %z = math.cos %b : tensor<?x2xf32>
    return %z : tensor<?x2xf32>
  }
}
// -----
module attributes {seq.dims = ["T"]} {
  func.func @main(%x: tensor<?x2xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>}, %y: tensor<?x2xf32> {seq.input = "y", seq.axes = array<i64: 0, -1>}) -> (tensor<?x2xf32> {seq.output = "z", seq.axes = array<i64: 0, -1>}) {
    %a = math.erf %x : tensor<?x2xf32>
    %b = arith.mulf %a, %y : tensor<?x2xf32>
    %z = math.erf %b : tensor<?x2xf32>
    return %z : tensor<?x2xf32>
  }
}
// -----
module attributes {seq.dims = ["T"]} {
  func.func @main(%x: tensor<?x2xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>}, %y: tensor<?x2xf32> {seq.input = "y", seq.axes = array<i64: 0, -1>}) -> (tensor<?x2xf32> {seq.output = "z", seq.axes = array<i64: 0, -1>}) {
    %a = seq.sigmoid %x : tensor<?x2xf32>
    %b = arith.mulf %a, %y : tensor<?x2xf32>
    %z = seq.sigmoid %b : tensor<?x2xf32>
    return %z : tensor<?x2xf32>
  }
}
