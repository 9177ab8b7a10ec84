// RUN: seq-interpret %s | FileCheck %s
// No step at all: the final state is the initial one, and the outputs have
// the sizes that a step's would have, static or not.

// CHECK: tensor<2x1xf32> {{\[\[}}5], [6]]
// CHECK-NEXT: tensor<2x0x1xf32> {{\[\[}}], []]
// CHECK-NEXT: tensor<0x3xf32> []
func.func @main() -> (tensor<?x1xf32>, tensor<?x0x1xf32>, tensor<0x3xf32>) {
  %x = arith.constant dense<> : tensor<2x0x1xf32>
  %h = arith.constant dense<[[5.0], [6.0]]> : tensor<2x1xf32>
  %xd = tensor.cast %x : tensor<2x0x1xf32> to tensor<?x0x1xf32>
  %hd = tensor.cast %h : tensor<2x1xf32> to tensor<?x1xf32>
  %0:2 = seq.scan axis 1 sequences(%xd : tensor<?x0x1xf32>) states(%hd : tensor<?x1xf32>) -> tensor<?x1xf32>, tensor<?x0x1xf32> {
  ^bb0(%x_t: tensor<?x1xf32>, %s: tensor<?x1xf32>):
    %next = arith.addf %x_t, %s : tensor<?x1xf32>
    seq.yield %next, %next : tensor<?x1xf32>, tensor<?x1xf32>
  }
  %e = arith.constant dense<> : tensor<0x3xf32>
  %1 = seq.map sequences(%e : tensor<0x3xf32>) -> tensor<0x3xf32> {
  ^bb0(%e_i: tensor<3xf32>):
    %twice = arith.addf %e_i, %e_i : tensor<3xf32>
    seq.yield %twice : tensor<3xf32>
  }
  return %0#0, %0#1, %1 : tensor<?x1xf32>, tensor<?x0x1xf32>, tensor<0x3xf32>
}
