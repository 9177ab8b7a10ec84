// RUN: seq-interpret %s | FileCheck %s

func.func @main() -> (tensor<3x2xf32>, tensor<2xf32>) {
  // Rows at equal tokens are added; what no row has adds nothing.
  // CHECK: tensor<3x2xf32> {{\[\[}}3, 4], [0, 0], [6, 8]]
  %d = arith.constant dense<[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0], [7.0, 8.0], [9.0, 9.0]]> : tensor<5x2xf32>
  %t = arith.constant dense<[2, 0, 2, -1, 3]> : tensor<5xi64>
  %0 = seq.scatter_add %d at %t : tensor<5x2xf32>, tensor<5xi64> -> tensor<3x2xf32>
  // CHECK-NEXT: tensor<2xf32> [0, 5]
  %x = arith.constant dense<5.0> : tensor<f32>
  %u = arith.constant dense<1> : tensor<i64>
  %1 = seq.scatter_add %x at %u : tensor<f32>, tensor<i64> -> tensor<2xf32>
  return %0, %1 : tensor<3x2xf32>, tensor<2xf32>
}
