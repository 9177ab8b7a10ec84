// RUN: seq-interpret %s | FileCheck %s

func.func @main() -> (tensor<3xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2x2xf32>, tensor<3xf32>) {
  %x = arith.constant dense<[[1.0, -2.0, 3.0], [4.0, 5.0, -6.0]]> : tensor<2x3xf32>
  // CHECK: tensor<3xf32> [5, 3, -3]
  %0 = seq.reduce sum %x axis 0 : tensor<2x3xf32> -> tensor<3xf32>
  // CHECK-NEXT: tensor<2xf32> [3, 5]
  %1 = seq.reduce max %x axis 1 : tensor<2x3xf32> -> tensor<2xf32>
  // CHECK-NEXT: tensor<2xf32> [-2, -6]
  %2 = seq.reduce min %x axis 1 : tensor<2x3xf32> -> tensor<2xf32>
  // Over nothing; and with NaN, which no maximum hides.
  // CHECK-NEXT: tensor<2xf32> [-inf, -inf]
  %none = arith.constant dense<> : tensor<2x0xf32>
  %3 = seq.reduce max %none axis 1 : tensor<2x0xf32> -> tensor<2xf32>
  // CHECK-NEXT: tensor<2xf32> [nan, 2]
  %nan = arith.constant dense<[[0x7FC00000, 1.0], [1.0, 2.0]]> : tensor<2x2xf32>
  %4 = seq.reduce max %nan axis 1 : tensor<2x2xf32> -> tensor<2xf32>
  // exp(log 3) : exp(0) = 3 : 1, and far from zero the same.
  // CHECK-NEXT: tensor<2x2xf32> {{\[\[}}0.75, 0.25], [0.5, 0.5]]
  %y = arith.constant dense<[[3.0, 1.0], [1.0, 1.0]]> : tensor<2x2xf32>
  %log = math.log %y : tensor<2x2xf32>
  %5 = seq.softmax %log axis 1 : tensor<2x2xf32>
  // CHECK-NEXT: tensor<3xf32> [0.5, 0, 0.5]
  %z = arith.constant dense<[1000.0, -1000.0, 1000.0]> : tensor<3xf32>
  %6 = seq.softmax %z axis 0 : tensor<3xf32>
  return %0, %1, %2, %3, %4, %5, %6 : tensor<3xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2x2xf32>, tensor<3xf32>
}
