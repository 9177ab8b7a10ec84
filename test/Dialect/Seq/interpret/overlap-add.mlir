// RUN: seq-interpret %s | FileCheck %s

func.func @main() -> (tensor<2x4xf32>, tensor<?xf32>, tensor<3x2xf32>, tensor<2x3xf32>) {
  // Where two windows hold a position, both count; one that none holds is zero.
  %x = arith.constant dense<[[[1.0, 2.0], [3.0, 4.0]], [[5.0, 6.0], [7.0, 8.0]]]> : tensor<2x2x2xf32>
  // CHECK: tensor<2x4xf32> {{\[\[}}1, 5, 4, 0], [5, 13, 8, 0]]
  %0 = seq.overlap_add %x axis 1 : tensor<2x2x2xf32> -> tensor<2x4xf32>
  // What lies before the first position and behind the last one is dropped.
  %y = arith.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf32>
  %three = arith.constant 3 : index
  // CHECK-NEXT: tensor<3xf32> [2, 7, 5]
  %1 = seq.overlap_add %y axis 0 stride 2 before 1 size(%three) : tensor<2x3xf32> -> tensor<?xf32>
  // Windows of the first axis hold what is inside it.
  // CHECK-NEXT: tensor<3x2xf32> {{\[\[}}1, 2], [8, 10], [7, 8]]
  %2 = seq.overlap_add %x axis 0 : tensor<2x2x2xf32> -> tensor<3x2xf32>
  // Sums from each position on.
  // CHECK-NEXT: tensor<2x3xf32> {{\[\[}}6, 5, 3], [15, 11, 6]]
  %3 = seq.cumsum reverse %y axis 1 : tensor<2x3xf32>
  return %0, %1, %2, %3 : tensor<2x4xf32>, tensor<?xf32>, tensor<3x2xf32>, tensor<2x3xf32>
}
