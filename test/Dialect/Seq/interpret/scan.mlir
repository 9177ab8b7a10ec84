// RUN: seq-interpret %s | FileCheck %s
// Running sums: forwards, then backwards, of one sample.

// CHECK: tensor<2xf32> [9, 12]
// CHECK-NEXT: tensor<3x2xf32> {{\[\[}}1, 2], [4, 6], [9, 12]]
// CHECK-NEXT: tensor<2xf32> [9, 12]
// CHECK-NEXT: tensor<3x2xf32> {{\[\[}}9, 12], [8, 10], [5, 6]]
func.func @main() -> (tensor<2xf32>, tensor<3x2xf32>, tensor<2xf32>, tensor<3x2xf32>) {
  %x = arith.constant dense<[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]> : tensor<3x2xf32>
  %h0 = arith.constant dense<0.0> : tensor<2xf32>
  %0:2 = seq.scan sequences(%x : tensor<3x2xf32>) states(%h0 : tensor<2xf32>) -> tensor<2xf32>, tensor<3x2xf32> {
  ^bb0(%x_t: tensor<2xf32>, %h: tensor<2xf32>):
    %next = arith.addf %h, %x_t : tensor<2xf32>
    seq.yield %next, %next : tensor<2xf32>, tensor<2xf32>
  }
  %1:2 = seq.scan reverse sequences(%x : tensor<3x2xf32>) states(%h0 : tensor<2xf32>) -> tensor<2xf32>, tensor<3x2xf32> {
  ^bb0(%x_t: tensor<2xf32>, %h: tensor<2xf32>):
    %next = arith.addf %h, %x_t : tensor<2xf32>
    seq.yield %next, %next : tensor<2xf32>, tensor<2xf32>
  }
  return %0#0, %0#1, %1#0, %1#1 : tensor<2xf32>, tensor<3x2xf32>, tensor<2xf32>, tensor<3x2xf32>
}
