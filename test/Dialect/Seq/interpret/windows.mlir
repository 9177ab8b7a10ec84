// RUN: seq-interpret %s | FileCheck %s

func.func @main() -> (tensor<2x2x2xf32>, tensor<2x3x2xf32>, tensor<3x2x2xi64>, tensor<2x0x3xf32>, tensor<4xi64>, tensor<?xf32>) {
  %x = arith.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf32>
  // CHECK: tensor<2x2x2xf32> {{\[\[\[}}1, 2], [2, 3]], {{\[\[}}4, 5], [5, 6]]]
  %0 = seq.windows %x axis 1 size 2 : tensor<2x3xf32> -> tensor<2x2x2xf32>
  // Zeros before the first position and behind the last one; every second window.
  // CHECK-NEXT: tensor<2x3x2xf32> {{\[\[\[}}0, 0], [1, 2], [3, 0]], {{\[\[}}0, 0], [4, 5], [6, 0]]]
  %1 = seq.windows %x axis 1 size 2 stride 2 before 2 after 2 : tensor<2x3xf32> -> tensor<2x3x2xf32>
  // Windows of the first axis stand before what is inside it.
  %y = arith.constant dense<[[1, 2], [3, 4], [5, 6]]> : tensor<3x2xi64>
  // CHECK-NEXT: tensor<3x2x2xi64> {{\[\[\[}}0, 0], [1, 2]], {{\[\[}}1, 2], [3, 4]], {{\[\[}}3, 4], [5, 6]]]
  %2 = seq.windows %y axis 0 size 2 before 1 : tensor<3x2xi64> -> tensor<3x2x2xi64>
  // Not one window fits.
  // CHECK-NEXT: tensor<2x0x3xf32>
  %z = seq.slice %x axis 1 offset 0 : tensor<2x3xf32> -> tensor<2x2xf32>
  %3 = seq.windows %z axis 1 size 3 : tensor<2x2xf32> -> tensor<2x0x3xf32>
  // CHECK-NEXT: tensor<4xi64> [0, 1, 1, 2]
  %lengths = arith.constant dense<[0, 1, 2, 3]> : tensor<4xi64>
  %4 = seq.window_count %lengths offset -1 stride 2 : tensor<4xi64>
  // CHECK-NEXT: tensor<2xf32> [1, 1]
  %three = arith.constant 3 : index
  %n = seq.window_count %three offset -2 : index
  %one = arith.constant dense<1.0> : tensor<f32>
  %5 = seq.broadcast %one sizes(%n) dims [] : tensor<f32> -> tensor<?xf32>
  return %0, %1, %2, %3, %4, %5 : tensor<2x2x2xf32>, tensor<2x3x2xf32>, tensor<3x2x2xi64>, tensor<2x0x3xf32>, tensor<4xi64>, tensor<?xf32>
}
