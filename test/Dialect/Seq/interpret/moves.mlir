// RUN: seq-interpret %s | FileCheck %s

func.func @main() -> (tensor<3x2xf32>, tensor<2x3xf32>, tensor<2x3xf32>, tensor<3xi64>, tensor<2x3xf32>, tensor<2x3xf32>, tensor<3xf32>, tensor<2xi64>, tensor<2x3xf32>) {
  %x = arith.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf32>
  // CHECK: tensor<3x2xf32> {{\[\[}}1, 2], [3, 4], [5, 6]]
  %0 = seq.reshape %x : tensor<2x3xf32> -> tensor<3x2xf32>
  // CHECK-NEXT: tensor<2x3xf32> {{\[\[}}9, 9, 9], [1, 2, 3]]
  %1 = seq.shift %x axis 0 by 1 fill 9.0 : f32 : tensor<2x3xf32>
  // CHECK-NEXT: tensor<2x3xf32> {{\[\[}}3, 9, 9], [6, 9, 9]]
  %2 = seq.shift %x axis 1 by -2 fill 9.0 : f32 : tensor<2x3xf32>
  // CHECK-NEXT: tensor<3xi64> [7, 7, 7]
  %t = arith.constant dense<[1, 2, 3]> : tensor<3xi64>
  %3 = seq.shift %t axis 0 by 3 fill 7 : i64 : tensor<3xi64>
  // CHECK-NEXT: tensor<2x3xf32> {{\[\[}}1, 2, 3], [5, 7, 9]]
  %4 = seq.cumsum %x axis 0 : tensor<2x3xf32>
  // CHECK-NEXT: tensor<2x3xf32> {{\[\[}}1, 3, 6], [4, 9, 15]]
  %5 = seq.cumsum %x axis 1 : tensor<2x3xf32>
  // CHECK-NEXT: tensor<3xf32> [0, 1, 2]
  %6 = seq.iota : tensor<3xf32>
  // CHECK-NEXT: tensor<2xi64> [0, 1]
  %7 = seq.iota : tensor<2xi64>
  // CHECK-NEXT: tensor<2x3xf32> {{\[\[}}1, 0, 0], [0, 1, 0]]
  %8 = seq.one_hot %7 : tensor<2xi64> -> tensor<2x3xf32>
  return %0, %1, %2, %3, %4, %5, %6, %7, %8 : tensor<3x2xf32>, tensor<2x3xf32>, tensor<2x3xf32>, tensor<3xi64>, tensor<2x3xf32>, tensor<2x3xf32>, tensor<3xf32>, tensor<2xi64>, tensor<2x3xf32>
}
