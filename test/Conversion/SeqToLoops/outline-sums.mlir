// RUN: seq-opt %s --seq-outline-sums --split-input-file | FileCheck %s

// What a row computes stays; the sum moves, and reads what it needs of @main as
// an argument. A mask of the operand is part of it: padding is never read, and
// the sum is told the dimension at whose lengths its rows end.
// CHECK-LABEL: func @main(
// CHECK-SAME: %[[X:.*]]: tensor<?x?x3xf32> {{.*}}, %[[N:.*]]: tensor<?xi64>
// CHECK-SAME: -> (tensor<?xf32> {seq.output = "loss"}, tensor<?x?x2xf32> {seq.kept = 0 : i64}, tensor<?x?x3xf32> {seq.kept = 1 : i64})
// CHECK: %[[D:.*]] = arith.negf
// CHECK: %[[M:.*]] = seq.mask %[[X]] axis 1
// CHECK-NOT: seq.contract
// CHECK: return %{{.*}}, %[[D]], %[[M]]
// CHECK-LABEL: func @sums(
// CHECK-SAME: %[[D:[a-z0-9]*]]: tensor<?x?x2xf32> {seq.kept = 0 : i64}, %[[M:.*]]: tensor<?x?x3xf32> {seq.kept = 1 : i64})
// CHECK-SAME: -> (tensor<2x3xf32> {seq.gradient = "w", seq.of = "param", seq.place = 1 : i64})
// CHECK-NEXT: %[[G:.*]] = seq.contract %[[D]] [0, 1], %[[M]] [0, 1] {seq.lengths = 0 : i64}
// CHECK-NEXT: return %[[G]]
func.func @main(%x: tensor<?x?x3xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>},
                %y: tensor<?x?x2xf32> {seq.input = "y", seq.axes = array<i64: 0, -1>},
                %n: tensor<?xi64> {seq.lengths = 0})
    -> (tensor<?xf32> {seq.output = "loss"}, tensor<2x3xf32> {seq.gradient = "w", seq.of = "param"}) {
  %d = arith.negf %y : tensor<?x?x2xf32>
  %r = seq.reduce sum %d axis 2 : tensor<?x?x2xf32> -> tensor<?x?xf32>
  %loss = seq.reduce sum %r axis 1 : tensor<?x?xf32> -> tensor<?xf32>
  %m = seq.mask %x axis 1 lengths(%n : tensor<?xi64>) fill 0.0 : f32 : tensor<?x?x3xf32>
  %g = seq.contract %d [0, 1], %m [0, 1] : tensor<?x?x2xf32>, tensor<?x?x3xf32> -> tensor<2x3xf32>
  return %loss, %g : tensor<?xf32>, tensor<2x3xf32>
}

// -----

// What follows from sums moves too; what all rows share is computed in both, if
// both need it. An input is read where it is.
// CHECK-LABEL: func @main(
// CHECK-SAME: -> (tensor<?x2xf32> {seq.gradient = "x", seq.of = "input", seq.place = 0 : i64})
// CHECK: seq.contract
// CHECK-LABEL: func @sums(
// CHECK-SAME: %[[X:.*]]: tensor<?x2xf32> {{.*}}, %[[P:.*]]: tensor<2xf32> {seq.packed = 0 : i64})
// CHECK-SAME: -> (tensor<2xf32> {seq.gradient = "w", seq.of = "param", seq.place = 1 : i64})
// CHECK-NEXT: %[[E:.*]] = math.exp %[[P]]
// CHECK-NEXT: %[[S:.*]] = seq.reduce sum %[[X]] axis 0
// CHECK-NEXT: %[[G:.*]] = arith.mulf %[[S]], %[[E]]
// CHECK-NEXT: return %[[G]]
func.func @main(%x: tensor<?x2xf32> {seq.input = "x"}, %p: tensor<2xf32> {seq.packed = 0})
    -> (tensor<?x2xf32> {seq.gradient = "x", seq.of = "input"}, tensor<2xf32> {seq.gradient = "w", seq.of = "param"}) {
  %e = math.exp %p : tensor<2xf32>
  %dx = seq.contract %x [1], %e [0] : tensor<?x2xf32>, tensor<2xf32> -> tensor<?xf32>
  %c0 = arith.constant 0 : index
  %b = tensor.dim %x, %c0 : tensor<?x2xf32>
  %dy = seq.broadcast %dx dims [0] : tensor<?xf32> -> tensor<?x2xf32>
  %s = seq.reduce sum %x axis 0 : tensor<?x2xf32> -> tensor<2xf32>
  %g = arith.mulf %s, %e : tensor<2xf32>
  return %dy, %g : tensor<?x2xf32>, tensor<2xf32>
}

// -----

// One form: what is summed first, the rows before all, one axis behind; a
// transposed result swaps the operands. A part of what a scan gives is read out
// of the whole.
// CHECK-LABEL: func @main(
// CHECK-SAME: tensor<?x?x4xf32> {seq.kept = 0 : i64}, tensor<?x?x6xf32> {seq.kept = 1 : i64})
// CHECK: seq.scan
// CHECK: seq.transpose %{{.*}} [0, 2, 1]
// CHECK-LABEL: func @sums(
// CHECK-SAME: %[[T:[a-z0-9]*]]: tensor<?x?x4xf32> {seq.kept = 0 : i64}, %[[Y:.*]]: tensor<?x?x6xf32> {seq.kept = 1 : i64})
// CHECK: %[[S:.*]] = seq.slice %[[Y]] axis 2 offset 2
// CHECK: %[[G:.*]] = seq.contract %[[T]] [0, 1], %[[S]] [0, 1]
// CHECK: return %[[G]]
func.func @main(%x: tensor<?x?x6xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>},
                %u: tensor<?x4x?xf32> {seq.input = "u", seq.axes = array<i64: -1, 0>})
    -> (tensor<4x3xf32> {seq.gradient = "w", seq.of = "param"}) {
  %zero = arith.constant dense<0.0> : tensor<f32>
  %c0 = arith.constant 0 : index
  %b = tensor.dim %x, %c0 : tensor<?x?x6xf32>
  %h0 = seq.broadcast %zero sizes(%b) dims [] : tensor<f32> -> tensor<?x6xf32>
  %h, %y = seq.scan axis 1 sequences(%x : tensor<?x?x6xf32>) states(%h0 : tensor<?x6xf32>) -> tensor<?x6xf32>, tensor<?x?x6xf32> {
  ^bb0(%x_t: tensor<?x6xf32>, %s: tensor<?x6xf32>):
    %n = arith.addf %s, %x_t : tensor<?x6xf32>
    seq.yield %n, %n : tensor<?x6xf32>, tensor<?x6xf32>
  }
  %turned = seq.transpose %u [1, 2, 0] : tensor<?x4x?xf32> -> tensor<4x?x?xf32>
  %part = seq.slice %y axis 2 offset 2 : tensor<?x?x6xf32> -> tensor<?x?x3xf32>
  %g = seq.contract %part [1, 0], %turned [1, 2] : tensor<?x?x3xf32>, tensor<4x?x?xf32> -> tensor<3x4xf32>
  %w = seq.transpose %g [1, 0] : tensor<3x4xf32> -> tensor<4x3xf32>
  return %w : tensor<4x3xf32>
}

// -----

// Axes behind what is summed are joined for the product.
// CHECK-LABEL: func @main(
// CHECK-SAME: -> (tensor<?x6xf32> {seq.kept = 0 : i64})
// CHECK: seq.reshape %{{.*}} : tensor<?x3x2xf32> -> tensor<?x6xf32>
// CHECK-LABEL: func @sums(
// CHECK: %[[G:.*]] = seq.contract %{{.*}} [0], %{{.*}} [0] : tensor<?x4xf32>, tensor<?x6xf32> -> tensor<4x6xf32>
// CHECK: seq.reshape %[[G]] : tensor<4x6xf32> -> tensor<4x3x2xf32>
func.func @main(%x: tensor<?x4xf32> {seq.input = "x"}, %u: tensor<?x3x2xf32> {seq.input = "u"})
    -> (tensor<4x3x2xf32> {seq.gradient = "w", seq.of = "param"}) {
  %g = seq.contract %x [0], %u [0] : tensor<?x4xf32>, tensor<?x3x2xf32> -> tensor<4x3x2xf32>
  return %g : tensor<4x3x2xf32>
}

// -----

// Without the gradient of a parameter there is nothing to move.
// CHECK-LABEL: func @main(
// CHECK: seq.gradient = "x", seq.of = "input"}
// CHECK-NOT: @sums
func.func @main(%x: tensor<?x2xf32> {seq.input = "x"}) -> (tensor<?x2xf32> {seq.gradient = "x", seq.of = "input"}) {
  %y = arith.negf %x : tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

// -----

// A loop that adds up over its rows gives one sum for each tile of rows. What it
// adds has the form that has a kernel.
// CHECK-LABEL: func @main(
// CHECK-SAME: -> (tensor<1x2x3xf32> {seq.kept = 0 : i64})
// CHECK: %[[S:.*]] = seq.scan axis 1
// CHECK: seq.transpose %{{.*}} [0, 2, 1]
// CHECK: seq.contract %{{.*}} [0, 1], %{{.*}} [0, 1]
// CHECK: %[[K:.*]] = seq.broadcast %[[S]] dims [1, 2]
// CHECK: return %[[K]]
// CHECK-LABEL: func @sums(
// CHECK-SAME: %[[K:[a-z0-9]*]]: tensor<?x2x3xf32> {seq.kept = 0 : i64})
// CHECK-NEXT: %[[W:.*]] = seq.reduce sum %[[K]] axis 0
// CHECK-NEXT: return %[[W]]
func.func @main(%x: tensor<?x?x4x3xf32> {seq.input = "x", seq.axes = array<i64: 0, -1, -1>},
                %d: tensor<?x?x2x4xf32> {seq.input = "d", seq.axes = array<i64: 0, -1, -1>})
    -> (tensor<2x3xf32> {seq.gradient = "w", seq.of = "param"}) {
  %zero = arith.constant dense<0.0> : tensor<2x3xf32>
  %s = seq.scan axis 1 sequences(%x, %d : tensor<?x?x4x3xf32>, tensor<?x?x2x4xf32>) states(%zero : tensor<2x3xf32>)
      attributes {seq.segments} -> tensor<2x3xf32> {
  ^bb0(%x_t: tensor<?x4x3xf32>, %d_t: tensor<?x2x4xf32>, %a: tensor<2x3xf32>):
    %g = seq.contract %d_t [0, 2], %x_t [0, 1] : tensor<?x2x4xf32>, tensor<?x4x3xf32> -> tensor<2x3xf32>
    %n = arith.addf %a, %g : tensor<2x3xf32>
    seq.yield %n : tensor<2x3xf32>
  }
  return %s : tensor<2x3xf32>
}
