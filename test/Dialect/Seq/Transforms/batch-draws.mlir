// RUN: seq-opt %s --seq-batch --split-input-file | FileCheck %s

// The sample is a coordinate of a draw, in the body of a loop too, where the
// samples are the same at each step.
// CHECK-LABEL: func @main(
// CHECK-DAG: %[[IDS:.*]] = seq.sample_ids size(%{{.*}}) : tensor<?xi64>
// CHECK-DAG: %[[T:.*]] = seq.iota
// CHECK-DAG: %[[TIMES:.*]] = seq.broadcast %[[T]] sizes(%{{.*}}) dims [1] : tensor<?xi64> -> tensor<?x?xi64>
// CHECK-DAG: %[[SAMPLES:.*]] = seq.broadcast %[[IDS]] sizes(%{{.*}}) dims [0] : tensor<?xi64> -> tensor<?x?xi64>
// CHECK: seq.uniform time(%[[TIMES]] : tensor<?x?xi64>) sample(%[[SAMPLES]] : tensor<?x?xi64>) site 0 -> tensor<?x?x2xf32>
// CHECK: seq.scan
// CHECK: seq.uniform time(%{{.*}} : tensor<?xi64>) sample(%{{.*}} : tensor<?xi64>) site 1 -> tensor<?x2xf32>
func.func @main(%x: tensor<?x2xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>}) -> (tensor<?x2xf32>, tensor<2xf32>) {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x2xf32>
  %t = seq.iota size(%n) : tensor<?xi64>
  %u = seq.uniform time(%t : tensor<?xi64>) site 0 -> tensor<?x2xf32>
  %zero = arith.constant dense<0.0> : tensor<2xf32>
  %h = seq.scan sequences(%x, %t : tensor<?x2xf32>, tensor<?xi64>) states(%zero : tensor<2xf32>) -> tensor<2xf32> {
  ^bb0(%e: tensor<2xf32>, %at: tensor<i64>, %s: tensor<2xf32>):
    %v = seq.uniform time(%at : tensor<i64>) site 1 -> tensor<2xf32>
    %p = arith.mulf %v, %e : tensor<2xf32>
    %next = arith.addf %s, %p : tensor<2xf32>
    seq.yield %next : tensor<2xf32>
  }
  return %u, %h : tensor<?x2xf32>, tensor<2xf32>
}

// -----

// Sums from the end begin behind a row's own, and windows behind it hold nothing.
// CHECK-LABEL: func @main(
// CHECK-SAME: %[[X:.*]]: tensor<?x?x2xf32> {{.*}}, %[[N:.*]]: tensor<?xi64> {seq.lengths
// CHECK: %[[M:.*]] = seq.mask %[[X]] axis 1 lengths(%[[N]] : tensor<?xi64>) fill 0.0
// CHECK: seq.cumsum reverse %[[M]] axis 1
// CHECK: %[[E:.*]] = math.exp %{{.*}} : tensor<?x?x3x2xf32>
// CHECK: %[[EM:.*]] = seq.mask %[[E]] axis 1
// CHECK: seq.overlap_add %[[EM]] axis 1 before 1 size(%{{.*}}) : tensor<?x?x3x2xf32> -> tensor<?x?x2xf32>
func.func @main(%x: tensor<?x2xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>}) -> (tensor<?x2xf32>, tensor<?x2xf32>) {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x2xf32>
  %r = seq.cumsum reverse %x axis 0 : tensor<?x2xf32>
  %w = seq.windows %x axis 0 size 3 before 1 after 1 : tensor<?x2xf32> -> tensor<?x3x2xf32>
  %e = math.exp %w : tensor<?x3x2xf32>
  %y = seq.overlap_add %e axis 0 before 1 size(%n) : tensor<?x3x2xf32> -> tensor<?x2xf32>
  return %r, %y : tensor<?x2xf32>, tensor<?x2xf32>
}
