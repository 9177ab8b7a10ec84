// RUN: seq-opt %s | seq-opt | FileCheck %s

// CHECK-LABEL: func @embedding
// CHECK: seq.gather %{{.*}}[%{{.*}}] : tensor<10x4xf32>, tensor<?x?xi64> -> tensor<?x?x4xf32>
func.func @embedding(%table: tensor<10x4xf32>, %text: tensor<?x?xi64>) -> tensor<?x?x4xf32> {
  %0 = seq.gather %table[%text] : tensor<10x4xf32>, tensor<?x?xi64> -> tensor<?x?x4xf32>
  return %0 : tensor<?x?x4xf32>
}

// CHECK-LABEL: func @padding
// CHECK: seq.mask %{{.*}} axis 1 lengths(%{{.*}} : tensor<?xi64>) fill 0xFF800000 : f32 : tensor<?x?x4xf32>
// CHECK: seq.mask %{{.*}} axis 1 lengths(%{{.*}} : tensor<?xi64>) fill 0 : i64 : tensor<?x?xi64>
func.func @padding(%x: tensor<?x?x4xf32>, %text: tensor<?x?xi64>, %n: tensor<?xi64>) -> (tensor<?x?x4xf32>, tensor<?x?xi64>) {
  %0 = seq.mask %x axis 1 lengths(%n : tensor<?xi64>) fill 0xFF800000 : f32 : tensor<?x?x4xf32>
  %1 = seq.mask %text axis 1 lengths(%n : tensor<?xi64>) fill 0 : i64 : tensor<?x?xi64>
  return %0, %1 : tensor<?x?x4xf32>, tensor<?x?xi64>
}

// CHECK-LABEL: func @length
// CHECK: seq.length %{{.*}} axis 1 : tensor<?x?x4xf32> -> tensor<i64>
// CHECK: seq.length %{{.*}} axis 1 : tensor<?x?x4xf32> -> tensor<?xi64>
// CHECK: seq.require_length %{{.*}} at_least 1 for "mean" : tensor<?xi64>
func.func @length(%x: tensor<?x?x4xf32>) -> tensor<i64> {
  %0 = seq.length %x axis 1 : tensor<?x?x4xf32> -> tensor<i64>
  %1 = seq.length %x axis 1 : tensor<?x?x4xf32> -> tensor<?xi64>
  seq.require_length %1 at_least 1 for "mean" : tensor<?xi64>
  return %0 : tensor<i64>
}
