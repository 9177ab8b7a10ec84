// RUN: seq-opt %s --seq-outline-pack --split-input-file | FileCheck %s

// A sum of parameters is packed, a parameter that is read as it is too; the
// number is that of the first use. The unused one stays a parameter of @pack.
// CHECK-LABEL: func @main(
// CHECK-SAME: %[[X:.*]]: tensor<?x3xf32> {seq.input = "x"}, %[[H:.*]]: tensor<?x3xf32> {seq.state = "h"}, %[[P0:.*]]: tensor<3x3xf32> {seq.packed = 0 : i64}, %[[P1:.*]]: tensor<3xf32> {seq.packed = 1 : i64})
// CHECK-NEXT: seq.contract %[[X]] [1], %[[P0]] [1]
// CHECK-NEXT: arith.constant
// CHECK-NEXT: tensor.dim %[[X]]
// CHECK-NEXT: seq.broadcast %[[P1]]
// CHECK-LABEL: func @pack(
// CHECK-SAME: %[[A:.*]]: tensor<3xf32> {seq.param = "a"}, %[[W:.*]]: tensor<3x3xf32> {seq.param = "w"}, %[[B:.*]]: tensor<3xf32> {seq.param = "b"}, %{{.*}}: tensor<7xf32> {seq.param = "unused"})
// CHECK-SAME: -> (tensor<3x3xf32> {seq.packed = 0 : i64}, tensor<3xf32> {seq.packed = 1 : i64}, tensor<3xf32> {seq.initial = 0 : i64, seq.state = "h"})
// CHECK: %[[S:.*]] = arith.addf %[[A]], %[[B]]
// CHECK: %[[E:.*]] = math.exp %[[A]]
// CHECK: return %[[W]], %[[S]], %[[E]]
// CHECK-NOT: func @init
func.func @main(%a: tensor<3xf32> {seq.param = "a"}, %h: tensor<?x3xf32> {seq.state = "h"}, %x: tensor<?x3xf32> {seq.input = "x"},
                %w: tensor<3x3xf32> {seq.param = "w"}, %b: tensor<3xf32> {seq.param = "b"}, %u: tensor<7xf32> {seq.param = "unused"})
                -> (tensor<?x3xf32>, tensor<?x3xf32> {seq.state = "h"}) {
  %s = arith.addf %a, %b : tensor<3xf32>
  %p = seq.contract %x [1], %w [1] : tensor<?x3xf32>, tensor<3x3xf32> -> tensor<?x3xf32>
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x3xf32>
  %t = seq.broadcast %s sizes(%n) dims [1] : tensor<3xf32> -> tensor<?x3xf32>
  %y = arith.addf %p, %t : tensor<?x3xf32>
  %z = arith.addf %y, %h : tensor<?x3xf32>
  return %y, %z : tensor<?x3xf32>, tensor<?x3xf32>
}
func.func @init(%a: tensor<3xf32> {seq.param = "a"}) -> (tensor<3xf32> {seq.state = "h"}) {
  %e = math.exp %a : tensor<3xf32>
  return %e : tensor<3xf32>
}

// -----

// Nothing depends on parameters alone, and constants are no parameters.
// CHECK-LABEL: func @main(
// CHECK: arith.constant dense<2.0
// CHECK: arith.mulf
// CHECK: func @pack() {
func.func @main(%x: tensor<3xf32> {seq.input = "x"}) -> tensor<3xf32> {
  %c = arith.constant dense<2.0> : tensor<3xf32>
  %y = arith.mulf %x, %c : tensor<3xf32>
  return %y : tensor<3xf32>
}

// -----

// The weights of a scan are its invariants; one made of two is made in @pack.
// CHECK-LABEL: func @main(
// CHECK: seq.scan {{.*}} invariants(%[[P:.*]] : tensor<4x3xf32>)
// CHECK: func @pack
// CHECK: seq.concat
func.func @main(%x: tensor<?x3xf32> {seq.input = "x"}, %a: tensor<2x3xf32> {seq.param = "a"}, %b: tensor<2x3xf32> {seq.param = "b"}, %h0: tensor<4xf32> {seq.state = "h"}) -> tensor<4xf32> {
  %w = seq.concat %a, %b axis 0 : tensor<2x3xf32>, tensor<2x3xf32> -> tensor<4x3xf32>
  %h = seq.scan sequences(%x : tensor<?x3xf32>) states(%h0 : tensor<4xf32>) invariants(%w : tensor<4x3xf32>) -> tensor<4xf32> {
  ^bb0(%x_t: tensor<3xf32>, %h: tensor<4xf32>, %w1: tensor<4x3xf32>):
    %p = seq.contract %w1 [1], %x_t [0] : tensor<4x3xf32>, tensor<3xf32> -> tensor<4xf32>
    %n = arith.addf %p, %h : tensor<4xf32>
    seq.yield %n : tensor<4xf32>
  }
  return %h : tensor<4xf32>
}
