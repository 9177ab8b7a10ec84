// RUN: seq-interpret %s | FileCheck %s

func.func @main() -> (tensor<2x2xf32>, tensor<2x3xf32>, tensor<2x2xf32>, tensor<f32>, tensor<2x0xf32>) {
  %a = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %b = arith.constant dense<[[5.0, 6.0], [7.0, 8.0]]> : tensor<2x2xf32>
  // Rows of one by rows of the other.
  // CHECK: tensor<2x2xf32> {{\[\[}}17, 23], [39, 53]]
  %0 = seq.contract %a [1], %b [1] : tensor<2x2xf32>, tensor<2x2xf32> -> tensor<2x2xf32>
  // One matrix for each row, by the row.
  // CHECK-NEXT: tensor<2x3xf32> {{\[\[}}5, 11, 1], [7, 15, 0]]
  %m = arith.constant dense<[[[1.0, 2.0], [3.0, 4.0], [1.0, 0.0]], [[1.0, 1.0], [1.0, 3.0], [0.0, 0.0]]]> : tensor<2x3x2xf32>
  %v = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %1 = seq.contract %m [2], %v [1] batch [0], [0] : tensor<2x3x2xf32>, tensor<2x2xf32> -> tensor<2x3xf32>
  // The outer product.
  // CHECK-NEXT: tensor<2x2xf32> {{\[\[}}3, 4], [6, 8]]
  %p = arith.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %q = arith.constant dense<[3.0, 4.0]> : tensor<2xf32>
  %2 = seq.contract %p [], %q [] : tensor<2xf32>, tensor<2xf32> -> tensor<2x2xf32>
  // Over both axes, the second one of `b` first: 1*5 + 2*7 + 3*6 + 4*8.
  // CHECK-NEXT: tensor<f32> 69
  %3 = seq.contract %a [0, 1], %b [1, 0] : tensor<2x2xf32>, tensor<2x2xf32> -> tensor<f32>
  // CHECK-NEXT: tensor<2x0xf32> {{\[\[}}], []]
  %none = arith.constant dense<> : tensor<0x2xf32>
  %4 = seq.contract %a [1], %none [1] : tensor<2x2xf32>, tensor<0x2xf32> -> tensor<2x0xf32>
  return %0, %1, %2, %3, %4 : tensor<2x2xf32>, tensor<2x3xf32>, tensor<2x2xf32>, tensor<f32>, tensor<2x0xf32>
}
