// RUN: seq-opt %s --seq-unroll-time="factor=4 max-width=8 max-full=3" | FileCheck %s

// CHECK-LABEL: func @literal_length_backwards(
// CHECK-SAME: %[[X:.*]]: tensor<2x3xf32>, %[[H:.*]]: tensor<3xf32>
// CHECK-NEXT: %[[X1:.*]] = seq.at %[[X]] axis 0 index 1
// CHECK-NEXT: %[[S1:.*]] = arith.subf %[[H]], %[[X1]]
// CHECK-NEXT: %[[X0:.*]] = seq.at %[[X]] axis 0 index 0
// CHECK-NEXT: %[[S0:.*]] = arith.subf %[[S1]], %[[X0]]
// CHECK-NEXT: %[[L0:.*]] = seq.broadcast %[[S0]] dims [1] : tensor<3xf32> -> tensor<1x3xf32>
// CHECK-NEXT: %[[L1:.*]] = seq.broadcast %[[S1]]
// CHECK-NEXT: %[[Y:.*]] = seq.concat %[[L0]], %[[L1]] axis 0
// CHECK-NEXT: return %[[S0]], %[[Y]]
func.func @literal_length_backwards(%x: tensor<2x3xf32>, %h0: tensor<3xf32>) -> (tensor<3xf32>, tensor<2x3xf32>) {
  %h, %y = seq.scan reverse sequences(%x : tensor<2x3xf32>) states(%h0 : tensor<3xf32>) -> tensor<3xf32>, tensor<2x3xf32> {
  ^bb0(%x_t: tensor<3xf32>, %s: tensor<3xf32>):
    %n = arith.subf %s, %x_t : tensor<3xf32>
    seq.yield %n, %n : tensor<3xf32>, tensor<3xf32>
  }
  return %h, %y : tensor<3xf32>, tensor<2x3xf32>
}

// Rows that end early and long loops stay loops; only a tiny body is marked.
// CHECK-LABEL: func @loops(
// CHECK: seq.scan axis 1 {{.*}}lengths(%{{.*}}attributes {seq.unroll = 4 : i64}
// CHECK: seq.scan sequences(%{{.*}} : tensor<?x9xf32>)
// CHECK-NOT: seq.unroll
// CHECK: return
func.func @loops(%x: tensor<?x2x3xf32>, %h0: tensor<?x3xf32>, %n: tensor<?xi64>, %z: tensor<?x9xf32>, %g0: tensor<9xf32>) -> (tensor<?x3xf32>, tensor<9xf32>) {
  %h = seq.scan axis 1 sequences(%x : tensor<?x2x3xf32>) states(%h0 : tensor<?x3xf32>) lengths(%n : tensor<?xi64>) -> tensor<?x3xf32> {
  ^bb0(%x_t: tensor<?x3xf32>, %s: tensor<?x3xf32>):
    %n1 = arith.subf %s, %x_t : tensor<?x3xf32>
    seq.yield %n1 : tensor<?x3xf32>
  }
  %g = seq.scan sequences(%z : tensor<?x9xf32>) states(%g0 : tensor<9xf32>) -> tensor<9xf32> {
  ^bb0(%z_t: tensor<9xf32>, %s: tensor<9xf32>):
    %n1 = arith.subf %s, %z_t : tensor<9xf32>
    seq.yield %n1 : tensor<9xf32>
  }
  return %h, %g : tensor<?x3xf32>, tensor<9xf32>
}

// A short loop inside a long one: straight-line code in the long one's body.
// CHECK-LABEL: func @nested(
// CHECK: seq.scan
// CHECK: seq.at
// CHECK: seq.at
// CHECK-NOT: seq.scan
// CHECK: return
func.func @nested(%x: tensor<?x2x3xf32>, %h0: tensor<3xf32>) -> tensor<3xf32> {
  %h = seq.scan sequences(%x : tensor<?x2x3xf32>) states(%h0 : tensor<3xf32>) -> tensor<3xf32> {
  ^bb0(%w: tensor<2x3xf32>, %s: tensor<3xf32>):
    %f = seq.scan sequences(%w : tensor<2x3xf32>) states(%s : tensor<3xf32>) -> tensor<3xf32> {
    ^bb0(%x_t: tensor<3xf32>, %t: tensor<3xf32>):
      %n = arith.subf %t, %x_t : tensor<3xf32>
      seq.yield %n : tensor<3xf32>
    }
    seq.yield %f : tensor<3xf32>
  }
  return %h : tensor<3xf32>
}
