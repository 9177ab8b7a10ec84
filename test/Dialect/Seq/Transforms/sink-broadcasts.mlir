// RUN: seq-opt %s --seq-sink-broadcasts | FileCheck %s

// What is repeated is multiplied once; new axes on both sides keep their places.
// CHECK-LABEL: func @both(
// CHECK-SAME: %[[Q:.*]]: tensor<?x4xf32>, %[[W:.*]]: tensor<8x4xf32>, %[[N:.*]]: index
// CHECK: %[[P:.*]] = seq.contract %[[Q]] [1], %[[W]] [1] : tensor<?x4xf32>, tensor<8x4xf32> -> tensor<?x8xf32>
// CHECK: %[[R:.*]] = seq.broadcast %[[P]] sizes(%[[N]]) dims [0, 1] : tensor<?x8xf32> -> tensor<?x8x?xf32>
// CHECK: %[[L:.*]] = seq.broadcast %[[R]] dims [0, 2, 3] : tensor<?x8x?xf32> -> tensor<?x5x8x?xf32>
// CHECK: return %[[L]]
func.func @both(%q: tensor<?x4xf32>, %w: tensor<8x4xf32>, %n: index) -> tensor<?x5x8x?xf32> {
  %l = seq.broadcast %q dims [0, 2] : tensor<?x4xf32> -> tensor<?x5x4xf32>
  %r = seq.broadcast %w sizes(%n) dims [0, 2] : tensor<8x4xf32> -> tensor<8x?x4xf32>
  %p = seq.contract %l [2], %r [2] : tensor<?x5x4xf32>, tensor<8x?x4xf32> -> tensor<?x5x8x?xf32>
  return %p : tensor<?x5x8x?xf32>
}

// An axis that is walked together comes first, and stays there.
// CHECK-LABEL: func @batch(
// CHECK: seq.contract %{{.*}} [1], %{{.*}} [2] batch [0], [0] : tensor<3x4xf32>, tensor<3x2x4xf32> -> tensor<3x2xf32>
// CHECK: seq.broadcast %{{.*}} sizes(%{{.*}}) dims [0, 2] : tensor<3x2xf32> -> tensor<3x?x2xf32>
func.func @batch(%q: tensor<3x4xf32>, %m: tensor<3x2x4xf32>, %n: index) -> tensor<3x?x2xf32> {
  %l = seq.broadcast %q sizes(%n) dims [1, 2] : tensor<3x4xf32> -> tensor<?x3x4xf32>
  %p = seq.contract %l [2], %m [2] batch [1], [0] : tensor<?x3x4xf32>, tensor<3x2x4xf32> -> tensor<3x?x2xf32>
  return %p : tensor<3x?x2xf32>
}

// A part of a joined operand, in a `seq.concat` of another: a sum.
// CHECK-LABEL: func @joined(
// CHECK-SAME: %[[M:.*]]: tensor<?x3xf32>, %[[Q:.*]]: tensor<2xf32>, %[[W:.*]]: tensor<8x7xf32>
// CHECK: %[[U:.*]] = seq.slice %[[W]] axis 1 offset 0 : tensor<8x7xf32> -> tensor<8x5xf32>
// CHECK: seq.contract %[[M]] [1], %{{.*}} [1] : tensor<?x3xf32>, tensor<8x3xf32> -> tensor<?x8xf32>
// CHECK: %[[V:.*]] = seq.slice %[[U]] axis 1 offset 3 : tensor<8x5xf32> -> tensor<8x2xf32>
// CHECK: %[[P:.*]] = seq.contract %[[Q]] [0], %[[V]] [1] : tensor<2xf32>, tensor<8x2xf32> -> tensor<8xf32>
// CHECK: seq.broadcast %[[P]]
func.func @joined(%m: tensor<?x3xf32>, %q: tensor<2xf32>, %w: tensor<8x7xf32>, %n: index) -> tensor<?x8xf32> {
  %r = seq.broadcast %q sizes(%n) dims [1] : tensor<2xf32> -> tensor<?x2xf32>
  %inner = seq.concat %m, %r axis 1 : tensor<?x3xf32>, tensor<?x2xf32> -> tensor<?x5xf32>
  %outer = seq.concat %inner, %r axis 1 : tensor<?x5xf32>, tensor<?x2xf32> -> tensor<?x7xf32>
  %p = seq.contract %outer [1], %w [1] : tensor<?x7xf32>, tensor<8x7xf32> -> tensor<?x8xf32>
  return %p : tensor<?x8xf32>
}

// Axes that are summed over, or walked together, must be there; a joined
// operand without a repeated part stays whole.
// CHECK-LABEL: func @must_not_fire(
// CHECK: %[[R:.*]] = seq.broadcast
// CHECK: %[[A:.*]] = seq.contract %[[R]] [0], %{{.*}} [0]
// CHECK: %[[B:.*]] = seq.contract %[[R]] [1], %{{.*}} [1] batch [0], [0]
// CHECK: %[[C:.*]] = seq.concat
// CHECK: %[[D:.*]] = seq.contract %[[C]] [1], %{{.*}} [1]
// CHECK: return %[[A]], %[[B]], %[[D]]
func.func @must_not_fire(%q: tensor<4xf32>, %m: tensor<?x4xf32>, %w: tensor<8x8xf32>, %n: index)
    -> (tensor<4x4xf32>, tensor<?xf32>, tensor<?x8xf32>) {
  %r = seq.broadcast %q sizes(%n) dims [1] : tensor<4xf32> -> tensor<?x4xf32>
  %a = seq.contract %r [0], %m [0] : tensor<?x4xf32>, tensor<?x4xf32> -> tensor<4x4xf32>
  %b = seq.contract %r [1], %m [1] batch [0], [0] : tensor<?x4xf32>, tensor<?x4xf32> -> tensor<?xf32>
  %c = seq.concat %m, %m axis 1 : tensor<?x4xf32>, tensor<?x4xf32> -> tensor<?x8xf32>
  %d = seq.contract %c [1], %w [1] : tensor<?x8xf32>, tensor<8x8xf32> -> tensor<?x8xf32>
  return %a, %b, %d : tensor<4x4xf32>, tensor<?xf32>, tensor<?x8xf32>
}

// In the body of a loop too.
// CHECK-LABEL: func @nested(
// CHECK: seq.scan
// CHECK-NEXT: ^bb0(%{{.*}}: tensor<2xf32>, %[[H:.*]]: tensor<4xf32>, %[[W:.*]]: tensor<4x4xf32>
// CHECK: %[[P:.*]] = seq.contract %[[H]] [0], %[[W]] [1] : tensor<4xf32>, tensor<4x4xf32> -> tensor<4xf32>
// CHECK: seq.broadcast %[[P]]
func.func @nested(%x: tensor<?x2xf32>, %h0: tensor<4xf32>, %w: tensor<4x4xf32>, %n: index) -> tensor<4xf32> {
  %h = seq.scan sequences(%x : tensor<?x2xf32>) states(%h0 : tensor<4xf32>) invariants(%w, %n : tensor<4x4xf32>, index) -> tensor<4xf32> {
  ^bb0(%x_t: tensor<2xf32>, %h: tensor<4xf32>, %w1: tensor<4x4xf32>, %n1: index):
    %r = seq.broadcast %h sizes(%n1) dims [1] : tensor<4xf32> -> tensor<?x4xf32>
    %p = seq.contract %r [1], %w1 [1] : tensor<?x4xf32>, tensor<4x4xf32> -> tensor<?x4xf32>
    %s = seq.reduce max %p axis 0 : tensor<?x4xf32> -> tensor<4xf32>
    seq.yield %s : tensor<4xf32>
  }
  return %h : tensor<4xf32>
}
