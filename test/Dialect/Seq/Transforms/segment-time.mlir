// RUN: seq-opt %s --seq-segment-time=every=8 --cse | FileCheck %s

// A loop over segments of eight steps around the loop over the steps of one; the
// last segment has what is left.
// CHECK-LABEL: func.func @main(
// CHECK-SAME: %[[X:.*]]: tensor<?x2xf32>, %[[H0:.*]]: tensor<2xf32>)
// CHECK-DAG: %[[PARTS:.*]] = seq.windows %[[X]] axis 0 size 8 stride 8 after 7
// CHECK-DAG: %[[ALL:.*]] = seq.length %[[X]] axis 0
// CHECK-DAG: %[[T:.*]] = tensor.dim %[[X]]
// CHECK: arith.select
// CHECK: %[[STEPS:.*]] = arith.select
// CHECK: %[[OUTER:.*]]:2 = seq.scan sequences(%[[PARTS]], %[[STEPS]]{{.*}}) states(%[[H0]]{{.*}}) attributes {seq.segments}
// CHECK-NEXT: ^bb0(%[[PART:.*]]: tensor<8x2xf32>, %[[COUNT:.*]]: tensor<i64>, %[[H:.*]]: tensor<2xf32>):
// CHECK-NEXT: %[[INNER:.*]]:2 = seq.scan sequences(%[[PART]]{{.*}}) states(%[[H]]{{.*}}) lengths(%[[COUNT]]
// CHECK: arith.addf
// CHECK: seq.yield %[[INNER]]#0, %[[INNER]]#1
// CHECK: %[[Y:.*]] = seq.overlap_add %[[OUTER]]#1 axis 0 stride 8 size(%[[T]])
// CHECK: return %[[OUTER]]#0, %[[Y]]
func.func @main(%x: tensor<?x2xf32>, %h0: tensor<2xf32>) -> (tensor<2xf32>, tensor<?x2xf32>) {
  %last, %y = seq.scan sequences(%x : tensor<?x2xf32>) states(%h0 : tensor<2xf32>) -> tensor<2xf32>, tensor<?x2xf32> {
  ^bb0(%e: tensor<2xf32>, %h: tensor<2xf32>):
    %n = arith.addf %e, %h : tensor<2xf32>
    seq.yield %n, %n : tensor<2xf32>, tensor<2xf32>
  }
  return %last, %y : tensor<2xf32>, tensor<?x2xf32>
}

// A loop that has no more steps stays as it is.
// CHECK-LABEL: func.func @short(
// CHECK-NOT: seq.windows
// CHECK: return
func.func @short(%x: tensor<8x2xf32>, %h0: tensor<2xf32>) -> tensor<2xf32> {
  %last = seq.scan sequences(%x : tensor<8x2xf32>) states(%h0 : tensor<2xf32>) -> tensor<2xf32> {
  ^bb0(%e: tensor<2xf32>, %h: tensor<2xf32>):
    %n = arith.addf %e, %h : tensor<2xf32>
    seq.yield %n : tensor<2xf32>
  }
  return %last : tensor<2xf32>
}
