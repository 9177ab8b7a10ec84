// RUN: seq-opt %s --pass-pipeline='builtin.module(func.func(seq-probe-states))' --split-input-file | FileCheck %s

// What the step makes of the state is read with the probe in it, by the output too. An input of the same steps is one more
// sequence; its name comes from the scan's location.
// CHECK-LABEL: func.func @main(
// CHECK-SAME: %[[X:.*]]: tensor<?x2xf32> {seq.axes = array<i64: 0, -1>, seq.input = "x"}
// CHECK-SAME: %[[P:.*]]: tensor<?x2xf32> {seq.axes = array<i64: 0, -1>, seq.input = "probe.rnn.h_l0", seq.probe}
// CHECK: seq.scan sequences(%[[X]], %[[P]] : tensor<?x2xf32>, tensor<?x2xf32>)
// CHECK: ^bb0(%{{.*}}: tensor<2xf32>, %[[E:.*]]: tensor<2xf32>, %[[H:.*]]: tensor<2xf32>):
// CHECK: %[[N:.*]] = math.tanh %[[H]]
// CHECK: %[[S:.*]] = arith.addf %[[N]], %[[E]]
// CHECK: %[[O:.*]] = math.exp %[[S]]
// CHECK: seq.yield %[[S]], %[[O]]
func.func @main(%x: tensor<?x2xf32> {seq.axes = array<i64: 0, -1>, seq.input = "x"}, %h0: tensor<2xf32>) -> (tensor<?x2xf32> {seq.axes = array<i64: 0, -1>, seq.output = "y"}) {
  %r:2 = seq.scan sequences(%x : tensor<?x2xf32>) states(%h0 : tensor<2xf32>) -> tensor<2xf32>, tensor<?x2xf32> {
  ^bb0(%e: tensor<2xf32>, %h: tensor<2xf32>):
    %n = math.tanh %h : tensor<2xf32>
    %o = math.exp %n : tensor<2xf32>
    seq.yield %n, %o : tensor<2xf32>, tensor<2xf32>
  } loc("rnn.h_l0")
  return %r#1 : tensor<?x2xf32>
}

// -----

// Two states without names; the second one is left alone by the step, and has its probe from the next step on. Tokens have none.
// CHECK-LABEL: func.func @main(
// CHECK-SAME: seq.input = "probe.scan0.state0"
// CHECK-SAME: seq.input = "probe.scan0.state1"
// CHECK-NOT: probe.scan0.state2
// CHECK: ^bb0(%{{.*}}: tensor<f32>, %[[E0:.*]]: tensor<f32>, %[[E1:.*]]: tensor<f32>, %[[A:.*]]: tensor<f32>, %[[B:.*]]: tensor<f32>, %[[T:.*]]: tensor<i64>):
// CHECK: %[[M:.*]] = arith.mulf %[[A]], %[[B]]
// CHECK: %[[S0:.*]] = arith.addf %[[M]], %[[E0]]
// CHECK: %[[S1:.*]] = arith.addf %[[B]], %[[E1]]
// CHECK: seq.yield %[[S0]], %[[S1]], %[[T]]
func.func @main(%x: tensor<4xf32> {seq.axes = array<i64: -1>, seq.input = "x"}, %a0: tensor<f32>, %t0: tensor<i64>) -> (tensor<f32> {seq.output = "y"}) {
  %r:3 = seq.scan sequences(%x : tensor<4xf32>) states(%a0, %a0, %t0 : tensor<f32>, tensor<f32>, tensor<i64>) -> tensor<f32>, tensor<f32>, tensor<i64> {
  ^bb0(%e: tensor<f32>, %a: tensor<f32>, %b: tensor<f32>, %t: tensor<i64>):
    %m = arith.mulf %a, %b : tensor<f32>
    seq.yield %m, %b, %t : tensor<f32>, tensor<f32>, tensor<i64>
  }
  return %r#0 : tensor<f32>
}

// -----

// Of other functions nothing changes.
// CHECK-LABEL: func.func @init(
// CHECK-NOT: probe
func.func @init(%x: tensor<4xf32>, %a0: tensor<f32>) -> tensor<f32> {
  %r = seq.scan sequences(%x : tensor<4xf32>) states(%a0 : tensor<f32>) -> tensor<f32> {
  ^bb0(%e: tensor<f32>, %a: tensor<f32>):
    %m = arith.mulf %a, %e : tensor<f32>
    seq.yield %m : tensor<f32>
  }
  return %r : tensor<f32>
}
