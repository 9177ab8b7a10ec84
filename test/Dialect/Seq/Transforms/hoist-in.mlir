// RUN: seq-opt %s --seq-hoist-in --canonicalize --cse | FileCheck %s

// The product with the input becomes one over all steps; so do both biases,
// whose sum depends on parameters alone. The product with the state stays.
// CHECK-LABEL: func @projection(
// CHECK-SAME: %[[X:.*]]: tensor<?x?x2xf32>, %[[H:.*]]: tensor<?x3xf32>, %[[W:.*]]: tensor<3x2xf32>, %[[U:.*]]: tensor<3x3xf32>, %[[B1:.*]]: tensor<3xf32>, %[[B2:.*]]: tensor<3xf32>
// CHECK-DAG: %[[P:.*]] = seq.contract %[[X]] [2], %[[W]] [1] : tensor<?x?x2xf32>, tensor<3x2xf32> -> tensor<?x?x3xf32>
// CHECK-DAG: %[[B:.*]] = arith.addf %[[B1]], %[[B2]] : tensor<3xf32>
// CHECK-DAG: %[[BT:.*]] = seq.broadcast %[[B]] {{.*}} dims [2] : tensor<3xf32> -> tensor<?x?x3xf32>
// CHECK: %[[S:.*]] = arith.addf %[[P]], %[[BT]]
// CHECK: seq.scan axis 1 sequences(%[[S]] : tensor<?x?x3xf32>) states(%[[H]]{{.*}}invariants(%[[U]] : tensor<3x3xf32>)
// CHECK: ^bb0(%[[S_T:[a-z0-9]*]]: tensor<?x3xf32>,
// CHECK-NEXT: %[[Q:.*]] = seq.contract
// CHECK-NEXT: arith.addf %[[S_T]], %[[Q]]
// CHECK-NEXT: math.tanh
func.func @projection(%x: tensor<?x?x2xf32>, %h0: tensor<?x3xf32>, %w: tensor<3x2xf32>, %u: tensor<3x3xf32>, %b1: tensor<3xf32>, %b2: tensor<3xf32>) -> tensor<?x?x3xf32> {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x?x2xf32>
  %h, %y = seq.scan axis 1 sequences(%x : tensor<?x?x2xf32>) states(%h0 : tensor<?x3xf32>) invariants(%w, %u, %b1, %b2, %n : tensor<3x2xf32>, tensor<3x3xf32>, tensor<3xf32>, tensor<3xf32>, index) -> tensor<?x3xf32>, tensor<?x?x3xf32> {
  ^bb0(%x_t: tensor<?x2xf32>, %h: tensor<?x3xf32>, %w1: tensor<3x2xf32>, %u1: tensor<3x3xf32>, %b3: tensor<3xf32>, %b4: tensor<3xf32>, %n1: index):
    %p = seq.contract %x_t [1], %w1 [1] : tensor<?x2xf32>, tensor<3x2xf32> -> tensor<?x3xf32>
    %q = seq.contract %h [1], %u1 [1] : tensor<?x3xf32>, tensor<3x3xf32> -> tensor<?x3xf32>
    %b5 = seq.broadcast %b3 sizes(%n1) dims [1] : tensor<3xf32> -> tensor<?x3xf32>
    %b6 = seq.broadcast %b4 sizes(%n1) dims [1] : tensor<3xf32> -> tensor<?x3xf32>
    %s0 = arith.addf %p, %b5 : tensor<?x3xf32>
    %s1 = arith.addf %s0, %q : tensor<?x3xf32>
    %s2 = arith.addf %s1, %b6 : tensor<?x3xf32>
    %y = math.tanh %s2 : tensor<?x3xf32>
    seq.yield %y, %y : tensor<?x3xf32>, tensor<?x3xf32>
  }
  return %y : tensor<?x?x3xf32>
}

// One product over input and state together: its weight is cut in two.
// CHECK-LABEL: func @joined_input(
// CHECK-SAME: %[[X:.*]]: tensor<?x2xf32>, %[[H:.*]]: tensor<3xf32>, %[[W:.*]]: tensor<3x5xf32>
// CHECK: %[[WX:.*]] = seq.slice %[[W]] axis 1 offset 0 : tensor<3x5xf32> -> tensor<3x2xf32>
// CHECK-NEXT: %[[P:.*]] = seq.contract %[[X]] [1], %[[WX]] [1] : tensor<?x2xf32>, tensor<3x2xf32> -> tensor<?x3xf32>
// CHECK-NEXT: %[[WH:.*]] = seq.slice %[[W]] axis 1 offset 2 : tensor<3x5xf32> -> tensor<3x3xf32>
// CHECK: seq.scan sequences(%[[P]] {{.*}}invariants(%[[WH]]
// CHECK-NOT: seq.concat
// CHECK: seq.contract
// CHECK-NOT: seq.contract
func.func @joined_input(%x: tensor<?x2xf32>, %h0: tensor<3xf32>, %w: tensor<3x5xf32>) -> tensor<3xf32> {
  %h = seq.scan sequences(%x : tensor<?x2xf32>) states(%h0 : tensor<3xf32>) invariants(%w : tensor<3x5xf32>) -> tensor<3xf32> {
  ^bb0(%x_t: tensor<2xf32>, %h: tensor<3xf32>, %w1: tensor<3x5xf32>):
    %c = seq.concat %x_t, %h axis 0 : tensor<2xf32>, tensor<3xf32> -> tensor<5xf32>
    %p = seq.contract %w1 [1], %c [0] : tensor<3x5xf32>, tensor<5xf32> -> tensor<3xf32>
    %y = math.tanh %p : tensor<3xf32>
    seq.yield %y : tensor<3xf32>
  }
  return %h : tensor<3xf32>
}

// What is the same at every step is not multiplied at each of them, though it
// is joined with what is not.
// CHECK-LABEL: func @joined_invariant(
// CHECK-SAME: %[[X:.*]]: tensor<?x2xf32>, %[[C:.*]]: tensor<3xf32>, %[[H:.*]]: tensor<4xf32>, %[[W:.*]]: tensor<4x5xf32>
// CHECK-DAG: seq.contract %[[X]] [1], %{{.*}} [1] : tensor<?x2xf32>, tensor<4x2xf32> -> tensor<?x4xf32>
// CHECK-DAG: seq.contract %[[C]] [0], %{{.*}} [1] : tensor<3xf32>, tensor<4x3xf32> -> tensor<4xf32>
// CHECK: seq.scan
// CHECK-NOT: seq.contract
func.func @joined_invariant(%x: tensor<?x2xf32>, %c: tensor<3xf32>, %h0: tensor<4xf32>, %w: tensor<4x5xf32>) -> tensor<4xf32> {
  %h = seq.scan sequences(%x : tensor<?x2xf32>) states(%h0 : tensor<4xf32>) invariants(%c, %w : tensor<3xf32>, tensor<4x5xf32>) -> tensor<4xf32> {
  ^bb0(%x_t: tensor<2xf32>, %h: tensor<4xf32>, %c1: tensor<3xf32>, %w1: tensor<4x5xf32>):
    %xc = seq.concat %x_t, %c1 axis 0 : tensor<2xf32>, tensor<3xf32> -> tensor<5xf32>
    %p = seq.contract %xc [0], %w1 [1] : tensor<5xf32>, tensor<4x5xf32> -> tensor<4xf32>
    %n = arith.addf %h, %p : tensor<4xf32>
    seq.yield %n : tensor<4xf32>
  }
  return %h : tensor<4xf32>
}

// Copies are no work: a part of the input and a broadcast stay where they are,
// and what needs the state of course.
// CHECK-LABEL: func @no_work(
// CHECK-SAME: %[[X:.*]]: tensor<?x4xf32>
// CHECK-NOT: seq.{{slice|broadcast}}
// CHECK: seq.scan sequences(%[[X]]
// CHECK: seq.slice
// CHECK: seq.broadcast
func.func @no_work(%x: tensor<?x4xf32>, %h0: tensor<2xf32>, %b: tensor<f32>) -> tensor<2xf32> {
  %h = seq.scan sequences(%x : tensor<?x4xf32>) states(%h0 : tensor<2xf32>) invariants(%b : tensor<f32>) -> tensor<2xf32> {
  ^bb0(%x_t: tensor<4xf32>, %h: tensor<2xf32>, %b1: tensor<f32>):
    %p = seq.slice %x_t axis 0 offset 1 : tensor<4xf32> -> tensor<2xf32>
    %c = seq.broadcast %b1 dims [] : tensor<f32> -> tensor<2xf32>
    %m = arith.mulf %p, %h : tensor<2xf32>
    %n = arith.mulf %m, %c : tensor<2xf32>
    seq.yield %n : tensor<2xf32>
  }
  return %h : tensor<2xf32>
}

// What an inner loop does not wait for leaves it, and then the outer loop too.
// CHECK-LABEL: func @nested(
// CHECK-SAME: %[[X:.*]]: tensor<?x?x2xf32>
// CHECK: %[[P:.*]] = seq.contract %[[X]] [2], %{{.*}} [1] : tensor<?x?x2xf32>, tensor<3x2xf32> -> tensor<?x?x3xf32>
// CHECK: seq.scan sequences(%[[P]]
// CHECK: seq.scan sequences(%{{.*}} : tensor<?x3xf32>)
// CHECK-NOT: seq.contract
func.func @nested(%x: tensor<?x?x2xf32>, %h0: tensor<3xf32>, %w: tensor<3x2xf32>) -> tensor<3xf32> {
  %h = seq.scan sequences(%x : tensor<?x?x2xf32>) states(%h0 : tensor<3xf32>) invariants(%w : tensor<3x2xf32>) -> tensor<3xf32> {
  ^bb0(%word: tensor<?x2xf32>, %state: tensor<3xf32>, %w1: tensor<3x2xf32>):
    %h = seq.scan sequences(%word : tensor<?x2xf32>) states(%state : tensor<3xf32>) invariants(%w1 : tensor<3x2xf32>) -> tensor<3xf32> {
    ^bb0(%c: tensor<2xf32>, %h: tensor<3xf32>, %w2: tensor<3x2xf32>):
      %p = seq.contract %w2 [1], %c [0] : tensor<3x2xf32>, tensor<2xf32> -> tensor<3xf32>
      %n = arith.addf %h, %p : tensor<3xf32>
      seq.yield %n : tensor<3xf32>
    }
    seq.yield %h : tensor<3xf32>
  }
  return %h : tensor<3xf32>
}

// A loop over characters that needs no state of the loop over words is one
// loop for all words.
// CHECK-LABEL: func @inner_loop(
// CHECK: %[[F:.*]] = seq.scan axis 1 sequences(%{{.*}} : tensor<?x?x2xf32>) states(%{{.*}} : tensor<?x2xf32>) -> tensor<?x2xf32>
// CHECK: seq.scan sequences(%[[F]] : tensor<?x2xf32>)
func.func @inner_loop(%x: tensor<?x?x2xf32>, %h0: tensor<2xf32>) -> tensor<2xf32> {
  %h = seq.scan sequences(%x : tensor<?x?x2xf32>) states(%h0 : tensor<2xf32>) -> tensor<2xf32> {
  ^bb0(%word: tensor<?x2xf32>, %state: tensor<2xf32>):
    %zero = arith.constant dense<0.0> : tensor<2xf32>
    %f = seq.scan sequences(%word : tensor<?x2xf32>) states(%zero : tensor<2xf32>) -> tensor<2xf32> {
    ^bb0(%c: tensor<2xf32>, %h: tensor<2xf32>):
      %n = arith.addf %h, %c : tensor<2xf32>
      seq.yield %n : tensor<2xf32>
    }
    %n = arith.mulf %f, %state : tensor<2xf32>
    seq.yield %n : tensor<2xf32>
  }
  return %h : tensor<2xf32>
}
