// RUN: seq-opt %s --seq-expand-maps --seq-batch --split-input-file | FileCheck %s

// A matrix times a vector becomes a product with the batch in front, and the
// scan takes the lengths; its masked output needs no second mask.
// CHECK-LABEL: func @main(
// CHECK-SAME: %[[X:.*]]: tensor<?x?x2xf32>
// CHECK-SAME: %[[W:[a-z0-9]*]]: tensor<3x2xf32>
// CHECK-SAME: %[[N:.*]]: tensor<?xi64> {seq.lengths = 0 : i64}) -> (tensor<?x?x3xf32>, tensor<?x3xf32>)
// CHECK: %[[B:.*]] = tensor.dim %[[X]], %c0
// CHECK: %[[H0:.*]] = seq.broadcast %{{.*}} sizes(%[[B]]) dims [1] : tensor<3xf32> -> tensor<?x3xf32>
// CHECK: %[[S:.*]]:2 = seq.scan axis 1 sequences(%[[X]]{{.*}}states(%[[H0]]{{.*}}invariants(%[[W]]{{.*}}lengths(%[[N]]
// CHECK: seq.contract %{{.*}} [1], %{{.*}} [1] : tensor<?x2xf32>, tensor<3x2xf32> -> tensor<?x3xf32>
// CHECK: return %[[S]]#1, %[[S]]#0
func.func @main(%x: tensor<?x2xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>},
                %w: tensor<3x2xf32> {seq.param = "w"}) -> (tensor<?x3xf32>, tensor<3xf32>) {
  %h0 = arith.constant dense<0.0> : tensor<3xf32>
  %h, %y = seq.scan sequences(%x : tensor<?x2xf32>) states(%h0 : tensor<3xf32>) invariants(%w : tensor<3x2xf32>) -> tensor<3xf32>, tensor<?x3xf32> {
  ^bb0(%x_t: tensor<2xf32>, %h: tensor<3xf32>, %w1: tensor<3x2xf32>):
    %p = seq.contract %w1 [1], %x_t [0] : tensor<3x2xf32>, tensor<2xf32> -> tensor<3xf32>
    %n = arith.addf %h, %p : tensor<3xf32>
    seq.yield %n, %n : tensor<3xf32>, tensor<3xf32>
  }
  return %y, %h : tensor<?x3xf32>, tensor<3xf32>
}

// -----

// What depends on parameters alone keeps its shape until a result needs it.
// CHECK-LABEL: func @main(
// CHECK-SAME: %[[X:.*]]: tensor<?x2xf32>
// CHECK: %[[E:.*]] = math.exp %{{.*}} : tensor<2xf32>
// CHECK: seq.broadcast %[[E]] {{.*}} : tensor<2xf32> -> tensor<?x2xf32>
// CHECK-NOT: seq.mask
func.func @main(%x: tensor<2xf32> {seq.input = "x", seq.axes = array<i64: -1>},
                %w: tensor<2xf32> {seq.param = "w"}) -> (tensor<2xf32>, tensor<2xf32>) {
  %e = math.exp %w : tensor<2xf32>
  %y = arith.mulf %x, %e : tensor<2xf32>
  return %y, %e : tensor<2xf32>, tensor<2xf32>
}

// -----

// A scan mapped over an outer dimension: one loop over the inner one, whose
// lengths differ for each position of the outer one.
// CHECK-LABEL: func @main(
// CHECK-SAME: %[[X:.*]]: tensor<?x?x?x2xf32>
// CHECK-SAME: %[[NT:.*]]: tensor<?xi64> {seq.lengths = 0 : i64}
// CHECK-SAME: %[[NC:.*]]: tensor<?x?xi64> {seq.lengths = 1 : i64}
// CHECK-NOT: seq.map
// CHECK: %[[F:.*]] = seq.scan axis 2 sequences(%[[X]]{{.*}}states(%{{.*}} : tensor<?x?x2xf32>){{.*}}lengths(%[[NC]] : tensor<?x?xi64>)
// CHECK: seq.mask %[[F]] axis 1 lengths(%[[NT]] : tensor<?xi64>) fill 0.000000e+00 : f32
func.func @main(%x: tensor<?x?x2xf32> {seq.input = "x", seq.axes = array<i64: 0, 1, -1>}) -> tensor<?x2xf32> {
  %h0 = arith.constant dense<0.0> : tensor<2xf32>
  %y = seq.map sequences(%x : tensor<?x?x2xf32>) invariants(%h0 : tensor<2xf32>) -> tensor<?x2xf32> {
  ^bb0(%word: tensor<?x2xf32>, %start: tensor<2xf32>):
    %h = seq.scan sequences(%word : tensor<?x2xf32>) states(%start : tensor<2xf32>) -> tensor<2xf32> {
    ^bb0(%c: tensor<2xf32>, %h: tensor<2xf32>):
      %n = arith.addf %h, %c : tensor<2xf32>
      seq.yield %n : tensor<2xf32>
    }
    seq.yield %h : tensor<2xf32>
  }
  return %y : tensor<?x2xf32>
}

// -----

// A scan inside a scan: the lengths of the inner dimension are a sequence of
// the outer loop.
// CHECK-LABEL: func @main(
// CHECK-SAME: %[[NT:[a-z0-9]*]]: tensor<?xi64> {seq.lengths = 0 : i64}
// CHECK-SAME: %[[NC:[a-z0-9]*]]: tensor<?x?xi64> {seq.lengths = 1 : i64}
// CHECK: seq.scan axis 1 sequences(%{{.*}}, %[[NC]] : {{.*}}lengths(%[[NT]]
// CHECK: ^bb0(%{{.*}}: tensor<?x?x2xf32>, %[[NC_T:.*]]: tensor<?xi64>, %{{.*}}: tensor<?x2xf32>):
// CHECK: seq.scan axis 1 {{.*}}lengths(%[[NC_T]] : tensor<?xi64>)
func.func @main(%x: tensor<?x?x2xf32> {seq.input = "x", seq.axes = array<i64: 0, 1, -1>}) -> tensor<2xf32> {
  %h0 = arith.constant dense<0.0> : tensor<2xf32>
  %y = seq.scan sequences(%x : tensor<?x?x2xf32>) states(%h0 : tensor<2xf32>) -> tensor<2xf32> {
  ^bb0(%word: tensor<?x2xf32>, %state: tensor<2xf32>):
    %h = seq.scan sequences(%word : tensor<?x2xf32>) states(%state : tensor<2xf32>) -> tensor<2xf32> {
    ^bb0(%c: tensor<2xf32>, %h: tensor<2xf32>):
      %n = arith.addf %h, %c : tensor<2xf32>
      seq.yield %n : tensor<2xf32>
    }
    seq.yield %h : tensor<2xf32>
  }
  return %y : tensor<2xf32>
}

// -----

// Rows that have tables of their own multiply with one-hot vectors.
// CHECK-LABEL: func @main(
// CHECK: %[[HOT:.*]] = seq.one_hot %{{.*}} : tensor<?xi64> -> tensor<?x4xf32>
// CHECK: seq.contract %[[HOT]] [1], %{{.*}} [1] batch [0], [0]
// CHECK-NOT: seq.gather
func.func @main(%e: tensor<4x2xf32> {seq.input = "e"}, %t: tensor<i64> {seq.input = "t"}) -> tensor<2xf32> {
  %g = seq.gather %e[%t] : tensor<4x2xf32>, tensor<i64> -> tensor<2xf32>
  return %g : tensor<2xf32>
}

// -----

// Rows that fill tables of their own do too.
// CHECK-LABEL: func @main(
// CHECK: %[[HOT:.*]] = seq.one_hot %{{.*}} : tensor<?x?xi64> -> tensor<?x?x4xf32>
// CHECK: seq.contract %{{.*}} [1], %{{.*}} [1] batch [0], [0]
// CHECK-NOT: seq.scatter_add
func.func @main(%d: tensor<?x2xf32> {seq.input = "d", seq.axes = array<i64: 0, -1>}, %t: tensor<?xi64> {seq.input = "t", seq.axes = array<i64: 0>}) -> tensor<4x2xf32> {
  %g = seq.scatter_add %d at %t : tensor<?x2xf32>, tensor<?xi64> -> tensor<4x2xf32>
  return %g : tensor<4x2xf32>
}

// -----

// Positions inside each word: what reads them as tokens sees each word's length.
// CHECK-LABEL: func @main(
// CHECK: %[[P:.*]] = seq.iota
// CHECK: %[[ALL:.*]] = seq.broadcast %[[P]] {{.*}} dims [2] : tensor<?xi64> -> tensor<?x?x?xi64>
// CHECK: %[[WORDS:.*]] = seq.mask %[[ALL]] axis 1
// CHECK: %[[OWN:.*]] = seq.mask %[[WORDS]] axis 2
// CHECK: seq.one_hot %[[OWN]] : tensor<?x?x?xi64> -> tensor<?x?x?x9xf32>
func.func @main(%x: tensor<?x?xf32> {seq.input = "x", seq.axes = array<i64: 0, 1>}) -> tensor<?x?x9xf32> {
  %one = arith.constant 1 : index
  %n = tensor.dim %x, %one : tensor<?x?xf32>
  %all = seq.map sequences(%x : tensor<?x?xf32>) invariants(%n : index) -> tensor<?x?x9xf32> {
  ^bb0(%word: tensor<?xf32>, %size: index):
    %place = seq.iota size(%size) : tensor<?xi64>
    %hot = seq.one_hot %place : tensor<?xi64> -> tensor<?x9xf32>
    seq.yield %hot : tensor<?x9xf32>
  }
  return %all : tensor<?x?x9xf32>
}

// -----

// All samples add to the gradient of a parameter; that of an input is each
// sample's own. One that is the same for all samples counts for each; zero
// stays zero.
// CHECK-LABEL: func @main(
// CHECK-SAME: %[[X:.*]]: tensor<?x2xf32>
// CHECK-SAME: %[[W:[a-z0-9]*]]: tensor<2xf32>
// CHECK-SAME: -> (tensor<2xf32> {{{.*}}}, tensor<2xf32> {{{.*}}}, tensor<2xf32> {{{.*}}}, tensor<?x2xf32>
// CHECK-DAG: %[[DW:.*]] = seq.reduce sum %[[X]] axis 0
// CHECK-DAG: %[[ZERO:.*]] = arith.constant dense<0.0
// CHECK-DAG: %[[R:.*]] = seq.broadcast %[[W]] {{.*}} dims [1]
// CHECK-DAG: %[[DV:.*]] = seq.reduce sum %[[R]] axis 0
// CHECK: return %[[DW]], %[[DV]], %[[ZERO]], %{{.*}} : tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<?x2xf32>
func.func @main(%x: tensor<2xf32> {seq.input = "x", seq.axes = array<i64: -1>},
                %w: tensor<2xf32> {seq.param = "w"})
    -> (tensor<2xf32> {seq.gradient = "w", seq.of = "param"},
        tensor<2xf32> {seq.gradient = "v", seq.of = "param"},
        tensor<2xf32> {seq.gradient = "u", seq.of = "param"},
        tensor<2xf32> {seq.gradient = "x", seq.of = "input"}) {
  %zero = arith.constant dense<0.0> : tensor<2xf32>
  return %x, %w, %zero, %w : tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>
}
