// RUN: seq-opt %s -canonicalize | FileCheck %s

// CHECK-LABEL: func @counts_of_constants
// CHECK-DAG: %[[FIVE:.*]] = arith.constant 5 : index
// CHECK-DAG: %[[NONE:.*]] = arith.constant 0 : index
// CHECK-DAG: %[[LENGTHS:.*]] = arith.constant dense<[4, 0, 1]> : tensor<3xi64>
// CHECK: return %[[FIVE]], %[[NONE]], %[[LENGTHS]]
func.func @counts_of_constants() -> (index, index, tensor<3xi64>) {
  %ten = arith.constant 10 : index
  %0 = seq.window_count %ten offset -1 stride 2 : index
  %1 = seq.window_count %ten offset -11 stride 2 : index
  %lengths = arith.constant dense<[6, 2, 3]> : tensor<3xi64>
  %2 = seq.window_count %lengths offset -3 : tensor<3xi64>
  return %0, %1, %2 : index, index, tensor<3xi64>
}

// As many windows as positions: the padding makes up for the size.
// CHECK-LABEL: func @count_of_as_many
// CHECK-SAME: (%[[N:.*]]: index)
// CHECK-NEXT: return %[[N]]
func.func @count_of_as_many(%n: index) -> index {
  %0 = seq.window_count %n offset -1 : index
  return %0 : index
}

// CHECK-LABEL: func @count_of_half
// CHECK: seq.window_count
func.func @count_of_half(%n: index) -> index {
  %0 = seq.window_count %n offset -1 stride 2 : index
  return %0 : index
}
