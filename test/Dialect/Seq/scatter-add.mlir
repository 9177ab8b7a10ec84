// RUN: seq-opt %s | seq-opt | FileCheck %s

// CHECK-LABEL: func @rows
// CHECK: seq.scatter_add %{{.*}} at %{{.*}} : tensor<?x?x4xf32>, tensor<?x?xi64> -> tensor<9x4xf32>
func.func @rows(%d: tensor<?x?x4xf32>, %t: tensor<?x?xi64>) -> tensor<9x4xf32> {
  %g = seq.scatter_add %d at %t : tensor<?x?x4xf32>, tensor<?x?xi64> -> tensor<9x4xf32>
  return %g : tensor<9x4xf32>
}

// Numbers at one token.
// CHECK-LABEL: func @number
// CHECK: seq.scatter_add %{{.*}} at %{{.*}} : tensor<f32>, tensor<i64> -> tensor<9xf32>
func.func @number(%d: tensor<f32>, %t: tensor<i64>) -> tensor<9xf32> {
  %g = seq.scatter_add %d at %t : tensor<f32>, tensor<i64> -> tensor<9xf32>
  return %g : tensor<9xf32>
}
