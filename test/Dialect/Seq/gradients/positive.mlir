// Functions of what is above zero.
// RUN: seq-check-gradient --lowest=0.3 --scale=1.5 %s

module attributes {seq.dims = ["T"]} {
  func.func @main(%x: tensor<?x2xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>}, %y: tensor<?x2xf32> {seq.input = "y", seq.axes = array<i64: 0, -1>}) -> (tensor<?x2xf32> {seq.output = "z", seq.axes = array<i64: 0, -1>}) {
    %a = math.log %x : tensor<?x2xf32>
    %z = arith.mulf %a, %y : tensor<?x2xf32>
    return %z : tensor<?x2xf32>
  }
}
// -----
module attributes {seq.dims = ["T"]} {
  func.func @main(%x: tensor<?x2xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>}, %y: tensor<?x2xf32> {seq.input = "y", seq.axes = array<i64: 0, -1>}) -> (tensor<?x2xf32> {seq.output = "z", seq.axes = array<i64: 0, -1>}) {
    %a = math.sqrt %x : tensor<?x2xf32>
    %z = arith.mulf %a, %y : tensor<?x2xf32>
    return %z : tensor<?x2xf32>
  }
}
// -----
module attributes {seq.dims = ["T"]} {
  func.func @main(%x: tensor<?x2xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>}, %y: tensor<?x2xf32> {seq.input = "y", seq.axes = array<i64: 0, -1>}) -> (tensor<?x2xf32> {seq.output = "z", seq.axes = array<i64: 0, -1>}) {
    %a = math.rsqrt %x : tensor<?x2xf32>
    %z = arith.mulf %a, %y : tensor<?x2xf32>
    return %z : tensor<?x2xf32>
  }
}
// -----
module attributes {seq.dims = ["T"]} {
  func.func @main(%x: tensor<?x2xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>}, %y: tensor<?x2xf32> {seq.input = "y", seq.axes = array<i64: 0, -1>}) -> (tensor<?x2xf32> {seq.output = "z", seq.axes = array<i64: 0, -1>}) {
    %z = math.powf %x, %y : tensor<?x2xf32>
    return %z : tensor<?x2xf32>
  }
}
