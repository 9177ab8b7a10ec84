// RUN: seq-interpret %s | FileCheck %s
// The product with a matrix at each position, and the number of each.

// CHECK: tensor<3x2xf32> {{\[\[}}5, 11], [11, 25], [17, 39]]
// CHECK-NEXT: tensor<3xi64> [2, 2, 2]
func.func @main() -> (tensor<3x2xf32>, tensor<3xi64>) {
  %x = arith.constant dense<[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]> : tensor<3x2xf32>
  %w = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %0:2 = seq.map sequences(%x : tensor<3x2xf32>) invariants(%w : tensor<2x2xf32>) -> tensor<3x2xf32>, tensor<3xi64> {
  ^bb0(%x_t: tensor<2xf32>, %w1: tensor<2x2xf32>):
    %y = seq.contract %w1 [1], %x_t [0] : tensor<2x2xf32>, tensor<2xf32> -> tensor<2xf32>
    %n = seq.length %x_t axis 0 : tensor<2xf32> -> tensor<i64>
    seq.yield %y, %n : tensor<2xf32>, tensor<i64>
  }
  return %0#0, %0#1 : tensor<3x2xf32>, tensor<3xi64>
}
