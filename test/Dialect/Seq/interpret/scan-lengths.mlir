// RUN: seq-interpret %s | FileCheck %s
// Three rows of lengths 2, 3 and 0 in one batch, with NaN in the padding:
// an ended row keeps its state and gives zeros, a reversed one begins at its
// own end, an empty one ends as it began.

// CHECK: tensor<3x1xf32> {{\[\[}}13], [16], [30]]
// CHECK-NEXT: tensor<3x3x1xf32> {{\[\[\[}}11], [13], [0]], {{\[\[}}11], [13], [16]], {{\[\[}}0], [0], [0]]]
// CHECK-NEXT: tensor<3x1xf32> {{\[\[}}45], [97], [30]]
// CHECK-NEXT: tensor<3x3x1xf32> {{\[\[\[}}45], [22], [0]], {{\[\[}}97], [48], [23]], {{\[\[}}0], [0], [0]]]
func.func @main() -> (tensor<3x1xf32>, tensor<3x3x1xf32>, tensor<3x1xf32>, tensor<3x3x1xf32>) {
  %x = arith.constant dense<[[[1.0], [2.0], [0x7FC00000]], [[1.0], [2.0], [3.0]], [[0x7FC00000], [0x7FC00000], [0x7FC00000]]]> : tensor<3x3x1xf32>
  %n = arith.constant dense<[2, 3, 0]> : tensor<3xi64>
  %h0 = arith.constant dense<[[10.0], [10.0], [30.0]]> : tensor<3x1xf32>
  %0:2 = seq.scan axis 1 sequences(%x : tensor<3x3x1xf32>) states(%h0 : tensor<3x1xf32>) lengths(%n : tensor<3xi64>) -> tensor<3x1xf32>, tensor<3x3x1xf32> {
  ^bb0(%x_t: tensor<3x1xf32>, %h: tensor<3x1xf32>):
    %next = arith.addf %h, %x_t : tensor<3x1xf32>
    seq.yield %next, %next : tensor<3x1xf32>, tensor<3x1xf32>
  }
  // Twice the state and the element, so that the order of the steps shows.
  %two = arith.constant dense<2.0> : tensor<3x1xf32>
  %1:2 = seq.scan reverse axis 1 sequences(%x : tensor<3x3x1xf32>) states(%h0 : tensor<3x1xf32>) invariants(%two : tensor<3x1xf32>) lengths(%n : tensor<3xi64>) -> tensor<3x1xf32>, tensor<3x3x1xf32> {
  ^bb0(%x_t: tensor<3x1xf32>, %h: tensor<3x1xf32>, %two1: tensor<3x1xf32>):
    %twice = arith.mulf %h, %two1 : tensor<3x1xf32>
    %next = arith.addf %twice, %x_t : tensor<3x1xf32>
    seq.yield %next, %next : tensor<3x1xf32>, tensor<3x1xf32>
  }
  return %0#0, %0#1, %1#0, %1#1 : tensor<3x1xf32>, tensor<3x3x1xf32>, tensor<3x1xf32>, tensor<3x3x1xf32>
}
