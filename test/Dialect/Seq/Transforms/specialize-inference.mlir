// RUN: seq-opt %s --pass-pipeline='builtin.module(func.func(seq-specialize-inference))' | FileCheck %s
// What acts in training only goes, in bodies too.

// CHECK-LABEL: func @main
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<?x2xf32> {{.*}}, %[[H:[a-z0-9]+]]: tensor<2xf32>
// CHECK-NEXT: seq.scan sequences(%[[X]]
// CHECK-NEXT: ^bb0(%[[XT:[a-z0-9]+]]: tensor<2xf32>, %[[S:[a-z0-9]+]]: tensor<2xf32>):
// CHECK-NEXT: %[[N:.*]] = arith.addf %[[S]], %[[XT]]
// CHECK-NEXT: seq.yield %[[N]]
func.func @main(%x: tensor<?x2xf32> {seq.input = "x"}, %h: tensor<2xf32>) -> tensor<2xf32> {
  %d = seq.dropout %x rate 0.5 site 0 : tensor<?x2xf32>
  %f = seq.scan sequences(%d : tensor<?x2xf32>) states(%h : tensor<2xf32>) -> tensor<2xf32> {
  ^bb0(%x_t: tensor<2xf32>, %s: tensor<2xf32>):
    %c = seq.stop_gradient %s : tensor<2xf32>
    %n = arith.addf %c, %x_t : tensor<2xf32>
    seq.yield %n : tensor<2xf32>
  }
  return %f : tensor<2xf32>
}
