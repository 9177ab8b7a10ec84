// The time loop, in both directions; a state that begins with a parameter; one that is carried.
// RUN: seq-check-gradient %s
// RUN: seq-check-gradient --save=all %s
// RUN: seq-check-gradient --save=checkpoint --length=5 %s

module attributes {seq.dims = ["T"]} {
  func.func @main(%x: tensor<?x3xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>}, %w: tensor<2x3xf32> {seq.param = "w"}, %u: tensor<2x2xf32> {seq.param = "u"}, %h0: tensor<2xf32> {seq.param = "h0"}, %c0: tensor<2xf32> {seq.state = "c0", seq.axes = array<i64: -1>}) -> (tensor<?x2xf32> {seq.output = "y", seq.axes = array<i64: 0, -1>}, tensor<2xf32> {seq.output = "last", seq.axes = array<i64: -1>}, tensor<2xf32> {seq.state = "c0", seq.axes = array<i64: -1>}) {
    %hn, %cn, %y = seq.scan sequences(%x : tensor<?x3xf32>) states(%h0, %c0 : tensor<2xf32>, tensor<2xf32>) invariants(%w, %u : tensor<2x3xf32>, tensor<2x2xf32>) -> tensor<2xf32>, tensor<2xf32>, tensor<?x2xf32> {
    ^bb0(%e: tensor<3xf32>, %h: tensor<2xf32>, %c: tensor<2xf32>, %ww: tensor<2x3xf32>, %uu: tensor<2x2xf32>):
      %p = seq.contract %ww [1], %e [0] : tensor<2x3xf32>, tensor<3xf32> -> tensor<2xf32>
      %q = seq.contract %uu [1], %h [0] : tensor<2x2xf32>, tensor<2xf32> -> tensor<2xf32>
      %s = arith.addf %p, %q : tensor<2xf32>
      %n = math.tanh %s : tensor<2xf32>
      %c1 = arith.mulf %c, %n : tensor<2xf32>
      %c2 = arith.addf %c1, %h : tensor<2xf32>
      %o = arith.mulf %c2, %s : tensor<2xf32>
      seq.yield %n, %c2, %o : tensor<2xf32>, tensor<2xf32>, tensor<2xf32>
    }
    return %y, %hn, %cn : tensor<?x2xf32>, tensor<2xf32>, tensor<2xf32>
  }
}
// -----
module attributes {seq.dims = ["T"]} {
  func.func @main(%x: tensor<?x3xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>}, %w: tensor<2x3xf32> {seq.param = "w"}, %u: tensor<2x2xf32> {seq.param = "u"}, %h0: tensor<2xf32> {seq.param = "h0"}, %c0: tensor<2xf32> {seq.state = "c0", seq.axes = array<i64: -1>}) -> (tensor<?x2xf32> {seq.output = "y", seq.axes = array<i64: 0, -1>}, tensor<2xf32> {seq.output = "last", seq.axes = array<i64: -1>}, tensor<2xf32> {seq.state = "c0", seq.axes = array<i64: -1>}) {
    %hn, %cn, %y = seq.scan reverse sequences(%x : tensor<?x3xf32>) states(%h0, %c0 : tensor<2xf32>, tensor<2xf32>) invariants(%w, %u : tensor<2x3xf32>, tensor<2x2xf32>) -> tensor<2xf32>, tensor<2xf32>, tensor<?x2xf32> {
    ^bb0(%e: tensor<3xf32>, %h: tensor<2xf32>, %c: tensor<2xf32>, %ww: tensor<2x3xf32>, %uu: tensor<2x2xf32>):
      %p = seq.contract %ww [1], %e [0] : tensor<2x3xf32>, tensor<3xf32> -> tensor<2xf32>
      %q = seq.contract %uu [1], %h [0] : tensor<2x2xf32>, tensor<2xf32> -> tensor<2xf32>
      %s = arith.addf %p, %q : tensor<2xf32>
      %n = math.tanh %s : tensor<2xf32>
      %c1 = arith.mulf %c, %n : tensor<2xf32>
      %c2 = arith.addf %c1, %h : tensor<2xf32>
      %o = arith.mulf %c2, %s : tensor<2xf32>
      seq.yield %n, %c2, %o : tensor<2xf32>, tensor<2xf32>, tensor<2xf32>
    }
    return %y, %hn, %cn : tensor<?x2xf32>, tensor<2xf32>, tensor<2xf32>
  }
}
