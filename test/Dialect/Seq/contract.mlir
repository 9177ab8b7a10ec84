// RUN: seq-opt %s | seq-opt | FileCheck %s

// CHECK-LABEL: func @matrix_product
// CHECK: seq.contract %{{.*}} [1], %{{.*}} [1] : tensor<?x4xf32>, tensor<3x4xf32> -> tensor<?x3xf32>
func.func @matrix_product(%x: tensor<?x4xf32>, %w: tensor<3x4xf32>) -> tensor<?x3xf32> {
  %y = seq.contract %x [1], %w [1] : tensor<?x4xf32>, tensor<3x4xf32> -> tensor<?x3xf32>
  return %y : tensor<?x3xf32>
}

// CHECK-LABEL: func @batched_scores
// CHECK: seq.contract %{{.*}} [2], %{{.*}} [1] batch [0], [0] : tensor<?x?x4xf32>, tensor<?x4xf32> -> tensor<?x?xf32>
func.func @batched_scores(%memory: tensor<?x?x4xf32>, %query: tensor<?x4xf32>) -> tensor<?x?xf32> {
  %y = seq.contract %memory [2], %query [1] batch [0], [0] : tensor<?x?x4xf32>, tensor<?x4xf32> -> tensor<?x?xf32>
  return %y : tensor<?x?xf32>
}

// CHECK-LABEL: func @outer_product
// CHECK: seq.contract %{{.*}} [], %{{.*}} [] : tensor<2xf32>, tensor<3xf32> -> tensor<2x3xf32>
func.func @outer_product(%a: tensor<2xf32>, %b: tensor<3xf32>) -> tensor<2x3xf32> {
  %y = seq.contract %a [], %b [] : tensor<2xf32>, tensor<3xf32> -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// CHECK-LABEL: func @reductions
// CHECK: seq.reduce sum %{{.*}} axis 0 : tensor<?x4xf32> -> tensor<4xf32>
// CHECK: seq.reduce max %{{.*}} axis 1 : tensor<?x4xf32> -> tensor<?xf32>
// CHECK: seq.reduce min %{{.*}} axis 1
// CHECK: seq.softmax %{{.*}} axis 1 : tensor<?x4xf32>
func.func @reductions(%x: tensor<?x4xf32>) -> (tensor<4xf32>, tensor<?xf32>, tensor<?xf32>, tensor<?x4xf32>) {
  %0 = seq.reduce sum %x axis 0 : tensor<?x4xf32> -> tensor<4xf32>
  %1 = seq.reduce max %x axis 1 : tensor<?x4xf32> -> tensor<?xf32>
  %2 = seq.reduce min %x axis 1 : tensor<?x4xf32> -> tensor<?xf32>
  %3 = seq.softmax %x axis 1 : tensor<?x4xf32>
  return %0, %1, %2, %3 : tensor<4xf32>, tensor<?xf32>, tensor<?xf32>, tensor<?x4xf32>
}
