// RUN: seq-opt %s --seq-differentiate --canonicalize --cse --split-input-file | FileCheck %s

// From the result, where that is as cheap: the operand is not read again.
// CHECK-LABEL: func.func @main(
// CHECK-SAME: %[[X:.*]]: tensor<2xf32> {seq.input = "x"}, %[[DY:.*]]: tensor<2xf32> {seq.input = "y.gradient"})
// CHECK-SAME: -> (tensor<2xf32> {seq.output = "y"}, tensor<2xf32> {seq.gradient = "x", seq.of = "input"})
func.func @main(%x: tensor<2xf32> {seq.input = "x"}) -> (tensor<2xf32> {seq.output = "y"}) {
  // CHECK-DAG: %[[ONE:.*]] = arith.constant dense<1.0{{.*}}> : tensor<2xf32>
  // CHECK-DAG: %[[Y:.*]] = math.tanh %[[X]]
  // CHECK: %[[S:.*]] = arith.mulf %[[Y]], %[[Y]]
  // CHECK: %[[D:.*]] = arith.subf %[[ONE]], %[[S]]
  // CHECK: %[[DX:.*]] = arith.mulf %[[DY]], %[[D]]
  // CHECK: return %[[Y]], %[[DX]]
  %y = math.tanh %x : tensor<2xf32>
  return %y : tensor<2xf32>
}

// -----

// In training the loss alone is differentiated, by parameters alone, and what
// it does not depend on has no gradient.
module attributes {seq.training} {
  // CHECK-LABEL: func.func @main(
  // CHECK-SAME: %[[X:[^:]*]]: tensor<2xf32> {seq.input = "x"}
  // CHECK-SAME: -> (tensor<f32> {seq.output = "loss.sum"}, tensor<f32> {seq.output = "loss.weight"}, tensor<2xf32> {seq.gradient = "w", seq.of = "param"})
  func.func @main(%x: tensor<2xf32> {seq.input = "x"}, %w: tensor<2xf32> {seq.param = "w"}, %v: tensor<2xf32> {seq.param = "v"})
      -> (tensor<f32> {seq.output = "loss.sum"}, tensor<f32> {seq.output = "loss.weight"}) {
    %l = seq.contract %w [0], %x [0] : tensor<2xf32>, tensor<2xf32> -> tensor<f32>
    %one = arith.constant dense<1.0> : tensor<f32>
    // CHECK: %[[L:.*]] = seq.contract
    // CHECK: return %[[L]], %{{.*}}, %[[G:.*]] :
    return %l, %one : tensor<f32>, tensor<f32>
  }
}

// -----

// What was cut into slices has the gradients of the slices side by side.
// CHECK-LABEL: func.func @main(
func.func @main(%x: tensor<4xf32> {seq.input = "x"}) -> (tensor<1xf32> {seq.output = "a"}, tensor<2xf32> {seq.output = "b"}) {
  // CHECK-SAME: %[[A:[^:]*]]: tensor<1xf32> {seq.input = "a.gradient"}, %[[B:[^:]*]]: tensor<2xf32> {seq.input = "b.gradient"}
  // CHECK: %[[ZERO:.*]] = arith.constant dense<0.0{{.*}}> : tensor<1xf32>
  // CHECK: seq.concat %[[A]], %[[ZERO]], %[[B]] axis 0
  %a = seq.slice %x axis 0 offset 0 : tensor<4xf32> -> tensor<1xf32>
  %b = seq.slice %x axis 0 offset 2 : tensor<4xf32> -> tensor<2xf32>
  return %a, %b : tensor<1xf32>, tensor<2xf32>
}

// -----

// The adjoint of a scan runs the other way. Its states are the gradient of the
// state, and a sum for the invariant; it reads the gradients of the outputs and
// the state before each step; its outputs are the gradients of the elements.
// CHECK-LABEL: func.func @main(
// CHECK-SAME: %[[X:[^:]*]]: tensor<?xf32> {seq.input = "x"}, %[[DY:[^:]*]]: tensor<?xf32>
func.func @main(%x: tensor<?xf32> {seq.input = "x"}, %w: tensor<f32> {seq.param = "w"}) -> (tensor<?xf32> {seq.output = "y"}) {
  // CHECK: %[[F:.*]]:3 = seq.scan sequences(%[[X]]
  // CHECK: ^bb0(%[[E:.*]]: tensor<f32>, %[[H:.*]]: tensor<f32>, %[[W:.*]]: tensor<f32>):
  // CHECK: %[[N:.*]] = arith.addf
  // CHECK: seq.yield %[[N]], %[[N]], %[[H]]
  // CHECK: %[[B:.*]]:3 = seq.scan reverse sequences(%[[DY]], %[[F]]#2
  // CHECK-NEXT: ^bb0(%[[G:.*]]: tensor<f32>, %[[BEFORE:.*]]: tensor<f32>, %[[DH:.*]]: tensor<f32>, %[[SUM:.*]]: tensor<f32>, %[[W2:.*]]: tensor<f32>):
  // CHECK: %[[D:.*]] = arith.addf %[[G]], %[[DH]]
  // CHECK-DAG: %[[DW:.*]] = arith.mulf %[[D]], %[[BEFORE]]
  // CHECK-DAG: %[[NEXT:.*]] = arith.mulf %[[D]], %[[W2]]
  // CHECK: %[[MORE:.*]] = arith.addf %[[SUM]], %[[DW]]
  // CHECK: seq.yield %[[NEXT]], %[[MORE]], %[[D]]
  // CHECK: return %[[F]]#1, %[[B]]#2, %[[B]]#1
  %zero = arith.constant dense<0.0> : tensor<f32>
  %last, %y = seq.scan sequences(%x : tensor<?xf32>) states(%zero : tensor<f32>) invariants(%w : tensor<f32>) -> tensor<f32>, tensor<?xf32> {
  ^bb0(%e: tensor<f32>, %h: tensor<f32>, %v: tensor<f32>):
    %p = arith.mulf %h, %v : tensor<f32>
    %n = arith.addf %p, %e : tensor<f32>
    seq.yield %n, %n : tensor<f32>, tensor<f32>
  }
  return %y : tensor<?xf32>
}
