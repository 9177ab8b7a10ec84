// RUN: seq-opt %s --seq-sink-sums --split-input-file | FileCheck %s

// The gradient of a matrix is one product of all rows.
// CHECK-LABEL: func @batch(
// CHECK: %[[W:.*]] = seq.contract %{{.*}} [0], %{{.*}} [0] : tensor<?x3xf32>, tensor<?x2xf32> -> tensor<3x2xf32>
// CHECK-NEXT: return %[[W]]
func.func @batch(%g: tensor<?x3xf32>, %x: tensor<?x2xf32>) -> tensor<3x2xf32> {
  %p = seq.contract %g [], %x [] batch [0], [0] : tensor<?x3xf32>, tensor<?x2xf32> -> tensor<?x3x2xf32>
  %w = seq.reduce sum %p axis 0 : tensor<?x3x2xf32> -> tensor<3x2xf32>
  return %w : tensor<3x2xf32>
}

// -----

// Sums over two axes pass a sign, a move and a factor that is the same all along
// both.
// CHECK-LABEL: func @through(
// CHECK-SAME: %[[V:[a-z0-9]*]]: tensor<3x2xf32>
// CHECK: %[[P:.*]] = seq.contract %{{.*}} [1, 0], %{{.*}} [1, 0] : tensor<?x?x3xf32>, tensor<?x?x2xf32> -> tensor<3x2xf32>
// CHECK: %[[F:.*]] = seq.broadcast %[[V]]
// CHECK: %[[Q:.*]] = arith.mulf %[[P]], %[[F]]
// CHECK: %[[N:.*]] = arith.negf %[[Q]]
// CHECK: seq.transpose %[[N]] [1, 0]
// CHECK-NOT: seq.reduce
func.func @through(%g: tensor<?x?x3xf32>, %x: tensor<?x?x2xf32>, %v: tensor<3x2xf32>, %n: index, %m: index) -> tensor<2x3xf32> {
  %p = seq.contract %g [], %x [] batch [0, 1], [0, 1] : tensor<?x?x3xf32>, tensor<?x?x2xf32> -> tensor<?x?x3x2xf32>
  %s = seq.broadcast %v sizes(%n, %m) dims [2, 3] : tensor<3x2xf32> -> tensor<?x?x3x2xf32>
  %q = arith.mulf %p, %s : tensor<?x?x3x2xf32>
  %a = arith.negf %q : tensor<?x?x3x2xf32>
  %t = seq.transpose %a [1, 0, 3, 2] : tensor<?x?x3x2xf32> -> tensor<?x?x2x3xf32>
  %w = seq.reduce sum %t axis 1 : tensor<?x?x2x3xf32> -> tensor<?x2x3xf32>
  %w2 = seq.reduce sum %w axis 0 : tensor<?x2x3xf32> -> tensor<2x3xf32>
  return %w2 : tensor<2x3xf32>
}

// -----

// An axis of one operand alone is summed before the product; what is no product
// is summed as it was.
// CHECK-LABEL: func @one_side(
// CHECK: %[[S:.*]] = seq.reduce sum %{{.*}} axis 0 : tensor<?x3xf32> -> tensor<3xf32>
// CHECK: %[[P:.*]] = seq.contract %[[S]] [], %{{.*}} [] : tensor<3xf32>, tensor<2xf32> -> tensor<3x2xf32>
// CHECK: %[[H:.*]] = seq.reduce sum %{{.*}} axis 0 : tensor<?x3x2xf32> -> tensor<3x2xf32>
// CHECK: arith.addf %[[P]], %[[H]]
func.func @one_side(%g: tensor<?x3xf32>, %x: tensor<2xf32>, %h: tensor<?x3x2xf32>) -> tensor<3x2xf32> {
  %p = seq.contract %g [], %x [] : tensor<?x3xf32>, tensor<2xf32> -> tensor<?x3x2xf32>
  %q = arith.addf %p, %h : tensor<?x3x2xf32>
  %w = seq.reduce sum %q axis 0 : tensor<?x3x2xf32> -> tensor<3x2xf32>
  return %w : tensor<3x2xf32>
}

// -----

// CHECK-LABEL: func @no_product(
// CHECK: %[[M:.*]] = arith.mulf
// CHECK: seq.reduce sum %[[M]] axis 0
func.func @no_product(%g: tensor<?x3xf32>, %h: tensor<?x3xf32>) -> tensor<3xf32> {
  %q = arith.mulf %g, %h : tensor<?x3xf32>
  %w = seq.reduce sum %q axis 0 : tensor<?x3xf32> -> tensor<3xf32>
  return %w : tensor<3xf32>
}

// -----

// CHECK-LABEL: func @parts(
// CHECK-DAG: %[[P:.*]] = seq.contract %{{.*}} [0], %{{.*}} [0] : tensor<?x3xf32>, tensor<?x2xf32> -> tensor<3x2xf32>
// CHECK-DAG: %[[Q:.*]] = seq.contract %{{.*}} [0], %{{.*}} [0] : tensor<?x3xf32>, tensor<?x4xf32> -> tensor<3x4xf32>
// CHECK: %[[C:.*]] = seq.concat %[[P]], %[[Q]] axis 1
// CHECK: seq.reshape %[[C]] : tensor<3x6xf32> -> tensor<18xf32>
func.func @parts(%g: tensor<?x3xf32>, %x: tensor<?x2xf32>, %y: tensor<?x4xf32>) -> tensor<18xf32> {
  %p = seq.contract %g [], %x [] batch [0], [0] : tensor<?x3xf32>, tensor<?x2xf32> -> tensor<?x3x2xf32>
  %q = seq.contract %g [], %y [] batch [0], [0] : tensor<?x3xf32>, tensor<?x4xf32> -> tensor<?x3x4xf32>
  %c = seq.concat %p, %q axis 2 : tensor<?x3x2xf32>, tensor<?x3x4xf32> -> tensor<?x3x6xf32>
  %r = seq.reshape %c : tensor<?x3x6xf32> -> tensor<?x18xf32>
  %w = seq.reduce sum %r axis 0 : tensor<?x18xf32> -> tensor<18xf32>
  return %w : tensor<18xf32>
}

// -----

// A product that something else reads is made anyway.
// CHECK-LABEL: func @read_elsewhere(
// CHECK: %[[P:.*]] = seq.contract {{.*}} batch [0], [0]
// CHECK: seq.reduce sum %[[P]] axis 0
func.func @read_elsewhere(%g: tensor<?x3xf32>, %x: tensor<?x2xf32>) -> (tensor<3x2xf32>, tensor<?x3x2xf32>) {
  %p = seq.contract %g [], %x [] batch [0], [0] : tensor<?x3xf32>, tensor<?x2xf32> -> tensor<?x3x2xf32>
  %w = seq.reduce sum %p axis 0 : tensor<?x3x2xf32> -> tensor<3x2xf32>
  return %w, %p : tensor<3x2xf32>, tensor<?x3x2xf32>
}

// -----

// All that reads the product is on the sum's way: its rows less their mean, of
// the product of all rows. `x + x` is met twice and made once.
// CHECK-LABEL: func @centred(
// CHECK: %[[P:.*]] = seq.contract %{{.*}} [0], %{{.*}} [0] : tensor<?x3xf32>, tensor<?x2xf32> -> tensor<3x2xf32>
// CHECK: %[[D:.*]] = arith.addf %[[P]], %[[P]]
// CHECK: %[[S:.*]] = seq.reduce sum %[[D]] axis 0 : tensor<3x2xf32> -> tensor<2xf32>
// CHECK: %[[M:.*]] = arith.divf %[[S]], %{{.*}} : tensor<2xf32>
// CHECK: %[[B:.*]] = seq.broadcast %[[M]] dims [1] : tensor<2xf32> -> tensor<3x2xf32>
// CHECK: %[[W:.*]] = arith.subf %[[D]], %[[B]]
// CHECK: return %[[W]]
func.func @centred(%g: tensor<?x3xf32>, %x: tensor<?x2xf32>, %n: index) -> tensor<3x2xf32> {
  %three = arith.constant dense<3.0> : tensor<2xf32>
  %p = seq.contract %g [], %x [] batch [0], [0] : tensor<?x3xf32>, tensor<?x2xf32> -> tensor<?x3x2xf32>
  %d = arith.addf %p, %p : tensor<?x3x2xf32>
  %s = seq.reduce sum %d axis 1 : tensor<?x3x2xf32> -> tensor<?x2xf32>
  %t = seq.broadcast %three sizes(%n) dims [1] : tensor<2xf32> -> tensor<?x2xf32>
  %m = arith.divf %s, %t : tensor<?x2xf32>
  %b = seq.broadcast %m dims [0, 2] : tensor<?x2xf32> -> tensor<?x3x2xf32>
  %c = arith.subf %d, %b : tensor<?x3x2xf32>
  %w = seq.reduce sum %c axis 0 : tensor<?x3x2xf32> -> tensor<3x2xf32>
  return %w : tensor<3x2xf32>
}

// -----

// What is made of the product on the way is read elsewhere: the product is too.
// CHECK-LABEL: func @read_behind(
// CHECK: seq.contract {{.*}} batch [0], [0]
// CHECK-NOT: seq.contract
// CHECK: return
func.func @read_behind(%g: tensor<?x3xf32>, %x: tensor<?x2xf32>) -> (tensor<3x2xf32>, tensor<?x3x2xf32>) {
  %p = seq.contract %g [], %x [] batch [0], [0] : tensor<?x3xf32>, tensor<?x2xf32> -> tensor<?x3x2xf32>
  %a = arith.negf %p : tensor<?x3x2xf32>
  %d = arith.addf %p, %a : tensor<?x3x2xf32>
  %w = seq.reduce sum %d axis 0 : tensor<?x3x2xf32> -> tensor<3x2xf32>
  return %w, %a : tensor<3x2xf32>, tensor<?x3x2xf32>
}

// -----

// In the body of a loop too.
// CHECK-LABEL: func @in_body(
// CHECK: seq.scan
// CHECK: seq.contract %{{.*}} [0], %{{.*}} [0] : tensor<?x3xf32>, tensor<?x2xf32> -> tensor<3x2xf32>
// CHECK-NOT: seq.reduce
func.func @in_body(%g: tensor<?x?x3xf32>, %x: tensor<?x?x2xf32>, %w0: tensor<3x2xf32>) -> tensor<3x2xf32> {
  %w = seq.scan sequences(%g, %x : tensor<?x?x3xf32>, tensor<?x?x2xf32>) states(%w0 : tensor<3x2xf32>) -> tensor<3x2xf32> {
  ^bb0(%g_t: tensor<?x3xf32>, %x_t: tensor<?x2xf32>, %s: tensor<3x2xf32>):
    %p = seq.contract %g_t [], %x_t [] batch [0], [0] : tensor<?x3xf32>, tensor<?x2xf32> -> tensor<?x3x2xf32>
    %q = seq.reduce sum %p axis 0 : tensor<?x3x2xf32> -> tensor<3x2xf32>
    %n = arith.addf %s, %q : tensor<3x2xf32>
    seq.yield %n : tensor<3x2xf32>
  }
  return %w : tensor<3x2xf32>
}

// -----

// As far as to a loop that only adds up (seq-sum-states).
// CHECK-LABEL: func @to_loop(
// CHECK: %[[S:.*]] = seq.scan axis 1
// CHECK: %[[W:.*]] = seq.reduce sum %[[S]] axis 0 : tensor<?x2x3xf32> -> tensor<2x3xf32>
// CHECK: %[[T:.*]] = seq.transpose %[[W]] [1, 0]
// CHECK: return %[[T]]
func.func @to_loop(%x: tensor<?x?x2x3xf32>, %b: index) -> tensor<3x2xf32> {
  %zero = arith.constant dense<0.0> : tensor<f32>
  %s0 = seq.broadcast %zero sizes(%b) dims [] : tensor<f32> -> tensor<?x2x3xf32>
  %s = seq.scan axis 1 sequences(%x : tensor<?x?x2x3xf32>) states(%s0 : tensor<?x2x3xf32>) -> tensor<?x2x3xf32> {
  ^bb0(%e: tensor<?x2x3xf32>, %a: tensor<?x2x3xf32>):
    %n = arith.addf %e, %a : tensor<?x2x3xf32>
    seq.yield %n : tensor<?x2x3xf32>
  }
  %t = seq.transpose %s [0, 2, 1] : tensor<?x2x3xf32> -> tensor<?x3x2xf32>
  %w = seq.reduce sum %t axis 0 : tensor<?x3x2xf32> -> tensor<3x2xf32>
  return %w : tensor<3x2xf32>
}
