// RUN: seq-opt %s --seq-expand-maps | FileCheck %s

// CHECK-LABEL: func.func @main(
// CHECK-SAME: %[[X:.*]]: tensor<?x2xf32>, %[[W:.*]]: tensor<3x2xf32>)
// CHECK-NEXT: %[[Y:.*]] = seq.contract %[[X]] [1], %[[W]] [1]
// CHECK-NEXT: return %[[Y]]
func.func @main(%x: tensor<?x2xf32>, %w: tensor<3x2xf32>) -> tensor<?x3xf32> {
  %y = seq.map sequences(%x : tensor<?x2xf32>) invariants(%w : tensor<3x2xf32>) -> tensor<?x3xf32> {
  ^bb0(%e: tensor<2xf32>, %v: tensor<3x2xf32>):
    %p = seq.contract %v [1], %e [0] : tensor<3x2xf32>, tensor<2xf32> -> tensor<3xf32>
    seq.yield %p : tensor<3xf32>
  }
  return %y : tensor<?x3xf32>
}
