// RUN: seq-opt %s | seq-opt | FileCheck %s

// CHECK-LABEL: func @accumulate
// CHECK: seq.scan sequences(%{{.*}} : tensor<?x4xf32>) states(%{{.*}} : tensor<4xf32>) -> tensor<4xf32>, tensor<?x4xf32>
func.func @accumulate(%x: tensor<?x4xf32>, %h0: tensor<4xf32>) -> (tensor<4xf32>, tensor<?x4xf32>) {
  %h, %y = seq.scan sequences(%x : tensor<?x4xf32>) states(%h0 : tensor<4xf32>) -> tensor<4xf32>, tensor<?x4xf32> {
  ^bb0(%x_t: tensor<4xf32>, %h: tensor<4xf32>):
    %next = arith.addf %h, %x_t : tensor<4xf32>
    seq.yield %next, %next : tensor<4xf32>, tensor<4xf32>
  }
  return %h, %y : tensor<4xf32>, tensor<?x4xf32>
}

// CHECK-LABEL: func @backwards
// CHECK: seq.scan reverse axis 1
// CHECK-SAME: lengths(%{{.*}} : tensor<?xi64>)
func.func @backwards(%x: tensor<?x?x4xf32>, %h0: tensor<?x4xf32>, %n: tensor<?xi64>, %w: tensor<4x4xf32>) -> tensor<?x4xf32> {
  %h = seq.scan reverse axis 1 sequences(%x : tensor<?x?x4xf32>) states(%h0 : tensor<?x4xf32>) invariants(%w : tensor<4x4xf32>) lengths(%n : tensor<?xi64>) -> tensor<?x4xf32> {
  ^bb0(%x_t: tensor<?x4xf32>, %h: tensor<?x4xf32>, %w1: tensor<4x4xf32>):
    %p = seq.contract %h [1], %w1 [1] : tensor<?x4xf32>, tensor<4x4xf32> -> tensor<?x4xf32>
    %next = arith.addf %p, %x_t : tensor<?x4xf32>
    seq.yield %next : tensor<?x4xf32>
  }
  return %h : tensor<?x4xf32>
}
