// RUN: seq-interpret %s | FileCheck %s
// A scan in a scan: each step adds the sum of its own inner sequence.

// CHECK: tensor<f32> 10
// CHECK-NEXT: tensor<2xf32> [3, 10]
// CHECK-NEXT: tensor<2x2xf32> {{\[\[}}1, 3], [3, 7]]
func.func @main() -> (tensor<f32>, tensor<2xf32>, tensor<2x2xf32>) {
  %x = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %zero = arith.constant dense<0.0> : tensor<f32>
  %0:3 = seq.scan sequences(%x : tensor<2x2xf32>) states(%zero : tensor<f32>) invariants(%zero : tensor<f32>) -> tensor<f32>, tensor<2xf32>, tensor<2x2xf32> {
  ^bb0(%row: tensor<2xf32>, %h: tensor<f32>, %z: tensor<f32>):
    %sum:2 = seq.scan sequences(%row : tensor<2xf32>) states(%z : tensor<f32>) -> tensor<f32>, tensor<2xf32> {
    ^bb0(%e: tensor<f32>, %s: tensor<f32>):
      %next = arith.addf %s, %e : tensor<f32>
      seq.yield %next, %next : tensor<f32>, tensor<f32>
    }
    %next = arith.addf %h, %sum#0 : tensor<f32>
    seq.yield %next, %next, %sum#1 : tensor<f32>, tensor<f32>, tensor<2xf32>
  }
  return %0#0, %0#1, %0#2 : tensor<f32>, tensor<2xf32>, tensor<2x2xf32>
}
