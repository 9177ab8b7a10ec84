// RUN: seq-opt %s --seq-gather-one-hot | FileCheck %s

// CHECK-LABEL: func @rows(
// CHECK-SAME: %[[T:.*]]: tensor<?xi64>, %[[W:.*]]: tensor<4x5000xf32>
// CHECK-NEXT: %[[U:.*]] = seq.transpose %[[W]] [1, 0]
// CHECK-NEXT: %[[Y:.*]] = seq.gather %[[U]][%[[T]]]
// CHECK-NEXT: return %[[Y]]
func.func @rows(%t: tensor<?xi64>, %w: tensor<4x5000xf32>) -> tensor<?x4xf32> {
  %x = seq.one_hot %t : tensor<?xi64> -> tensor<?x5000xf32>
  %y = seq.contract %x [1], %w [1] : tensor<?x5000xf32>, tensor<4x5000xf32> -> tensor<?x4xf32>
  return %y : tensor<?x4xf32>
}

// From the right the axes of the tokens come last; a table is not turned.
// CHECK-LABEL: func @from_the_right(
// CHECK-SAME: %[[T:.*]]: tensor<?x3xi64>, %[[W:.*]]: tensor<9x4x2xf32>
// CHECK-NEXT: %[[Y:.*]] = seq.gather %[[W]][%[[T]]] : {{.*}} -> tensor<?x3x4x2xf32>
// CHECK-NEXT: %[[Z:.*]] = seq.transpose %[[Y]] [2, 3, 0, 1]
// CHECK-NEXT: return %[[Z]]
func.func @from_the_right(%t: tensor<?x3xi64>, %w: tensor<9x4x2xf32>) -> tensor<4x2x?x3xf32> {
  %x = seq.one_hot %t : tensor<?x3xi64> -> tensor<?x3x9xf32>
  %y = seq.contract %w [0], %x [2] : tensor<9x4x2xf32>, tensor<?x3x9xf32> -> tensor<4x2x?x3xf32>
  return %y : tensor<4x2x?x3xf32>
}

// Joined with numbers: each part meets its own columns.
// CHECK-LABEL: func @joined(
// CHECK: seq.gather {{.*}} : tensor<9x4xf32>, tensor<?xi64>
// CHECK: seq.contract {{.*}} : tensor<?x3xf32>, tensor<4x3xf32>
// CHECK: arith.addf
// CHECK-NOT: seq.one_hot
func.func @joined(%t: tensor<?xi64>, %h: tensor<?x3xf32>, %w: tensor<4x12xf32>) -> tensor<?x4xf32> {
  %x = seq.one_hot %t : tensor<?xi64> -> tensor<?x9xf32>
  %c = seq.concat %x, %h axis 1 : tensor<?x9xf32>, tensor<?x3xf32> -> tensor<?x12xf32>
  %y = seq.contract %c [1], %w [1] : tensor<?x12xf32>, tensor<4x12xf32> -> tensor<?x4xf32>
  return %y : tensor<?x4xf32>
}

// What is beside a batch of tables is no look-up, nor is a sum over some of the
// tokens; what is read as it is stays.
// CHECK-LABEL: func @others(
// CHECK: seq.one_hot
// CHECK-NOT: seq.gather
// CHECK: return
func.func @others(%t: tensor<?xi64>, %u: tensor<?x2xi64>, %w: tensor<2x4xf32>, %m: tensor<?x9x4xf32>) -> (tensor<?x9x4xf32>, tensor<?x4xf32>, tensor<?x9xf32>) {
  %x = seq.one_hot %t : tensor<?xi64> -> tensor<?x9xf32>
  %v = seq.one_hot %u : tensor<?x2xi64> -> tensor<?x2x9xf32>
  %y = seq.contract %v [1], %w [0] : tensor<?x2x9xf32>, tensor<2x4xf32> -> tensor<?x9x4xf32>
  %z = seq.contract %x [1], %m [1] batch [0], [0] : tensor<?x9xf32>, tensor<?x9x4xf32> -> tensor<?x4xf32>
  return %y, %z, %x : tensor<?x9x4xf32>, tensor<?x4xf32>, tensor<?x9xf32>
}

// A sum over all tokens adds rows at them, in whatever order the axes stand; the
// zeros of a mask go to the other operand.
// CHECK-LABEL: func @at_tokens(
// CHECK-SAME: %[[T:.*]]: tensor<?x?xi64>, %[[N:.*]]: tensor<?xi64>, %[[D:.*]]: tensor<?x4x?xf32>
// CHECK-NEXT: %[[U:.*]] = seq.transpose %[[D]] [2, 0, 1]
// CHECK-NEXT: %[[M:.*]] = seq.mask %[[U]] axis 1 lengths(%[[N]]
// CHECK-NEXT: %[[G:.*]] = seq.scatter_add %[[M]] at %[[T]] : tensor<?x?x4xf32>, tensor<?x?xi64> -> tensor<9x4xf32>
// CHECK-NEXT: return %[[G]]
func.func @at_tokens(%t: tensor<?x?xi64>, %n: tensor<?xi64>, %d: tensor<?x4x?xf32>) -> tensor<9x4xf32> {
  %x = seq.one_hot %t : tensor<?x?xi64> -> tensor<?x?x9xf32>
  %m = seq.mask %x axis 1 lengths(%n : tensor<?xi64>) fill 0.0 : f32 : tensor<?x?x9xf32>
  %g = seq.contract %m [1, 0], %d [0, 2] : tensor<?x?x9xf32>, tensor<?x4x?xf32> -> tensor<9x4xf32>
  return %g : tensor<9x4xf32>
}

// From the right the classes come last.
// CHECK-LABEL: func @at_tokens_from_the_right(
// CHECK-SAME: %[[T:.*]]: tensor<?xi64>, %[[D:.*]]: tensor<?x4x2xf32>
// CHECK-NEXT: %[[G:.*]] = seq.scatter_add %[[D]] at %[[T]] : {{.*}} -> tensor<9x4x2xf32>
// CHECK-NEXT: %[[H:.*]] = seq.transpose %[[G]] [1, 2, 0]
// CHECK-NEXT: return %[[H]]
func.func @at_tokens_from_the_right(%t: tensor<?xi64>, %d: tensor<?x4x2xf32>) -> tensor<4x2x9xf32> {
  %x = seq.one_hot %t : tensor<?xi64> -> tensor<?x9xf32>
  %g = seq.contract %d [0], %x [0] : tensor<?x4x2xf32>, tensor<?x9xf32> -> tensor<4x2x9xf32>
  return %g : tensor<4x2x9xf32>
}

// In the body of a scan.
// CHECK-LABEL: func @in_a_loop(
// CHECK: seq.scan
// CHECK: seq.gather
// CHECK-NOT: seq.contract
func.func @in_a_loop(%t: tensor<?xi64>, %h0: tensor<4xf32>, %w: tensor<4x9xf32>) -> tensor<4xf32> {
  %h = seq.scan sequences(%t : tensor<?xi64>) states(%h0 : tensor<4xf32>) invariants(%w : tensor<4x9xf32>) -> tensor<4xf32> {
  ^bb0(%t_t: tensor<i64>, %s: tensor<4xf32>, %v: tensor<4x9xf32>):
    %x = seq.one_hot %t_t : tensor<i64> -> tensor<9xf32>
    %y = seq.contract %v [1], %x [0] : tensor<4x9xf32>, tensor<9xf32> -> tensor<4xf32>
    %n = arith.addf %s, %y : tensor<4xf32>
    seq.yield %n : tensor<4xf32>
  }
  return %h : tensor<4xf32>
}
