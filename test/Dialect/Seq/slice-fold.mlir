// RUN: seq-opt %s -canonicalize | FileCheck %s

// CHECK-LABEL: func @slice_of_slice
// CHECK-NEXT: %[[Y:.*]] = seq.slice %{{.*}} axis 0 offset 3 : tensor<8xf32> -> tensor<2xf32>
// CHECK-NEXT: return %[[Y]]
func.func @slice_of_slice(%x: tensor<8xf32>) -> tensor<2xf32> {
  %0 = seq.slice %x axis 0 offset 2 : tensor<8xf32> -> tensor<4xf32>
  %1 = seq.slice %0 axis 0 offset 1 : tensor<4xf32> -> tensor<2xf32>
  return %1 : tensor<2xf32>
}

// CHECK-LABEL: func @slice_of_concat
// CHECK-SAME: (%[[A:.*]]: tensor<4xf32>, %[[B:.*]]: tensor<3xf32>)
// CHECK-NEXT: %[[PART:.*]] = seq.slice %[[B]] axis 0 offset 1 : tensor<3xf32> -> tensor<2xf32>
// CHECK-NEXT: return %[[A]], %[[PART]]
func.func @slice_of_concat(%a: tensor<4xf32>, %b: tensor<3xf32>) -> (tensor<4xf32>, tensor<2xf32>) {
  %0 = seq.concat %a, %b axis 0 : tensor<4xf32>, tensor<3xf32> -> tensor<7xf32>
  %1 = seq.slice %0 axis 0 offset 0 : tensor<7xf32> -> tensor<4xf32>
  %2 = seq.slice %0 axis 0 offset 5 : tensor<7xf32> -> tensor<2xf32>
  return %1, %2 : tensor<4xf32>, tensor<2xf32>
}

// CHECK-LABEL: func @slice_across_operands_stays
// CHECK: seq.concat
// CHECK: seq.slice
func.func @slice_across_operands_stays(%a: tensor<4xf32>, %b: tensor<3xf32>) -> tensor<2xf32> {
  %0 = seq.concat %a, %b axis 0 : tensor<4xf32>, tensor<3xf32> -> tensor<7xf32>
  %1 = seq.slice %0 axis 0 offset 3 : tensor<7xf32> -> tensor<2xf32>
  return %1 : tensor<2xf32>
}

// CHECK-LABEL: func @concat_of_contiguous_slices
// CHECK-SAME: (%[[X:.*]]: tensor<?x8xf32>)
// CHECK-NEXT: %[[PART:.*]] = seq.slice %[[X]] axis 1 offset 2 : tensor<?x8xf32> -> tensor<?x6xf32>
// CHECK-NEXT: return %[[X]], %[[PART]]
func.func @concat_of_contiguous_slices(%x: tensor<?x8xf32>) -> (tensor<?x8xf32>, tensor<?x6xf32>) {
  %0 = seq.slice %x axis 1 offset 0 : tensor<?x8xf32> -> tensor<?x2xf32>
  %1 = seq.slice %x axis 1 offset 2 : tensor<?x8xf32> -> tensor<?x5xf32>
  %2 = seq.slice %x axis 1 offset 7 : tensor<?x8xf32> -> tensor<?x1xf32>
  %3 = seq.concat %0, %1, %2 axis 1 : tensor<?x2xf32>, tensor<?x5xf32>, tensor<?x1xf32> -> tensor<?x8xf32>
  %4 = seq.concat %1, %2 axis 1 : tensor<?x5xf32>, tensor<?x1xf32> -> tensor<?x6xf32>
  return %3, %4 : tensor<?x8xf32>, tensor<?x6xf32>
}

// CHECK-LABEL: func @concat_in_another_order_stays
// CHECK: seq.concat
func.func @concat_in_another_order_stays(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = seq.slice %x axis 0 offset 0 : tensor<4xf32> -> tensor<2xf32>
  %1 = seq.slice %x axis 0 offset 2 : tensor<4xf32> -> tensor<2xf32>
  %2 = seq.concat %1, %0 axis 0 : tensor<2xf32>, tensor<2xf32> -> tensor<4xf32>
  return %2 : tensor<4xf32>
}
