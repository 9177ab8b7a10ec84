// RUN: seq-opt %s -canonicalize | FileCheck %s

// CHECK-LABEL: func @mask_of_mask
// CHECK-SAME: (%[[X:.*]]: tensor<?x?xf32>, %[[N:.*]]: tensor<?xi64>)
// CHECK-NEXT: %[[Y:.*]] = seq.mask %[[X]] axis 1 lengths(%[[N]] : tensor<?xi64>) fill 0.000000e+00
// CHECK-NEXT: return %[[Y]]
func.func @mask_of_mask(%x: tensor<?x?xf32>, %n: tensor<?xi64>) -> tensor<?x?xf32> {
  %0 = seq.mask %x axis 1 lengths(%n : tensor<?xi64>) fill 0.0 : f32 : tensor<?x?xf32>
  %1 = seq.mask %0 axis 1 lengths(%n : tensor<?xi64>) fill 0.0 : f32 : tensor<?x?xf32>
  return %1 : tensor<?x?xf32>
}

// CHECK-LABEL: func @the_outer_fill_remains
// CHECK-NEXT: %[[Y:.*]] = seq.mask %{{.*}} fill 1.000000e+00
// CHECK-NEXT: return %[[Y]]
func.func @the_outer_fill_remains(%x: tensor<?x?xf32>, %n: tensor<?xi64>) -> tensor<?x?xf32> {
  %0 = seq.mask %x axis 1 lengths(%n : tensor<?xi64>) fill 0.0 : f32 : tensor<?x?xf32>
  %1 = seq.mask %0 axis 1 lengths(%n : tensor<?xi64>) fill 1.0 : f32 : tensor<?x?xf32>
  return %1 : tensor<?x?xf32>
}

// CHECK-LABEL: func @masks_by_other_lengths_stay
// CHECK-COUNT-2: seq.mask
func.func @masks_by_other_lengths_stay(%x: tensor<?x?xf32>, %n: tensor<?xi64>, %m: tensor<?xi64>) -> tensor<?x?xf32> {
  %0 = seq.mask %x axis 1 lengths(%n : tensor<?xi64>) fill 0.0 : f32 : tensor<?x?xf32>
  %1 = seq.mask %0 axis 1 lengths(%m : tensor<?xi64>) fill 0.0 : f32 : tensor<?x?xf32>
  return %1 : tensor<?x?xf32>
}

// CHECK-LABEL: func @mask_of_the_fill
// CHECK-NEXT: %[[C:.*]] = arith.constant dense<0.000000e+00>
// CHECK-NEXT: return %[[C]]
func.func @mask_of_the_fill(%n: tensor<3xi64>) -> tensor<3x4xf32> {
  %0 = arith.constant dense<0.0> : tensor<3x4xf32>
  %1 = seq.mask %0 axis 1 lengths(%n : tensor<3xi64>) fill 0.0 : f32 : tensor<3x4xf32>
  return %1 : tensor<3x4xf32>
}

// A lookup that nobody reads may go: seq.gather is pure, its error included.
// CHECK-LABEL: func @unread_gather
// CHECK-NEXT: return
func.func @unread_gather(%table: tensor<3x4xf32>, %text: tensor<?xi64>) {
  %0 = seq.gather %table[%text] : tensor<3x4xf32>, tensor<?xi64> -> tensor<?x4xf32>
  return
}

// CHECK-LABEL: func @required_lengths_stay
// CHECK-NEXT: seq.require_length
func.func @required_lengths_stay(%n: tensor<?xi64>) {
  seq.require_length %n at_least 1 for "mean" : tensor<?xi64>
  return
}
