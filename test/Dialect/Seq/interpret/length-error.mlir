// RUN: not seq-interpret --func short %s 2>&1 | FileCheck %s --check-prefix=SHORT
// RUN: not seq-interpret --func outside %s 2>&1 | FileCheck %s --check-prefix=OUTSIDE
// RUN: not seq-interpret --func maximum %s 2>&1 | FileCheck %s --check-prefix=MAXIMUM

// SHORT: mean needs a length of 1, not 0 (sample 0, position 2)
func.func @short() {
  %n = arith.constant dense<[3, 1, 0]> : tensor<3xi64>
  seq.require_length %n at_least 1 for "mean" : tensor<3xi64>
  return
}

// OUTSIDE: index -3 needs a length of 3, not 2 (sample 0, position -1)
func.func @outside() -> tensor<f32> {
  %x = arith.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %y = tensor.cast %x : tensor<2xf32> to tensor<?xf32>
  %0 = seq.at %y axis 0 index -3 : tensor<?xf32> -> tensor<f32>
  return %0 : tensor<f32>
}

// MAXIMUM: max needs a length of 1, not 0 (sample 0, position -1)
func.func @maximum() -> tensor<f32> {
  %x = arith.constant dense<> : tensor<0xf32>
  %y = tensor.cast %x : tensor<0xf32> to tensor<?xf32>
  %0 = seq.reduce max %y axis 0 : tensor<?xf32> -> tensor<f32>
  return %0 : tensor<f32>
}
