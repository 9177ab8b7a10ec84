// RUN: seq-opt %s --seq-expand-maps --seq-batch --split-input-file | FileCheck %s

// Attention of one query over a memory of ragged length: padding may hold
// NaN, so both sides of the sum over it are masked.
// CHECK-LABEL: func @main(
// CHECK-SAME: %[[M:.*]]: tensor<?x?x4xf32> {{.*}}, %[[Q:.*]]: tensor<?x4xf32> {{.*}}, %[[N:.*]]: tensor<?xi64>
// CHECK: %[[S:.*]] = seq.contract %[[M]] [2], %[[Q]] [1] batch [0], [0]
// CHECK: %[[L:.*]] = seq.mask %[[S]] axis 1 lengths(%[[N]] : tensor<?xi64>) fill 0xFF800000 : f32
// CHECK: %[[P:.*]] = seq.softmax %[[L]] axis 1
// CHECK: %[[P0:.*]] = seq.mask %[[P]] axis 1 {{.*}} fill 0.000000e+00 : f32
// CHECK: %[[M0:.*]] = seq.mask %[[M]] axis 1 {{.*}} fill 0.000000e+00 : f32
// CHECK: seq.contract %[[P0]] [1], %[[M0]] [1] batch [0], [0] : tensor<?x?xf32>, tensor<?x?x4xf32> -> tensor<?x4xf32>
func.func @main(%m: tensor<?x4xf32> {seq.input = "m", seq.axes = array<i64: 0, -1>},
                %q: tensor<4xf32> {seq.input = "q", seq.axes = array<i64: -1>}) -> tensor<4xf32> {
  %s = seq.contract %m [1], %q [0] : tensor<?x4xf32>, tensor<4xf32> -> tensor<?xf32>
  %p = seq.softmax %s axis 0 : tensor<?xf32>
  %r = seq.contract %p [0], %m [0] : tensor<?xf32>, tensor<?x4xf32> -> tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----

// A mean, a maximum, an index: each with its error for short rows.
// CHECK-LABEL: func @main(
// CHECK-SAME: %[[X:.*]]: tensor<?x?x2xf32> {{.*}}, %[[N:.*]]: tensor<?xi64>
// CHECK: seq.require_length %[[N]] at_least 1 for "mean" : tensor<?xi64>
// CHECK: arith.sitofp %[[N]] : tensor<?xi64> to tensor<?xf32>
// CHECK: seq.require_length %[[N]] at_least 1 for "max"
// CHECK: %[[M:.*]] = seq.mask %[[X]] axis 1 {{.*}} fill 0xFF800000
// CHECK: seq.reduce max %[[M]] axis 1
// CHECK: seq.require_length %[[N]] at_least 2
// CHECK: seq.at %[[X]] axis 1 index -2 lengths(%[[N]] : tensor<?xi64>)
func.func @main(%x: tensor<?x2xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>}) -> (tensor<2xf32>, tensor<2xf32>, tensor<f32>) {
  %n = seq.length %x axis 0 : tensor<?x2xf32> -> tensor<i64>
  seq.require_length %n at_least 1 for "mean" : tensor<i64>
  %f = arith.sitofp %n : tensor<i64> to tensor<f32>
  %max = seq.reduce max %x axis 0 : tensor<?x2xf32> -> tensor<2xf32>
  %last = seq.at %x axis 0 index -2 : tensor<?x2xf32> -> tensor<2xf32>
  return %max, %last, %f : tensor<2xf32>, tensor<2xf32>, tensor<f32>
}

// -----

// Tokens of the padding are in range; rows of a table are a result.
// CHECK-LABEL: func @main(
// CHECK: %[[T:.*]] = seq.mask %{{.*}} axis 1 lengths(%{{.*}}) fill 0 : i64
// CHECK: %[[G:.*]] = seq.gather %{{.*}}[%[[T]]]
// CHECK: %[[Y:.*]] = seq.mask %[[G]] axis 1
// CHECK: return %[[Y]]
func.func @main(%t: tensor<?xi64> {seq.input = "t", seq.axes = array<i64: 0>}, %e: tensor<9x3xf32> {seq.param = "e"}) -> tensor<?x3xf32> {
  %g = seq.gather %e[%t] : tensor<9x3xf32>, tensor<?xi64> -> tensor<?x3xf32>
  return %g : tensor<?x3xf32>
}

// -----

// A static axis has no lengths, and a copy of a parameter along a ragged one
// is as long as the sample: its sum needs the mask.
// CHECK-LABEL: func @main(
// CHECK-SAME: %[[X:.*]]: tensor<?x?x5xf32>
// CHECK: seq.reduce sum %[[X]] axis 2
// CHECK: %[[R:.*]] = seq.broadcast %{{.*}} dims [2] : tensor<5xf32> -> tensor<?x?x5xf32>
// CHECK: %[[K:.*]] = seq.mask %[[R]] axis 1
// CHECK: seq.reduce sum %[[K]] axis 1
func.func @main(%x: tensor<?x5xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>}, %w: tensor<5xf32> {seq.param = "w"}) -> (tensor<?xf32>, tensor<5xf32>) {
  %c0 = arith.constant 0 : index
  %y = seq.reduce sum %x axis 1 : tensor<?x5xf32> -> tensor<?xf32>
  %n = tensor.dim %x, %c0 : tensor<?x5xf32>
  %b = seq.broadcast %w sizes(%n) dims [1] : tensor<5xf32> -> tensor<?x5xf32>
  %s = seq.reduce sum %b axis 0 : tensor<?x5xf32> -> tensor<5xf32>
  return %y, %s : tensor<?xf32>, tensor<5xf32>
}

// -----

// A row that has ended takes no part in a step: it is long enough for any op,
// and the token that it looks up is in range.
// CHECK-LABEL: func @main(
// CHECK-SAME: %[[T:[a-z0-9]*]]: tensor<?x?xi64> {{[^%]*}}, %[[M:[a-z0-9]*]]: tensor<?x?xf32> {{[^%]*}}, %[[E:[a-z0-9]*]]: tensor<9xf32> {{[^%]*}}, %[[NT:[a-z0-9]*]]: tensor<?xi64> {{[^%]*}}, %[[NM:[a-z0-9]*]]: tensor<?xi64>
// CHECK: %[[TOKENS:.*]] = seq.mask %[[T]] axis 1 lengths(%[[NT]] : tensor<?xi64>) fill 0 : i64
// CHECK: %[[ALL:.*]] = seq.broadcast {{.*}} dims [] : tensor<i64> -> tensor<?x?xi64>
// CHECK: %[[LEAST:.*]] = seq.mask %[[ALL]] axis 1 lengths(%[[NT]] : tensor<?xi64>) fill 9223372036854775807
// CHECK: seq.scan axis 1 sequences(%[[TOKENS]], %[[LEAST]]
// CHECK: ^bb0(%{{.*}}: tensor<?xi64>, %[[L:.*]]: tensor<?xi64>, %{{.*}}: tensor<?xf32>, %{{.*}}: tensor<9xf32>, %{{.*}}: tensor<?x?xf32>, %[[N:.*]]: tensor<?xi64>):
// CHECK: %[[LENGTH:.*]] = arith.maxsi %[[L]], %[[N]]
// CHECK: seq.require_length %[[LENGTH]] at_least 1 for "max"
func.func @main(%t: tensor<?xi64> {seq.input = "t", seq.axes = array<i64: 0>},
                %m: tensor<?xf32> {seq.input = "m", seq.axes = array<i64: 1>},
                %e: tensor<9xf32> {seq.param = "e"}) -> tensor<f32> {
  %zero = arith.constant dense<0.0> : tensor<f32>
  %last = seq.scan sequences(%t : tensor<?xi64>) states(%zero : tensor<f32>) invariants(%e, %m : tensor<9xf32>, tensor<?xf32>) -> tensor<f32> {
  ^bb0(%t_t: tensor<i64>, %s: tensor<f32>, %e1: tensor<9xf32>, %m1: tensor<?xf32>):
    %row = seq.gather %e1[%t_t] : tensor<9xf32>, tensor<i64> -> tensor<f32>
    %max = seq.reduce max %m1 axis 0 : tensor<?xf32> -> tensor<f32>
    %sum = arith.addf %row, %max : tensor<f32>
    %next = arith.addf %sum, %s : tensor<f32>
    seq.yield %next : tensor<f32>
  }
  return %last : tensor<f32>
}

// -----

// Steps inside steps: a row of the inner loop must take part in both.
// CHECK-LABEL: func @main(
// CHECK: %[[OUTER:.*]] = seq.mask %{{.*}} axis 1 lengths(%[[NT:.*]] : tensor<?xi64>) fill 9223372036854775807
// CHECK: seq.scan axis 1 sequences(%{{.*}}, %[[OUTER]]
// CHECK: ^bb0(%{{.*}}: tensor<?xf32>, %[[O:[a-z0-9]*]]: tensor<?xi64>,
// CHECK: %[[INNER:.*]] = seq.mask %{{.*}} axis 1 lengths(%{{.*}} : tensor<?xi64>) fill 9223372036854775807
// CHECK: %[[AROUND:.*]] = seq.broadcast %[[O]] sizes({{.*}}) dims [0] : tensor<?xi64> -> tensor<?x?xi64>
// CHECK: arith.maxsi %[[INNER]], %[[AROUND]]
func.func @main(%x: tensor<?xf32> {seq.input = "x", seq.axes = array<i64: 0>},
                %y: tensor<?xf32> {seq.input = "y", seq.axes = array<i64: 1>},
                %m: tensor<?xf32> {seq.input = "m", seq.axes = array<i64: 2>}) -> tensor<f32> {
  %zero = arith.constant dense<0.0> : tensor<f32>
  %last = seq.scan sequences(%x : tensor<?xf32>) states(%zero : tensor<f32>) invariants(%y, %m : tensor<?xf32>, tensor<?xf32>) -> tensor<f32> {
  ^bb0(%x_t: tensor<f32>, %s: tensor<f32>, %y1: tensor<?xf32>, %m1: tensor<?xf32>):
    %inner = seq.scan sequences(%y1 : tensor<?xf32>) states(%s : tensor<f32>) invariants(%m1 : tensor<?xf32>) -> tensor<f32> {
    ^bb0(%y_t: tensor<f32>, %r: tensor<f32>, %m2: tensor<?xf32>):
      %max = seq.reduce max %m2 axis 0 : tensor<?xf32> -> tensor<f32>
      %sum = arith.addf %r, %max : tensor<f32>
      seq.yield %sum : tensor<f32>
    }
    seq.yield %inner : tensor<f32>
  }
  return %last : tensor<f32>
}

// -----

// What is inside another dimension stands in front of it: it is masked with
// the axes in order, and turned back.
// CHECK-LABEL: func @main(
// CHECK-SAME: %[[X:.*]]: tensor<?x?x?xf32> {{{.*}}seq.input = "x"}, %{{.*}}: tensor<?xi64> {seq.lengths = 0 : i64}, %[[NT:.*]]: tensor<?x?xi64> {seq.lengths = 1 : i64})
// CHECK: %[[TURNED:.*]] = seq.transpose %[[X]] [0, 2, 1]
// CHECK: %[[ORDERED:.*]] = seq.transpose %[[TURNED]] [0, 2, 1]
// CHECK: %[[MASKED:.*]] = seq.mask %[[ORDERED]] axis 2 lengths(%[[NT]] : tensor<?x?xi64>)
// CHECK: %[[BACK:.*]] = seq.transpose %[[MASKED]] [0, 2, 1]
// CHECK: seq.reduce sum %[[BACK]] axis 1
func.func @main(%x: tensor<?x?xf32> {seq.input = "x", seq.axes = array<i64: 0, 1>}) -> tensor<?xf32> {
  %t = seq.transpose %x [1, 0] : tensor<?x?xf32> -> tensor<?x?xf32>
  %s = seq.reduce sum %t axis 0 : tensor<?x?xf32> -> tensor<?xf32>
  return %s : tensor<?xf32>
}

// -----

// All rows walk all segments: the loop inside has no step where a row has no
// such segment.
// CHECK-LABEL: func @main(
// CHECK: seq.scan axis 1 sequences(%{{.*}}) states(%{{.*}} : tensor<?x2xf32>) attributes {seq.segments}
// CHECK: seq.scan axis 1 {{.*}} lengths(
func.func @main(%x: tensor<?x2xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>}) -> tensor<2xf32> {
  %zero = arith.constant dense<0.0> : tensor<2xf32>
  %c0 = arith.constant 0 : index
  %t = tensor.dim %x, %c0 : tensor<?x2xf32>
  %n = seq.iota size(%t) : tensor<?xi64>
  %w = seq.windows %x axis 0 size 3 stride 1 before 1 after 1 : tensor<?x2xf32> -> tensor<?x3x2xf32>
  %h = seq.scan sequences(%w, %n : tensor<?x3x2xf32>, tensor<?xi64>) states(%zero : tensor<2xf32>) attributes {seq.segments} -> tensor<2xf32> {
  ^bb0(%p: tensor<3x2xf32>, %count: tensor<i64>, %s: tensor<2xf32>):
    %i = seq.scan sequences(%p : tensor<3x2xf32>) states(%s : tensor<2xf32>) lengths(%count : tensor<i64>) -> tensor<2xf32> {
    ^bb0(%e: tensor<2xf32>, %a: tensor<2xf32>):
      %m = arith.mulf %e, %a : tensor<2xf32>
      seq.yield %m : tensor<2xf32>
    }
    seq.yield %i : tensor<2xf32>
  }
  return %h : tensor<2xf32>
}
