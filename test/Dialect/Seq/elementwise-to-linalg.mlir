// RUN: seq-opt %s -convert-elementwise-to-linalg | FileCheck %s
// Generic code treats seq.sigmoid as it does math.tanh.

// CHECK-LABEL: func @sigmoid_is_mappable
// CHECK: linalg.generic
// CHECK: seq.sigmoid %{{.*}} : f32
func.func @sigmoid_is_mappable(%t: tensor<4xf32>) -> tensor<4xf32> {
  %0 = seq.sigmoid %t : tensor<4xf32>
  return %0 : tensor<4xf32>
}
