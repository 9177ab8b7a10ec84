// RUN: seq-opt %s -canonicalize | FileCheck %s

// CHECK-LABEL: func @splats_through_shape
// CHECK-NEXT: %[[C:.*]] = arith.constant dense<2.000000e+00> : tensor<3x4xf32>
// CHECK-NEXT: return %[[C]]
func.func @splats_through_shape() -> tensor<3x4xf32> {
  %0 = arith.constant dense<2.0> : tensor<2xf32>
  %1 = seq.broadcast %0 dims [0] : tensor<2xf32> -> tensor<2x4xf32>
  %2 = seq.concat %1, %1 axis 0 : tensor<2x4xf32>, tensor<2x4xf32> -> tensor<4x4xf32>
  %3 = seq.slice %2 axis 0 offset 1 : tensor<4x4xf32> -> tensor<3x4xf32>
  %4 = seq.transpose %3 [1, 0] : tensor<3x4xf32> -> tensor<4x3xf32>
  %5 = seq.transpose %4 [1, 0] : tensor<4x3xf32> -> tensor<3x4xf32>
  return %5 : tensor<3x4xf32>
}

// CHECK-LABEL: func @unequal_splats_stay
// CHECK: seq.concat
func.func @unequal_splats_stay() -> tensor<4xf32> {
  %0 = arith.constant dense<2.0> : tensor<2xf32>
  %1 = arith.constant dense<3.0> : tensor<2xf32>
  %2 = seq.concat %0, %1 axis 0 : tensor<2xf32>, tensor<2xf32> -> tensor<4xf32>
  return %2 : tensor<4xf32>
}

// CHECK-LABEL: func @dynamic_splat_stays
// CHECK: seq.broadcast
func.func @dynamic_splat_stays(%n: index) -> tensor<?x2xf32> {
  %0 = arith.constant dense<2.0> : tensor<2xf32>
  %1 = seq.broadcast %0 sizes(%n) dims [1] : tensor<2xf32> -> tensor<?x2xf32>
  return %1 : tensor<?x2xf32>
}
