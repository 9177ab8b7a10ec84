// RUN: seq-opt %s --seq-draw-dropout --split-input-file | FileCheck %s

// Positions of a sequence are times, what stands at each are elements.
// CHECK-LABEL: func @sequence(
// CHECK-SAME: %[[X:.*]]: tensor<?x2xf32>
// CHECK: %[[T:.*]] = seq.iota size(%{{.*}}) : tensor<?xi64>
// CHECK: %[[U:.*]] = seq.uniform time(%[[T]] : tensor<?xi64>) site 3 -> tensor<?x2xf32>
// CHECK: %[[D:.*]] = arith.cmpf olt, %[[U]], %{{.*}}
// CHECK: %[[S:.*]] = arith.mulf %[[X]], %{{.*}}
// CHECK: arith.select %[[D]], %{{.*}}, %[[S]]
func.func @sequence(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %y = seq.dropout %x rate 0.5 site 3 : tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

// -----

// In a loop the time is the step's position, whichever way it runs; one mask for
// all steps has time 0.
// CHECK-LABEL: func @steps(
// CHECK: %[[T:.*]] = seq.iota size(%{{.*}}) : tensor<?xi64>
// CHECK: seq.scan reverse sequences(%{{.*}}, %[[T]] : tensor<?x2xf32>, tensor<?xi64>)
// CHECK-NEXT: ^bb0(%{{.*}}: tensor<2xf32>, %[[AT:.*]]: tensor<i64>, %{{.*}}: tensor<2xf32>):
// CHECK: seq.uniform time(%[[AT]] : tensor<i64>) site 1 -> tensor<2xf32>
// CHECK: %[[ZERO:.*]] = arith.constant dense<0> : tensor<i64>
// CHECK: seq.uniform time(%[[ZERO]] : tensor<i64>) site 2 -> tensor<2xf32>
func.func @steps(%x: tensor<?x2xf32>, %h0: tensor<2xf32>) -> tensor<2xf32> {
  %h = seq.scan reverse sequences(%x : tensor<?x2xf32>) states(%h0 : tensor<2xf32>) -> tensor<2xf32> {
  ^bb0(%e: tensor<2xf32>, %s: tensor<2xf32>):
    %d = seq.dropout %s rate 0.25 site 1 : tensor<2xf32>
    %o = seq.dropout %d rate 0.25 site 2 once : tensor<2xf32>
    %n = arith.addf %o, %e : tensor<2xf32>
    seq.yield %n : tensor<2xf32>
  }
  return %h : tensor<2xf32>
}

// -----

// A position inside another one.
// CHECK-LABEL: func @nested(
// CHECK: seq.map sequences(%{{.*}}, %{{.*}} : tensor<?x?x3xf32>, tensor<?xi64>)
// CHECK-NEXT: ^bb0(%{{.*}}: tensor<?x3xf32>, %[[WORD:.*]]: tensor<i64>, %{{.*}}: tensor<3xf32>):
// CHECK: seq.scan {{.*}} invariants(%[[WORD]] : tensor<i64>)
// CHECK-NEXT: ^bb0(%{{.*}}: tensor<3xf32>, %[[IN:.*]]: tensor<i64>, %{{.*}}: tensor<3xf32>, %[[OUT:.*]]: tensor<i64>):
// CHECK: %[[FAR:.*]] = arith.constant dense<65536>
// CHECK: %[[BEFORE:.*]] = arith.muli %[[OUT]], %[[FAR]]
// CHECK: %[[AT:.*]] = arith.addi %[[BEFORE]], %[[IN]]
// CHECK: seq.uniform time(%[[AT]] : tensor<i64>)
func.func @nested(%x: tensor<?x?x3xf32>, %h0: tensor<3xf32>) -> tensor<?x3xf32> {
  %y = seq.map sequences(%x : tensor<?x?x3xf32>) invariants(%h0 : tensor<3xf32>) -> tensor<?x3xf32> {
  ^bb0(%w: tensor<?x3xf32>, %z: tensor<3xf32>):
    %h = seq.scan sequences(%w : tensor<?x3xf32>) states(%z : tensor<3xf32>) -> tensor<3xf32> {
    ^bb0(%e: tensor<3xf32>, %s: tensor<3xf32>):
      %d = seq.dropout %s rate 0.5 site 0 : tensor<3xf32>
      seq.yield %d : tensor<3xf32>
    }
    seq.yield %h : tensor<3xf32>
  }
  return %y : tensor<?x3xf32>
}

// -----

// Nothing is drawn where nothing or everything is dropped; one mask is repeated;
// elements may stand in front of times.
// CHECK-LABEL: func @edges(
// CHECK-SAME: %[[X:.*]]: tensor<?x2xf32>, %{{.*}}: tensor<2x?x3xf32>)
// CHECK-NOT: seq.uniform {{.*}} site 0
// CHECK-NOT: seq.uniform {{.*}} site 1
// CHECK: %[[U:.*]] = seq.uniform time(%{{.*}} : tensor<i64>) site 2 -> tensor<2xf32>
// CHECK: seq.broadcast %[[U]] sizes(%{{.*}}) dims [1] : tensor<2xf32> -> tensor<?x2xf32>
// CHECK: %[[V:.*]] = seq.uniform time(%{{.*}} : tensor<?xi64>) site 3 -> tensor<?x2x3xf32>
// CHECK: seq.transpose %[[V]] [1, 0, 2]
// CHECK: return %[[X]], %
func.func @edges(%x: tensor<?x2xf32>, %y: tensor<2x?x3xf32>) -> (tensor<?x2xf32>, tensor<?x2xf32>, tensor<?x2xf32>, tensor<2x?x3xf32>) {
  %a = seq.dropout %x rate 0.0 site 0 : tensor<?x2xf32>
  %b = seq.dropout %x rate 1.0 site 1 : tensor<?x2xf32>
  %c = seq.dropout %x rate 0.5 site 2 once : tensor<?x2xf32>
  %d = seq.dropout %y rate 0.5 site 3 : tensor<2x?x3xf32>
  return %a, %b, %c, %d : tensor<?x2xf32>, tensor<?x2xf32>, tensor<?x2xf32>, tensor<2x?x3xf32>
}

// -----

// Dynamic axes of the operand are times inside each other.
// CHECK-LABEL: func @two_axes(
// CHECK: %[[OUT:.*]] = seq.iota
// CHECK: %[[FAR:.*]] = seq.broadcast %[[OUT]] sizes(%{{.*}}) dims [0] : tensor<?xi64> -> tensor<?x?xi64>
// CHECK: %[[IN:.*]] = seq.broadcast %{{.*}} sizes(%{{.*}}) dims [1] : tensor<?xi64> -> tensor<?x?xi64>
// CHECK: %[[B:.*]] = arith.muli %[[FAR]], %{{.*}}
// CHECK: %[[T:.*]] = arith.addi %[[B]], %[[IN]]
// CHECK: seq.uniform time(%[[T]] : tensor<?x?xi64>) site 0 -> tensor<?x?xf32>
func.func @two_axes(%x: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %y = seq.dropout %x rate 0.5 site 0 : tensor<?x?xf32>
  return %y : tensor<?x?xf32>
}
