// RUN: seq-opt %s --seq-invert-roots --canonicalize | FileCheck %s

// One inverse for all that is divided by one root.
// CHECK-LABEL: func @both(
// CHECK-SAME: %[[X:.*]]: tensor<4xf32>, %[[Y:.*]]: tensor<4xf32>, %[[V:.*]]: tensor<f32>
// CHECK-NEXT: %[[S:.*]] = math.rsqrt %[[V]] : tensor<f32>
// CHECK-NEXT: %[[R:.*]] = seq.broadcast %[[S]] dims [] : tensor<f32> -> tensor<4xf32>
// CHECK-NEXT: %[[P:.*]] = arith.mulf %[[X]], %[[R]]
// CHECK-NEXT: %[[Q:.*]] = arith.mulf %[[Y]], %[[R]]
// CHECK-NEXT: return %[[P]], %[[Q]]
func.func @both(%x: tensor<4xf32>, %y: tensor<4xf32>, %v: tensor<f32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %s = math.sqrt %v : tensor<f32>
  %r = seq.broadcast %s dims [] : tensor<f32> -> tensor<4xf32>
  %p = arith.divf %x, %r : tensor<4xf32>
  %q = arith.divf %y, %r : tensor<4xf32>
  return %p, %q : tensor<4xf32>, tensor<4xf32>
}

// In a loop, by rows of unknown number.
// CHECK-LABEL: func @rows(
// CHECK: seq.scan
// CHECK: %[[S:.*]] = math.rsqrt %{{.*}} : tensor<?xf32>
// CHECK: seq.broadcast %[[S]] dims [0] : tensor<?xf32> -> tensor<?x4xf32>
// CHECK: arith.mulf
// CHECK-NOT: arith.divf
func.func @rows(%x: tensor<?x?x4xf32>, %h: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %f = seq.scan axis 1 sequences(%x : tensor<?x?x4xf32>) states(%h : tensor<?x4xf32>) -> tensor<?x4xf32> {
  ^bb0(%e: tensor<?x4xf32>, %s: tensor<?x4xf32>):
    %v = seq.reduce sum %s axis 1 : tensor<?x4xf32> -> tensor<?xf32>
    %r = math.sqrt %v : tensor<?xf32>
    %b = seq.broadcast %r dims [0] : tensor<?xf32> -> tensor<?x4xf32>
    %n = arith.divf %e, %b : tensor<?x4xf32>
    seq.yield %n : tensor<?x4xf32>
  }
  return %f : tensor<?x4xf32>
}

// A root for each element is divided by as before; so is what may have no
// inverse.
// CHECK-LABEL: func @stays(
// CHECK: %[[R:.*]] = math.sqrt
// CHECK: arith.divf %{{.*}}, %[[R]]
// CHECK: %[[B:.*]] = seq.broadcast
// CHECK: arith.divf %{{.*}}, %[[B]]
func.func @stays(%x: tensor<4xf32>, %y: tensor<4xf32>, %v: tensor<f32>) -> tensor<4xf32> {
  %r = math.sqrt %y : tensor<4xf32>
  %p = arith.divf %x, %r : tensor<4xf32>
  %b = seq.broadcast %v dims [] : tensor<f32> -> tensor<4xf32>
  %q = arith.divf %p, %b : tensor<4xf32>
  return %q : tensor<4xf32>
}
