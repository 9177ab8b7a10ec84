// Over a ragged axis and over a width.
// RUN: seq-check-gradient %s

module attributes {seq.dims = ["T"]} {
  func.func @main(%x: tensor<?x3xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>}) -> (tensor<?x3xf32> {seq.output = "z", seq.axes = array<i64: 0, -1>}, tensor<?x3xf32> {seq.output = "y", seq.axes = array<i64: 0, -1>}) {
    %z = seq.softmax %x axis 0 : tensor<?x3xf32>
    %y = seq.softmax %x axis 1 : tensor<?x3xf32>
    return %z, %y : tensor<?x3xf32>, tensor<?x3xf32>
  }
}
