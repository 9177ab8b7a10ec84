// RUN: seq-opt %s --seq-differentiate --canonicalize --cse | FileCheck %s --check-prefix=RECOMPUTE
// RUN: seq-opt %s --seq-differentiate=save=all --canonicalize --cse | FileCheck %s --check-prefix=ALL

// The backward step reads s = sigmoid(e + w h), t = tanh(s c), c and h. Only s, c
// and h are kept: t follows from them. The product is not made once more.

// RECOMPUTE: seq.scan sequences
// RECOMPUTE: ^bb0(%{{[^:]*}}: tensor<2xf32>, %[[H:[^:]*]]: tensor<2xf32>, %[[C:[^:]*]]: tensor<2xf32>, %{{[^:]*}}: tensor<2x2xf32>):
// RECOMPUTE: seq.contract
// RECOMPUTE: %[[S:.*]] = seq.sigmoid
// RECOMPUTE: %[[T:.*]] = math.tanh
// RECOMPUTE: %[[V:.*]] = arith.mulf
// RECOMPUTE: seq.yield %[[T]], %[[T]], %[[V]], %[[C]], %[[S]], %[[H]]
// RECOMPUTE: seq.scan reverse
// RECOMPUTE-NOT: seq.sigmoid

// ALL: seq.scan sequences
// ALL: %[[T:.*]] = math.tanh
// ALL: seq.yield %[[T]], %[[T]], %{{.*}}, %[[T]]
// ALL: seq.scan reverse
// ALL-NOT: seq.sigmoid
// ALL-NOT: math.tanh
func.func @main(%x: tensor<?x2xf32> {seq.input = "x"}, %w: tensor<2x2xf32> {seq.param = "w"}) -> (tensor<?x2xf32> {seq.output = "y"}) {
  %zero = arith.constant dense<0.0> : tensor<2xf32>
  %hn, %cn, %y = seq.scan sequences(%x : tensor<?x2xf32>) states(%zero, %zero : tensor<2xf32>, tensor<2xf32>) invariants(%w : tensor<2x2xf32>) -> tensor<2xf32>, tensor<2xf32>, tensor<?x2xf32> {
  ^bb0(%e: tensor<2xf32>, %h: tensor<2xf32>, %c: tensor<2xf32>, %ww: tensor<2x2xf32>):
    %p = seq.contract %ww [1], %h [0] : tensor<2x2xf32>, tensor<2xf32> -> tensor<2xf32>
    %a = arith.addf %e, %p : tensor<2xf32>
    %s = seq.sigmoid %a : tensor<2xf32>
    %m = arith.mulf %s, %c : tensor<2xf32>
    %t = math.tanh %m : tensor<2xf32>
    %v = arith.mulf %t, %t : tensor<2xf32>
    seq.yield %t, %t, %v : tensor<2xf32>, tensor<2xf32>, tensor<2xf32>
  }
  return %y : tensor<?x2xf32>
}
