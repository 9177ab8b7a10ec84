// A loop in the step of another.
// RUN: seq-check-gradient %s
// RUN: seq-check-gradient --save=all %s
// RUN: seq-check-gradient --save=checkpoint --length=5 %s

module attributes {seq.dims = ["T", "S"]} {
  func.func @main(%x: tensor<?x3xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>}, %m: tensor<?x2xf32> {seq.input = "m", seq.axes = array<i64: 1, -1>}, %w: tensor<2x3xf32> {seq.param = "w"}, %v: tensor<2xf32> {seq.param = "v"}) -> (tensor<?x2xf32> {seq.output = "y", seq.axes = array<i64: 0, -1>}) {
    %zero = arith.constant dense<0.0> : tensor<2xf32>
    %hn, %y = seq.scan sequences(%x : tensor<?x3xf32>) states(%zero : tensor<2xf32>) invariants(%w, %v, %m : tensor<2x3xf32>, tensor<2xf32>, tensor<?x2xf32>) -> tensor<2xf32>, tensor<?x2xf32> {
    ^bb0(%e: tensor<3xf32>, %h: tensor<2xf32>, %ww: tensor<2x3xf32>, %vv: tensor<2xf32>, %mm: tensor<?x2xf32>):
      %p = seq.contract %ww [1], %e [0] : tensor<2x3xf32>, tensor<3xf32> -> tensor<2xf32>
      %g, %all = seq.scan reverse sequences(%mm : tensor<?x2xf32>) states(%h : tensor<2xf32>) invariants(%p, %vv : tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>, tensor<?x2xf32> {
      ^bb0(%k: tensor<2xf32>, %s: tensor<2xf32>, %pp: tensor<2xf32>, %v3: tensor<2xf32>):
        %a = arith.mulf %s, %pp : tensor<2xf32>
        %b = arith.addf %a, %k : tensor<2xf32>
        %c = arith.mulf %b, %v3 : tensor<2xf32>
        %d = math.tanh %c : tensor<2xf32>
        seq.yield %d, %b : tensor<2xf32>, tensor<2xf32>
      }
      %sum = seq.reduce sum %all axis 0 : tensor<?x2xf32> -> tensor<2xf32>
      %n = arith.mulf %g, %sum : tensor<2xf32>
      seq.yield %n, %n : tensor<2xf32>, tensor<2xf32>
    }
    return %y : tensor<?x2xf32>
  }
}
