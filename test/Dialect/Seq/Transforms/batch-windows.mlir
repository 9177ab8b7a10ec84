// RUN: seq-opt %s --seq-expand-maps --seq-batch --split-input-file | FileCheck %s

// Beyond a sample's own end there are zeros, and its windows are as many as its
// own length gives: an index and a mean see that number, results end there.
// CHECK-LABEL: func @main(
// CHECK-SAME: %[[X:.*]]: tensor<?x?x2xf32> {{.*}}, %[[T:.*]]: tensor<?xi64>
// CHECK: %[[N:.*]] = seq.window_count %[[T]] offset -1 stride 2 : tensor<?xi64>
// CHECK: %[[M:.*]] = seq.mask %[[X]] axis 1 lengths(%[[T]] : tensor<?xi64>) fill 0.000000e+00
// CHECK: %[[W:.*]] = seq.windows %[[M]] axis 1 size 3 stride 2 before 1 after 1 : tensor<?x?x2xf32> -> tensor<?x?x3x2xf32>
// CHECK: seq.require_length %[[N]] at_least 1 for "mean"
// CHECK: seq.at %{{.*}} axis 1 index -1 lengths(%[[N]] : tensor<?xi64>)
// CHECK: seq.mask %[[W]] axis 1 lengths(%[[N]] : tensor<?xi64>)
func.func @main(%x: tensor<?x2xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>}) -> (tensor<2xf32>, tensor<?x3x2xf32>) {
  %w = seq.windows %x axis 0 size 3 stride 2 before 1 after 1 : tensor<?x2xf32> -> tensor<?x3x2xf32>
  %s = seq.reduce sum %w axis 1 : tensor<?x3x2xf32> -> tensor<?x2xf32>
  %n = seq.length %s axis 0 : tensor<?x2xf32> -> tensor<i64>
  seq.require_length %n at_least 1 for "mean" : tensor<i64>
  %last = seq.at %s axis 0 index -1 : tensor<?x2xf32> -> tensor<2xf32>
  return %last, %w : tensor<2xf32>, tensor<?x3x2xf32>
}

// -----

// As many windows as positions: the same dimension. A size is one of the
// program and never of what is computed.
// CHECK-LABEL: func @main(
// CHECK-SAME: %[[X:.*]]: tensor<?x?xf32> {{.*}}, %[[T:.*]]: tensor<?xi64>
// CHECK: %[[SIZE:.*]] = tensor.dim %[[X]], %{{.*}}1
// CHECK: %[[COUNT:.*]] = seq.window_count %[[SIZE]] offset -3 : index
// CHECK: %[[W:.*]] = seq.windows %{{.*}} axis 1 size 2 before 1
// CHECK: seq.mask %[[W]] axis 1 lengths(%[[T]] : tensor<?xi64>)
// CHECK: seq.broadcast %{{.*}} sizes(%{{.*}}, %[[COUNT]])
func.func @main(%x: tensor<?xf32> {seq.input = "x", seq.axes = array<i64: 0>}) -> (tensor<?x2xf32>, tensor<?xf32>) {
  %w = seq.windows %x axis 0 size 2 before 1 : tensor<?xf32> -> tensor<?x2xf32>
  %v = seq.windows %x axis 0 size 3 : tensor<?xf32> -> tensor<?x3xf32>
  %zero = arith.constant 0 : index
  %n = tensor.dim %v, %zero : tensor<?x3xf32>
  %one = arith.constant dense<1.0> : tensor<f32>
  %b = seq.broadcast %one sizes(%n) dims [] : tensor<f32> -> tensor<?xf32>
  return %w, %b : tensor<?x2xf32>, tensor<?xf32>
}

// -----

// Windows of an outer dimension: each of their positions has the inner
// dimension's length there. Windows of the inner one: a number for each row.
// CHECK-LABEL: func @main(
// CHECK-SAME: %[[X:.*]]: tensor<?x?x?xf32> {{.*}}, %[[T:.*]]: tensor<?xi64> {{.*}}, %[[C:.*]]: tensor<?x?xi64>
// CHECK: %[[D:.*]] = seq.window_count %[[C]] offset -2 stride 2 : tensor<?x?xi64>
// CHECK: %[[N:.*]] = seq.window_count %[[T]] offset -2 : tensor<?xi64>
// CHECK: %[[W:.*]] = seq.windows %{{.*}} axis 1 size 2 : tensor<?x?x?xf32>
// CHECK: %[[C0:.*]] = seq.mask %[[C]] axis 1 lengths(%[[T]] : tensor<?xi64>) fill 0 : i64
// CHECK: %[[L:.*]] = seq.windows %[[C0]] axis 1 size 2 : tensor<?x?xi64> -> tensor<?x?x2xi64>
// CHECK: %[[W0:.*]] = seq.mask %[[W]] axis 3 lengths(%[[L]] : tensor<?x?x2xi64>)
// CHECK: seq.reduce sum %[[W0]] axis 3
// CHECK: %[[V:.*]] = seq.windows %{{.*}} axis 2 size 2 stride 2
// CHECK: %[[V0:.*]] = seq.mask %[[V]] axis 1 lengths(%[[T]] : tensor<?xi64>)
// CHECK: seq.mask %[[V0]] axis 2 lengths(%[[D]] : tensor<?x?xi64>)
func.func @main(%x: tensor<?x?xf32> {seq.input = "x", seq.axes = array<i64: 0, 1>}) -> (tensor<?x2xf32>, tensor<?x?x2xf32>) {
  %w = seq.windows %x axis 0 size 2 : tensor<?x?xf32> -> tensor<?x2x?xf32>
  %s = seq.reduce sum %w axis 2 : tensor<?x2x?xf32> -> tensor<?x2xf32>
  %v = seq.windows %x axis 1 size 2 stride 2 : tensor<?x?xf32> -> tensor<?x?x2xf32>
  return %s, %v : tensor<?x2xf32>, tensor<?x?x2xf32>
}

// -----

// In the body of a scan too; its outputs have the windows' lengths outside.
// CHECK-LABEL: func @main(
// CHECK-SAME: %[[X:.*]]: tensor<?x?x?xf32> {{.*}}, %[[T:.*]]: tensor<?xi64> {{.*}}, %[[C:.*]]: tensor<?x?xi64>
// CHECK: %[[D:.*]] = seq.window_count %[[C]] offset -2 : tensor<?x?xi64>
// CHECK: %[[Y:.*]] = seq.scan
// CHECK: seq.windows %{{.*}} axis 1 size 2 : tensor<?x?xf32> -> tensor<?x?x2xf32>
// CHECK: seq.mask %[[Y]] axis 2 lengths(%[[D]] : tensor<?x?xi64>)
func.func @main(%x: tensor<?x?xf32> {seq.input = "x", seq.axes = array<i64: 0, 1>}) -> (tensor<?x?x2xf32>) {
  %y = seq.scan sequences(%x : tensor<?x?xf32>) -> tensor<?x?x2xf32> {
  ^bb0(%e: tensor<?xf32>):
    %v = seq.windows %e axis 0 size 2 : tensor<?xf32> -> tensor<?x2xf32>
    seq.yield %v : tensor<?x2xf32>
  }
  return %y : tensor<?x?x2xf32>
}

// -----

// An axis of the same dimension beside the one that is cut keeps its lengths.
// CHECK-LABEL: func @main(
// CHECK-SAME: %[[T:[^ ]*]]: tensor<?xi64>
// CHECK: %[[W:.*]] = seq.windows %{{.*}} axis 1 size 2 after 1 : tensor<?x?x?xf32>
// CHECK: %[[M:.*]] = seq.mask %[[W]] axis 1 lengths(%[[T]] :
// CHECK: %[[L:.*]] = seq.broadcast %[[T]] {{.*}} -> tensor<?x?x2xi64>
// CHECK: seq.mask %[[M]] axis 3 lengths(%[[L]] :
func.func @main(%x: tensor<?x?xf32> {seq.input = "x", seq.axes = array<i64: 0, 0>}) -> tensor<?x2x?xf32> {
  %w = seq.windows %x axis 0 size 2 after 1 : tensor<?x?xf32> -> tensor<?x2x?xf32>
  return %w : tensor<?x2x?xf32>
}
