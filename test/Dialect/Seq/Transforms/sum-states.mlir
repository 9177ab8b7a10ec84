// RUN: seq-opt %s --seq-sum-states --split-input-file | FileCheck %s

// Only the sum over the rows is read of what the steps add up: the loop adds
// that up.
// CHECK-LABEL: func @of_rows(
// CHECK: %[[ZERO:.*]] = arith.constant dense<0.000000e+00> : tensor<3xf32>
// CHECK: %[[W:.*]] = seq.scan axis 1 sequences(%{{.*}}) states(%[[ZERO]] : tensor<3xf32>)
// CHECK-NEXT: ^bb0(%[[E:.*]]: tensor<?x3xf32>, %[[A:.*]]: tensor<3xf32>):
// CHECK-NEXT: %[[S:.*]] = seq.reduce sum %[[E]] axis 0
// CHECK-NEXT: %[[N:.*]] = arith.addf %[[A]], %[[S]] : tensor<3xf32>
// CHECK-NEXT: seq.yield %[[N]]
// CHECK: return %[[W]]
func.func @of_rows(%x: tensor<?x?x3xf32>, %b: index) -> tensor<3xf32> {
  %zero = arith.constant dense<0.0> : tensor<f32>
  %s0 = seq.broadcast %zero sizes(%b) dims [] : tensor<f32> -> tensor<?x3xf32>
  %s = seq.scan axis 1 sequences(%x : tensor<?x?x3xf32>) states(%s0 : tensor<?x3xf32>) -> tensor<?x3xf32> {
  ^bb0(%e: tensor<?x3xf32>, %a: tensor<?x3xf32>):
    %n = arith.addf %e, %a : tensor<?x3xf32>
    seq.yield %n : tensor<?x3xf32>
  }
  %w = seq.reduce sum %s axis 0 : tensor<?x3xf32> -> tensor<3xf32>
  return %w : tensor<3xf32>
}

// -----

// Not where the rows' own sums are read as well, in the loop or behind it, nor
// where a row may end before others.
// CHECK-LABEL: func @stay(
// CHECK-COUNT-3: seq.scan {{.*}} -> tensor<?x3xf32>
// CHECK-COUNT-3: seq.reduce
// CHECK: return
func.func @stay(%x: tensor<?x?x3xf32>, %n: tensor<?xi64>, %b: index)
    -> (tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<?x3xf32>) {
  %zero = arith.constant dense<0.0> : tensor<f32>
  %s0 = seq.broadcast %zero sizes(%b) dims [] : tensor<f32> -> tensor<?x3xf32>
  %p = seq.scan axis 1 sequences(%x : tensor<?x?x3xf32>) states(%s0 : tensor<?x3xf32>) -> tensor<?x3xf32> {
  ^bb0(%e: tensor<?x3xf32>, %a: tensor<?x3xf32>):
    %g = arith.mulf %e, %a : tensor<?x3xf32>
    %m = arith.addf %g, %a : tensor<?x3xf32>
    seq.yield %m : tensor<?x3xf32>
  }
  %q = seq.scan axis 1 sequences(%x : tensor<?x?x3xf32>) states(%s0 : tensor<?x3xf32>) -> tensor<?x3xf32> {
  ^bb0(%e: tensor<?x3xf32>, %a: tensor<?x3xf32>):
    %m = arith.addf %e, %a : tensor<?x3xf32>
    seq.yield %m : tensor<?x3xf32>
  }
  %r = seq.scan axis 1 sequences(%x : tensor<?x?x3xf32>) states(%s0 : tensor<?x3xf32>) lengths(%n : tensor<?xi64>) -> tensor<?x3xf32> {
  ^bb0(%e: tensor<?x3xf32>, %a: tensor<?x3xf32>):
    %m = arith.addf %e, %a : tensor<?x3xf32>
    seq.yield %m : tensor<?x3xf32>
  }
  %u = seq.reduce sum %p axis 0 : tensor<?x3xf32> -> tensor<3xf32>
  %v = seq.reduce sum %q axis 0 : tensor<?x3xf32> -> tensor<3xf32>
  %w = seq.reduce sum %r axis 0 : tensor<?x3xf32> -> tensor<3xf32>
  return %u, %v, %w, %q : tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<?x3xf32>
}
