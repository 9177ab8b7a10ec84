// RUN: seq-opt %s --seq-hoist-out --split-input-file | FileCheck %s

// A state that only grows by products is a contraction over the steps.
// CHECK-LABEL: func @sum(
// CHECK-SAME: %[[X:.*]]: tensor<?x2xf32>, %[[G:.*]]: tensor<?x3xf32>, %[[W0:.*]]: tensor<3x2xf32>)
// CHECK-NOT: seq.scan
// CHECK: %[[P:.*]] = seq.contract %[[G]] [0], %[[X]] [0] : tensor<?x3xf32>, tensor<?x2xf32> -> tensor<3x2xf32>
// CHECK: %[[W:.*]] = arith.addf %[[W0]], %[[P]]
// CHECK: return %[[W]]
func.func @sum(%x: tensor<?x2xf32>, %g: tensor<?x3xf32>, %w0: tensor<3x2xf32>) -> tensor<3x2xf32> {
  %w = seq.scan sequences(%x, %g : tensor<?x2xf32>, tensor<?x3xf32>) states(%w0 : tensor<3x2xf32>) -> tensor<3x2xf32> {
  ^bb0(%x_t: tensor<2xf32>, %g_t: tensor<3xf32>, %s: tensor<3x2xf32>):
    %p = seq.contract %g_t [], %x_t [] : tensor<3xf32>, tensor<2xf32> -> tensor<3x2xf32>
    %n = arith.addf %s, %p : tensor<3x2xf32>
    seq.yield %n : tensor<3x2xf32>
  }
  return %w : tensor<3x2xf32>
}

// -----

// The backward loop of a recurrent network keeps what runs from step to step;
// the gradients of both matrices, of the bias and of the input leave it. What
// they need of each step is one output.
// CHECK-LABEL: func @backward(
// CHECK: %[[S:.*]]:2 = seq.scan reverse sequences(%{{.*}}, %{{.*}} : tensor<?x3xf32>, tensor<?x3xf32>) states(%{{[a-z0-9_]*}} : tensor<3xf32>)
// CHECK: seq.contract
// CHECK-NOT: seq.contract
// CHECK: seq.yield %{{.*}}, %{{.*}} : tensor<3xf32>, tensor<3xf32>
// CHECK-DAG: seq.contract %[[S]]#1 [0], %{{.*}} [0] : tensor<?x3xf32>, tensor<?x3xf32> -> tensor<3x3xf32>
// CHECK-DAG: %[[Q:.*]] = seq.contract %{{.*}} [0], %[[S]]#1 [0] : tensor<?x2xf32>, tensor<?x3xf32> -> tensor<2x3xf32>
// CHECK-DAG: %[[T:.*]] = seq.transpose %[[Q]]
// CHECK-DAG: arith.negf %[[T]]
// CHECK-DAG: seq.reduce sum %[[S]]#1 axis 0 : tensor<?x3xf32> -> tensor<3xf32>
// CHECK-DAG: seq.contract %[[S]]#1 [1], %{{.*}} [0] : tensor<?x3xf32>, tensor<3x2xf32> -> tensor<?x2xf32>
func.func @backward(%dy: tensor<?x3xf32>, %h: tensor<?x3xf32>, %hp: tensor<?x3xf32>, %x: tensor<?x2xf32>, %whh: tensor<3x3xf32>) -> (tensor<3x3xf32>, tensor<3x2xf32>, tensor<3xf32>, tensor<?x2xf32>) {
  %z3 = arith.constant dense<0.0> : tensor<3xf32>
  %z33 = arith.constant dense<0.0> : tensor<3x3xf32>
  %z32 = arith.constant dense<0.0> : tensor<3x2xf32>
  %r:5 = seq.scan reverse sequences(%dy, %h, %hp, %x : tensor<?x3xf32>, tensor<?x3xf32>, tensor<?x3xf32>, tensor<?x2xf32>) states(%z3, %z33, %z32, %z3 : tensor<3xf32>, tensor<3x3xf32>, tensor<3x2xf32>, tensor<3xf32>) invariants(%whh : tensor<3x3xf32>) -> tensor<3xf32>, tensor<3x3xf32>, tensor<3x2xf32>, tensor<3xf32>, tensor<?x2xf32> {
  ^bb0(%dy_t: tensor<3xf32>, %h_t: tensor<3xf32>, %hp_t: tensor<3xf32>, %x_t: tensor<2xf32>, %dh: tensor<3xf32>, %dw: tensor<3x3xf32>, %du: tensor<3x2xf32>, %db: tensor<3xf32>, %w: tensor<3x3xf32>):
    %a = arith.addf %dy_t, %dh : tensor<3xf32>
    %b = arith.mulf %h_t, %h_t : tensor<3xf32>
    %c = arith.mulf %a, %b : tensor<3xf32>
    %p = seq.contract %c [], %hp_t [] : tensor<3xf32>, tensor<3xf32> -> tensor<3x3xf32>
    %dw1 = arith.addf %p, %dw : tensor<3x3xf32>
    %q = seq.contract %x_t [], %c [] : tensor<2xf32>, tensor<3xf32> -> tensor<2x3xf32>
    %qt = seq.transpose %q [1, 0] : tensor<2x3xf32> -> tensor<3x2xf32>
    %du1 = arith.subf %du, %qt : tensor<3x2xf32>
    %db1 = arith.addf %db, %c : tensor<3xf32>
    %dh1 = seq.contract %c [0], %w [0] : tensor<3xf32>, tensor<3x3xf32> -> tensor<3xf32>
    %u = seq.slice %w axis 1 offset 0 : tensor<3x3xf32> -> tensor<3x2xf32>
    %dx = seq.contract %c [0], %u [0] : tensor<3xf32>, tensor<3x2xf32> -> tensor<2xf32>
    seq.yield %dh1, %dw1, %du1, %db1, %dx : tensor<3xf32>, tensor<3x3xf32>, tensor<3x2xf32>, tensor<3xf32>, tensor<2xf32>
  }
  return %r#1, %r#2, %r#3, %r#4 : tensor<3x3xf32>, tensor<3x2xf32>, tensor<3xf32>, tensor<?x2xf32>
}

// -----

// What an inner loop adds up, the outer one adds up too: it leaves both.
// CHECK-LABEL: func @nested(
// CHECK: %[[S:.*]] = seq.scan sequences(%[[X:.*]], %{{.*}} : tensor<?x?x2xf32>, tensor<?x3xf32>) -> tensor<?x?x3xf32>
// CHECK: seq.contract %[[S]] [0, 1], %[[X]] [0, 1] : tensor<?x?x3xf32>, tensor<?x?x2xf32> -> tensor<3x2xf32>
func.func @nested(%x: tensor<?x?x2xf32>, %g: tensor<?x3xf32>) -> tensor<3x2xf32> {
  %z = arith.constant dense<0.0> : tensor<3x2xf32>
  %w = seq.scan sequences(%x, %g : tensor<?x?x2xf32>, tensor<?x3xf32>) states(%z : tensor<3x2xf32>) -> tensor<3x2xf32> {
  ^bb0(%x_t: tensor<?x2xf32>, %g_t: tensor<3xf32>, %s: tensor<3x2xf32>):
    %in, %o = seq.scan sequences(%x_t : tensor<?x2xf32>) states(%s, %g_t : tensor<3x2xf32>, tensor<3xf32>) -> tensor<3x2xf32>, tensor<3xf32> {
    ^bb0(%e: tensor<2xf32>, %acc: tensor<3x2xf32>, %st: tensor<3xf32>):
      %t = math.tanh %st : tensor<3xf32>
      %p = seq.contract %t [], %e [] : tensor<3xf32>, tensor<2xf32> -> tensor<3x2xf32>
      %n = arith.addf %acc, %p : tensor<3x2xf32>
      seq.yield %n, %t : tensor<3x2xf32>, tensor<3xf32>
    }
    seq.yield %in : tensor<3x2xf32>
  }
  return %w : tensor<3x2xf32>
}

// -----

// Rows that have ended add nothing: sequences are masked, outputs are zero there.
// CHECK-LABEL: func @lengths(
// CHECK-SAME: %[[X:.*]]: tensor<?x?x2xf32>, %{{.*}}: tensor<?x?x3xf32>, %[[T:.*]]: tensor<?x?xi64>,
// CHECK-SAME: %[[N:[a-z0-9]*]]: tensor<?xi64>)
// CHECK: %[[S:.*]] = seq.scan axis 1
// CHECK-DAG: %[[XM:.*]] = seq.mask %[[X]] axis 1 lengths(%[[N]]
// CHECK-DAG: seq.contract %[[S]] [1], %[[XM]] [1] batch [0], [0]
// CHECK-DAG: %[[TM:.*]] = seq.mask %[[T]] axis 1 lengths(%[[N]] {{.*}} fill 0 : i64
// CHECK-DAG: %[[HOT:.*]] = seq.one_hot %[[TM]]
// CHECK-DAG: %[[HM:.*]] = seq.mask %[[HOT]] axis 1
// CHECK-DAG: seq.contract %[[HM]] [1], %[[S]] [1] batch [0], [0]
func.func @lengths(%x: tensor<?x?x2xf32>, %g: tensor<?x?x3xf32>, %t: tensor<?x?xi64>, %z: tensor<?x3x2xf32>, %z5: tensor<?x5x3xf32>, %n: tensor<?xi64>) -> (tensor<?x3x2xf32>,tensor<?x5x3xf32>) {
  %w:2 = seq.scan axis 1 sequences(%x, %g, %t : tensor<?x?x2xf32>, tensor<?x?x3xf32>, tensor<?x?xi64>) states(%z, %z5 : tensor<?x3x2xf32>, tensor<?x5x3xf32>) lengths(%n : tensor<?xi64>) -> tensor<?x3x2xf32>, tensor<?x5x3xf32> {
  ^bb0(%x_t: tensor<?x2xf32>, %g_t: tensor<?x3xf32>, %tok: tensor<?xi64>, %s: tensor<?x3x2xf32>, %e: tensor<?x5x3xf32>):
    %th = math.tanh %g_t : tensor<?x3xf32>
    %p = seq.contract %th [], %x_t [] batch [0], [0] : tensor<?x3xf32>, tensor<?x2xf32> -> tensor<?x3x2xf32>
    %nn = arith.addf %s, %p : tensor<?x3x2xf32>
    %hot = seq.one_hot %tok : tensor<?xi64> -> tensor<?x5xf32>
    %q = seq.contract %hot [], %th [] batch [0], [0] : tensor<?x5xf32>, tensor<?x3xf32> -> tensor<?x5x3xf32>
    %ne = arith.addf %e, %q : tensor<?x5x3xf32>
    seq.yield %nn, %ne : tensor<?x3x2xf32>, tensor<?x5x3xf32>
  }
  return %w#0, %w#1 : tensor<?x3x2xf32>, tensor<?x5x3xf32>
}

// -----

// What nothing but outputs reads is computed of all steps.
// CHECK-LABEL: func @maps(
// CHECK: %[[S:.*]]:2 = seq.scan
// CHECK-NOT: seq.contract
// CHECK: seq.yield
// CHECK: %[[P:.*]] = seq.contract %[[S]]#1 [1], %{{.*}} [1] : tensor<?x3xf32>, tensor<5x3xf32> -> tensor<?x5xf32>
// CHECK: seq.softmax %{{.*}} axis 1
func.func @maps(%x: tensor<?x2xf32>, %h0: tensor<3xf32>, %w: tensor<5x3xf32>, %b: tensor<5xf32>) -> (tensor<?x5xf32>, tensor<3xf32>) {
  %h, %y = seq.scan sequences(%x : tensor<?x2xf32>) states(%h0 : tensor<3xf32>) invariants(%w, %b : tensor<5x3xf32>, tensor<5xf32>) -> tensor<3xf32>, tensor<?x5xf32> {
  ^bb0(%x_t: tensor<2xf32>, %s: tensor<3xf32>, %w1: tensor<5x3xf32>, %b1: tensor<5xf32>):
    %n = math.tanh %s : tensor<3xf32>
    %p = seq.contract %n [0], %w1 [1] : tensor<3xf32>, tensor<5x3xf32> -> tensor<5xf32>
    %q = arith.addf %p, %b1 : tensor<5xf32>
    %r = seq.softmax %q axis 0 : tensor<5xf32>
    seq.yield %n, %r : tensor<3xf32>, tensor<5xf32>
  }
  return %y, %h : tensor<?x5xf32>, tensor<3xf32>
}

// -----

// A parameter that two products share is the sum of both; a factor that is the
// same at every step is outside.
// CHECK-LABEL: func @shared(
// CHECK-SAME: %[[X:.*]]: tensor<?x2xf32>, %[[Y:.*]]: tensor<?x2xf32>, %[[V:.*]]: tensor<2x2xf32>)
// CHECK-NOT: seq.scan
// CHECK-DAG: %[[P:.*]] = seq.contract %[[X]] [0], %[[Y]] [0]
// CHECK-DAG: %[[PV:.*]] = arith.mulf %[[P]], %[[V]]
// CHECK-DAG: %[[Q:.*]] = seq.contract %[[Y]] [0], %[[Y]] [0]
// CHECK: arith.addf %[[PV]], %[[Q]]
func.func @shared(%x: tensor<?x2xf32>, %y: tensor<?x2xf32>, %v: tensor<2x2xf32>) -> tensor<2x2xf32> {
  %zero = arith.constant dense<0.0> : tensor<2x2xf32>
  %w = seq.scan sequences(%x, %y : tensor<?x2xf32>, tensor<?x2xf32>) states(%zero : tensor<2x2xf32>) invariants(%v : tensor<2x2xf32>) -> tensor<2x2xf32> {
  ^bb0(%x_t: tensor<2xf32>, %y_t: tensor<2xf32>, %s: tensor<2x2xf32>, %f: tensor<2x2xf32>):
    %p = seq.contract %x_t [], %y_t [] : tensor<2xf32>, tensor<2xf32> -> tensor<2x2xf32>
    %pf = arith.mulf %p, %f : tensor<2x2xf32>
    %q = seq.contract %y_t [], %y_t [] : tensor<2xf32>, tensor<2xf32> -> tensor<2x2xf32>
    %sum = arith.addf %pf, %q : tensor<2x2xf32>
    %n = arith.addf %sum, %s : tensor<2x2xf32>
    seq.yield %n : tensor<2x2xf32>
  }
  return %w : tensor<2x2xf32>
}

// -----

// What a step computes of a matrix element by element is not kept of all steps,
// a state that a step reads is no mere sum, and an output that takes less
// memory than what it is computed from stays.
// CHECK-LABEL: func @stays(
// CHECK: seq.scan
// CHECK: arith.addf
// CHECK: arith.addf
// CHECK: seq.contract
// CHECK: seq.yield
// CHECK-NEXT: }
// CHECK-NEXT: return
func.func @stays(%x: tensor<?x2x2xf32>, %a0: tensor<2x2xf32>, %b0: tensor<2xf32>, %v: tensor<2xf32>) -> (tensor<2x2xf32>, tensor<2xf32>, tensor<?xf32>) {
  %r:3 = seq.scan sequences(%x : tensor<?x2x2xf32>) states(%a0, %b0 : tensor<2x2xf32>, tensor<2xf32>) invariants(%v : tensor<2xf32>) -> tensor<2x2xf32>, tensor<2xf32>, tensor<?xf32> {
  ^bb0(%x_t: tensor<2x2xf32>, %a: tensor<2x2xf32>, %b: tensor<2xf32>, %w: tensor<2xf32>):
    %t = math.tanh %x_t : tensor<2x2xf32>
    %a1 = arith.addf %a, %t : tensor<2x2xf32>
    %e = math.exp %b : tensor<2xf32>
    %b1 = arith.addf %b, %e : tensor<2xf32>
    %u = math.tanh %e : tensor<2xf32>
    %y = seq.contract %u [0], %w [0] : tensor<2xf32>, tensor<2xf32> -> tensor<f32>
    seq.yield %a1, %b1, %y : tensor<2x2xf32>, tensor<2xf32>, tensor<f32>
  }
  return %r#0, %r#1, %r#2 : tensor<2x2xf32>, tensor<2xf32>, tensor<?xf32>
}

// -----

// A vector that a step makes for a sum alone is added up where it is made; one
// that is kept of all steps anyway is added up behind them.
// CHECK-LABEL: func @vectors(
// CHECK: %[[S:.*]]:2 = seq.scan
// CHECK: %[[Y:.*]] = math.tanh
// CHECK: %[[P:.*]] = arith.mulf
// CHECK: %[[A:.*]] = arith.addf %{{.*}}, %[[P]]
// CHECK: seq.yield %[[A]], %[[Y]]
// CHECK: %[[B:.*]] = seq.reduce sum %[[S]]#1 axis 0
// CHECK: arith.addf %{{.*}}, %[[B]]
func.func @vectors(%x: tensor<?x2xf32>, %a0: tensor<2xf32>, %b0: tensor<2xf32>) -> (tensor<2xf32>, tensor<2xf32>, tensor<?x2xf32>) {
  %r:3 = seq.scan sequences(%x : tensor<?x2xf32>) states(%a0, %b0 : tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>, tensor<2xf32>, tensor<?x2xf32> {
  ^bb0(%x_t: tensor<2xf32>, %a: tensor<2xf32>, %b: tensor<2xf32>):
    %y = math.tanh %x_t : tensor<2xf32>
    %p = arith.mulf %y, %x_t : tensor<2xf32>
    %a1 = arith.addf %a, %p : tensor<2xf32>
    %b1 = arith.addf %b, %y : tensor<2xf32>
    seq.yield %a1, %b1, %y : tensor<2xf32>, tensor<2xf32>, tensor<2xf32>
  }
  return %r#0, %r#1, %r#2 : tensor<2xf32>, tensor<2xf32>, tensor<?x2xf32>
}
