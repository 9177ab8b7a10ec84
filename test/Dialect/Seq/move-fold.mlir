// RUN: seq-opt %s -canonicalize | FileCheck %s

// CHECK-LABEL: func @identities
// CHECK-SAME: (%[[X:.*]]: tensor<?x6xf32>)
// CHECK-NEXT: return %[[X]], %[[X]], %[[X]]
func.func @identities(%x: tensor<?x6xf32>) -> (tensor<?x6xf32>, tensor<?x6xf32>, tensor<?x6xf32>) {
  %0 = seq.reshape %x : tensor<?x6xf32> -> tensor<?x6xf32>
  %1 = seq.shift %x axis 0 by 0 fill 1.0 : f32 : tensor<?x6xf32>
  %2 = seq.reshape %x : tensor<?x6xf32> -> tensor<?x2x3xf32>
  %3 = seq.reshape %2 : tensor<?x2x3xf32> -> tensor<?x6xf32>
  return %0, %1, %3 : tensor<?x6xf32>, tensor<?x6xf32>, tensor<?x6xf32>
}

// CHECK-LABEL: func @splats
// CHECK-DAG: %[[A:.*]] = arith.constant dense<2.000000e+00> : tensor<6xf32>
// CHECK-DAG: %[[B:.*]] = arith.constant dense<2.000000e+00> : tensor<2x3xf32>
// CHECK: return %[[B]], %[[A]]
func.func @splats() -> (tensor<2x3xf32>, tensor<6xf32>) {
  %c = arith.constant dense<2.0> : tensor<6xf32>
  %0 = seq.reshape %c : tensor<6xf32> -> tensor<2x3xf32>
  %1 = seq.shift %c axis 0 by 3 fill 2.0 : f32 : tensor<6xf32>
  return %0, %1 : tensor<2x3xf32>, tensor<6xf32>
}

// CHECK-LABEL: func @another_fill_stays
// CHECK: seq.shift
func.func @another_fill_stays() -> tensor<6xf32> {
  %c = arith.constant dense<2.0> : tensor<6xf32>
  %0 = seq.shift %c axis 0 by 3 fill 0.0 : f32 : tensor<6xf32>
  return %0 : tensor<6xf32>
}
