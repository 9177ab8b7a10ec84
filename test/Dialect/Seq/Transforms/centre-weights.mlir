// RUN: seq-opt %s --seq-centre-weights --canonicalize | FileCheck %s

// The mean of a product is the product with the mean of the weight's rows.
// CHECK-LABEL: func @product(
// CHECK-SAME: %[[X:.*]]: tensor<3xf32>, %[[W:.*]]: tensor<4x3xf32>
// CHECK: %[[N:.*]] = arith.constant dense<4.000000e+00> : tensor<3xf32>
// CHECK: %[[S:.*]] = seq.reduce sum %[[W]] axis 0 : tensor<4x3xf32> -> tensor<3xf32>
// CHECK: %[[M:.*]] = arith.divf %[[S]], %[[N]]
// CHECK: %[[B:.*]] = seq.broadcast %[[M]] dims [1] : tensor<3xf32> -> tensor<4x3xf32>
// CHECK: %[[V:.*]] = arith.subf %[[W]], %[[B]]
// CHECK: %[[C:.*]] = seq.contract %[[V]] [1], %[[X]] [0]
// CHECK: return %[[C]]
func.func @product(%x: tensor<3xf32>, %w: tensor<4x3xf32> {seq.param = "w"}) -> tensor<4xf32> {
  %n = arith.constant dense<4.0> : tensor<f32>
  %p = seq.contract %w [1], %x [0] : tensor<4x3xf32>, tensor<3xf32> -> tensor<4xf32>
  %s = seq.reduce sum %p axis 0 : tensor<4xf32> -> tensor<f32>
  %m = arith.divf %s, %n : tensor<f32>
  %b = seq.broadcast %m dims [] : tensor<f32> -> tensor<4xf32>
  %c = arith.subf %p, %b : tensor<4xf32>
  return %c : tensor<4xf32>
}

// A sum of products and a bias, at each step; the weight's columns last.
// CHECK-LABEL: func @sum(
// CHECK: seq.scan
// CHECK: ^bb0(%[[E:.*]]: tensor<3xf32>, %[[H:.*]]: tensor<4xf32>, %[[W:.*]]: tensor<3x4xf32>, %[[U:.*]]: tensor<4x4xf32>, %[[B:.*]]: tensor<4xf32>):
// CHECK: seq.reduce sum %[[W]] axis 1
// CHECK: %[[CW:.*]] = arith.subf %[[W]],
// CHECK: seq.contract %[[E]] [0], %[[CW]] [0]
// CHECK: seq.reduce sum %[[U]] axis 0
// CHECK: %[[CU:.*]] = arith.subf %[[U]],
// CHECK: seq.contract %[[CU]] [1], %[[H]] [0]
// CHECK: seq.reduce sum %[[B]] axis 0
// CHECK: arith.subf %[[B]],
// CHECK-NOT: seq.reduce
// CHECK: return
func.func @sum(%x: tensor<?x3xf32>, %h: tensor<4xf32>, %w: tensor<3x4xf32> {seq.param = "w"}, %u: tensor<4x4xf32> {seq.param = "u"}, %b: tensor<4xf32> {seq.param = "b"}) -> tensor<4xf32> {
  %f = seq.scan sequences(%x : tensor<?x3xf32>) states(%h : tensor<4xf32>) invariants(%w, %u, %b : tensor<3x4xf32>, tensor<4x4xf32>, tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%e: tensor<3xf32>, %s: tensor<4xf32>, %wi: tensor<3x4xf32>, %ui: tensor<4x4xf32>, %bi: tensor<4xf32>):
    %n = arith.constant dense<4.0> : tensor<f32>
    %p = seq.contract %e [0], %wi [0] : tensor<3xf32>, tensor<3x4xf32> -> tensor<4xf32>
    %q = seq.contract %ui [1], %s [0] : tensor<4x4xf32>, tensor<4xf32> -> tensor<4xf32>
    %a = arith.addf %p, %q : tensor<4xf32>
    %z = arith.addf %a, %bi : tensor<4xf32>
    %t = seq.reduce sum %z axis 0 : tensor<4xf32> -> tensor<f32>
    %m = arith.divf %t, %n : tensor<f32>
    %r = seq.broadcast %m dims [] : tensor<f32> -> tensor<4xf32>
    %c = arith.subf %z, %r : tensor<4xf32>
    seq.yield %c : tensor<4xf32>
  }
  return %f : tensor<4xf32>
}

// What else reads the product would need it made twice; an input has no weights
// to take a mean from; and a part of the sum is no mean.
// CHECK-LABEL: func @stays(
// CHECK: %[[P:.*]] = seq.contract
// CHECK: seq.reduce sum %[[P]]
// CHECK: seq.reduce sum %[[Q:.*]] axis 0
// CHECK: arith.subf %[[Q]],
// CHECK: %[[R:.*]] = seq.contract
// CHECK: seq.reduce sum %[[R]]
func.func @stays(%x: tensor<3xf32>, %y: tensor<4xf32>, %w: tensor<4x3xf32> {seq.param = "w"}) -> (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) {
  %n = arith.constant dense<4.0> : tensor<f32>
  %p = seq.contract %w [1], %x [0] : tensor<4x3xf32>, tensor<3xf32> -> tensor<4xf32>
  %s = seq.reduce sum %p axis 0 : tensor<4xf32> -> tensor<f32>
  %m = arith.divf %s, %n : tensor<f32>
  %b = seq.broadcast %m dims [] : tensor<f32> -> tensor<4xf32>
  %c = arith.subf %p, %b : tensor<4xf32>
  %s1 = seq.reduce sum %y axis 0 : tensor<4xf32> -> tensor<f32>
  %m1 = arith.divf %s1, %n : tensor<f32>
  %b1 = seq.broadcast %m1 dims [] : tensor<f32> -> tensor<4xf32>
  %c1 = arith.subf %y, %b1 : tensor<4xf32>
  %n2 = arith.constant dense<5.0> : tensor<f32>
  %q = arith.addf %x, %x : tensor<3xf32>
  %p2 = seq.contract %w [1], %q [0] : tensor<4x3xf32>, tensor<3xf32> -> tensor<4xf32>
  %s2 = seq.reduce sum %p2 axis 0 : tensor<4xf32> -> tensor<f32>
  %m2 = arith.divf %s2, %n2 : tensor<f32>
  %b2 = seq.broadcast %m2 dims [] : tensor<f32> -> tensor<4xf32>
  %c2 = arith.subf %p2, %b2 : tensor<4xf32>
  return %p, %c, %c1, %c2 : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
}
