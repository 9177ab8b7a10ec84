// RUN: seq-opt %s -canonicalize | FileCheck %s

// CHECK-LABEL: func @identities
// CHECK-SAME: (%[[X:.*]]: tensor<?x4xf32>)
// CHECK-NEXT: return %[[X]], %[[X]], %[[X]], %[[X]]
func.func @identities(%x: tensor<?x4xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>) {
  %0 = seq.broadcast %x dims [0, 1] : tensor<?x4xf32> -> tensor<?x4xf32>
  %1 = seq.slice %x axis 1 offset 0 : tensor<?x4xf32> -> tensor<?x4xf32>
  %2 = seq.transpose %x [0, 1] : tensor<?x4xf32> -> tensor<?x4xf32>
  %3 = seq.concat %x axis 1 : tensor<?x4xf32> -> tensor<?x4xf32>
  return %0, %1, %2, %3 : tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>
}

// CHECK-LABEL: func @a_square_transposed_is_another
// CHECK: seq.transpose
func.func @a_square_transposed_is_another(%x: tensor<4x4xf32>) -> tensor<4x4xf32> {
  %0 = seq.transpose %x [1, 0] : tensor<4x4xf32> -> tensor<4x4xf32>
  return %0 : tensor<4x4xf32>
}

// CHECK-LABEL: func @broadcast_of_broadcast
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>, %[[A:.*]]: index, %[[B:.*]]: index)
// CHECK-NEXT: %[[Y:.*]] = seq.broadcast %[[X]] sizes(%[[B]], %[[A]]) dims [3] : tensor<4xf32> -> tensor<?x?x2x4xf32>
// CHECK-NEXT: return %[[Y]]
func.func @broadcast_of_broadcast(%x: tensor<4xf32>, %a: index, %b: index) -> tensor<?x?x2x4xf32> {
  %0 = seq.broadcast %x sizes(%a) dims [2] : tensor<4xf32> -> tensor<?x2x4xf32>
  %1 = seq.broadcast %0 sizes(%b) dims [1, 2, 3] : tensor<?x2x4xf32> -> tensor<?x?x2x4xf32>
  return %1 : tensor<?x?x2x4xf32>
}

// CHECK-LABEL: func @transpose_of_transpose
// CHECK: seq.transpose %{{.*}} [2, 1, 0] : tensor<2x3x4xf32> -> tensor<4x3x2xf32>
// CHECK-NEXT: return
func.func @transpose_of_transpose(%x: tensor<2x3x4xf32>) -> tensor<4x3x2xf32> {
  %0 = seq.transpose %x [1, 2, 0] : tensor<2x3x4xf32> -> tensor<3x4x2xf32>
  %1 = seq.transpose %0 [1, 0, 2] : tensor<3x4x2xf32> -> tensor<4x3x2xf32>
  return %1 : tensor<4x3x2xf32>
}

// CHECK-LABEL: func @at_of_broadcast
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>
// CHECK-NEXT: return %[[X]]
func.func @at_of_broadcast(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = seq.broadcast %x dims [1] : tensor<4xf32> -> tensor<3x4xf32>
  %1 = seq.at %0 axis 0 index -1 : tensor<3x4xf32> -> tensor<4xf32>
  return %1 : tensor<4xf32>
}

// Along a dynamic axis there may be no position to read.
// CHECK-LABEL: func @at_of_dynamic_broadcast
// CHECK: seq.at
func.func @at_of_dynamic_broadcast(%x: tensor<4xf32>, %n: index) -> tensor<4xf32> {
  %0 = seq.broadcast %x sizes(%n) dims [1] : tensor<4xf32> -> tensor<?x4xf32>
  %1 = seq.at %0 axis 0 index -1 : tensor<?x4xf32> -> tensor<4xf32>
  return %1 : tensor<4xf32>
}
