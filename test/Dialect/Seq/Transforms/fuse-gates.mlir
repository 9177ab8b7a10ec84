// RUN: seq-opt %s --seq-fuse-gates --split-input-file | FileCheck %s

// The projections of two directions stay apart: each loop makes its own as it
// goes.
// CHECK-LABEL: func @directions(
// CHECK-NOT: seq.concat
// CHECK: %[[F:.*]] = seq.contract %{{.*}} [2], %{{.*}} [1] : tensor<?x?x3xf32>, tensor<4x3xf32> -> tensor<?x?x4xf32>
// CHECK: %[[SF:.*]] = arith.addf %[[F]]
// CHECK: seq.scan axis 1 sequences(%[[SF]] : tensor<?x?x4xf32>)
// CHECK: %[[B:.*]] = seq.contract %{{.*}} [2], %{{.*}} [1] : tensor<?x?x3xf32>, tensor<4x3xf32> -> tensor<?x?x4xf32>
// CHECK: %[[SB:.*]] = arith.addf %[[B]]
// CHECK: seq.scan reverse axis 1 sequences(%[[SB]] : tensor<?x?x4xf32>)
func.func @directions(%x: tensor<?x?x3xf32>, %h0: tensor<?x4xf32>, %b: index, %t: index,
    %wf: tensor<4x3xf32> {seq.param = "wf"}, %wb: tensor<4x3xf32> {seq.param = "wb"},
    %bf: tensor<4xf32> {seq.param = "bf"}, %bb: tensor<4xf32> {seq.param = "bb"}) -> (tensor<?x4xf32>, tensor<?x4xf32>) {
  %pf = seq.contract %x [2], %wf [1] : tensor<?x?x3xf32>, tensor<4x3xf32> -> tensor<?x?x4xf32>
  %cf = seq.broadcast %bf sizes(%b, %t) dims [2] : tensor<4xf32> -> tensor<?x?x4xf32>
  %sf = arith.addf %pf, %cf : tensor<?x?x4xf32>
  %hf = seq.scan axis 1 sequences(%sf : tensor<?x?x4xf32>) states(%h0 : tensor<?x4xf32>) -> tensor<?x4xf32> {
  ^bb0(%s_t: tensor<?x4xf32>, %h: tensor<?x4xf32>):
    %n = arith.addf %s_t, %h : tensor<?x4xf32>
    seq.yield %n : tensor<?x4xf32>
  }
  %pb = seq.contract %x [2], %wb [1] : tensor<?x?x3xf32>, tensor<4x3xf32> -> tensor<?x?x4xf32>
  %cb = seq.broadcast %bb sizes(%b, %t) dims [2] : tensor<4xf32> -> tensor<?x?x4xf32>
  %sb = arith.addf %pb, %cb : tensor<?x?x4xf32>
  %hb = seq.scan reverse axis 1 sequences(%sb : tensor<?x?x4xf32>) states(%h0 : tensor<?x4xf32>) -> tensor<?x4xf32> {
  ^bb0(%s_t: tensor<?x4xf32>, %h: tensor<?x4xf32>):
    %n = arith.addf %s_t, %h : tensor<?x4xf32>
    seq.yield %n : tensor<?x4xf32>
  }
  return %hf, %hb : tensor<?x4xf32>, tensor<?x4xf32>
}

// -----

// Those of one loop become one product with one bias; the loop takes the whole
// and reads its parts.
// CHECK-LABEL: func @gates(
// CHECK: %[[W:.*]] = seq.concat %{{.*}} axis 0 : tensor<4x3xf32>, tensor<4x3xf32> -> tensor<8x3xf32>
// CHECK: %[[P:.*]] = seq.contract %{{.*}} [2], %[[W]] [1] : tensor<?x?x3xf32>, tensor<8x3xf32> -> tensor<?x?x8xf32>
// CHECK: %[[B:.*]] = seq.concat %{{.*}} axis 0 : tensor<4xf32>, tensor<4xf32> -> tensor<8xf32>
// CHECK: %[[T:.*]] = seq.broadcast %[[B]]
// CHECK: %[[S:.*]] = arith.addf %[[P]], %[[T]] : tensor<?x?x8xf32>
// CHECK: seq.scan axis 1 sequences(%[[S]] : tensor<?x?x8xf32>)
// CHECK-DAG: seq.slice %{{.*}} axis 1 offset 0
// CHECK-DAG: seq.slice %{{.*}} axis 1 offset 4
// CHECK-NOT: seq.contract
func.func @gates(%x: tensor<?x?x3xf32>, %h0: tensor<?x4xf32>, %b: index, %t: index,
    %wf: tensor<4x3xf32> {seq.param = "wf"}, %wg: tensor<4x3xf32> {seq.param = "wg"},
    %bf: tensor<4xf32> {seq.param = "bf"}) -> tensor<?x4xf32> {
  %pf = seq.contract %x [2], %wf [1] : tensor<?x?x3xf32>, tensor<4x3xf32> -> tensor<?x?x4xf32>
  %cf = seq.broadcast %bf sizes(%b, %t) dims [2] : tensor<4xf32> -> tensor<?x?x4xf32>
  %sf = arith.addf %pf, %cf : tensor<?x?x4xf32>
  %pg = seq.contract %x [2], %wg [1] : tensor<?x?x3xf32>, tensor<4x3xf32> -> tensor<?x?x4xf32>
  %h = seq.scan axis 1 sequences(%sf, %pg : tensor<?x?x4xf32>, tensor<?x?x4xf32>) states(%h0 : tensor<?x4xf32>) -> tensor<?x4xf32> {
  ^bb0(%s_t: tensor<?x4xf32>, %p_t: tensor<?x4xf32>, %h: tensor<?x4xf32>):
    %m = arith.mulf %p_t, %h : tensor<?x4xf32>
    %n = arith.addf %s_t, %m : tensor<?x4xf32>
    seq.yield %n : tensor<?x4xf32>
  }
  return %h : tensor<?x4xf32>
}

// -----

// Products with what is no parameter, and a product that is read as a whole,
// stay as they are.
// CHECK-LABEL: func @nothing_to_join(
// CHECK-NOT: seq.concat
// CHECK-COUNT-3: seq.contract
// CHECK-NOT: seq.contract
func.func @nothing_to_join(%x: tensor<?x3xf32>, %y: tensor<4x3xf32>, %z: tensor<4x3xf32>, %w: tensor<4x3xf32> {seq.param = "w"}) -> (tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x2xf32>) {
  %a = seq.contract %x [1], %y [1] : tensor<?x3xf32>, tensor<4x3xf32> -> tensor<?x4xf32>
  %b = seq.contract %x [1], %z [1] : tensor<?x3xf32>, tensor<4x3xf32> -> tensor<?x4xf32>
  %c = seq.contract %x [1], %w [1] : tensor<?x3xf32>, tensor<4x3xf32> -> tensor<?x4xf32>
  %d = seq.slice %c axis 1 offset 1 : tensor<?x4xf32> -> tensor<?x2xf32>
  return %a, %b, %c, %d : tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x2xf32>
}

// -----

// Gates of the inner loop of two become one; their weight is joined outside
// of both loops. A gate that the state goes through first has its own product.
// CHECK-LABEL: func @nested(
// CHECK: seq.concat
// CHECK: seq.scan
// CHECK: seq.scan
// CHECK: seq.contract %{{.*}} : tensor<?x4xf32>, tensor<8x4xf32> -> tensor<?x8xf32>
// CHECK: arith.mulf
// CHECK: seq.contract %{{.*}} : tensor<?x4xf32>, tensor<4x4xf32> -> tensor<?x4xf32>
// CHECK-NOT: seq.contract
func.func @nested(%x: tensor<?x?x?x4xf32>, %h0: tensor<?x4xf32>, %wr: tensor<4x4xf32> {seq.param = "wr"}, %wz: tensor<4x4xf32> {seq.param = "wz"}, %wn: tensor<4x4xf32> {seq.param = "wn"}) -> tensor<?x4xf32> {
  %h = seq.scan axis 1 sequences(%x : tensor<?x?x?x4xf32>) states(%h0 : tensor<?x4xf32>) invariants(%wr, %wz, %wn : tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<?x4xf32> {
  ^bb0(%word: tensor<?x?x4xf32>, %state: tensor<?x4xf32>, %wr1: tensor<4x4xf32>, %wz1: tensor<4x4xf32>, %wn1: tensor<4x4xf32>):
    %f = seq.scan axis 1 sequences(%word : tensor<?x?x4xf32>) states(%state : tensor<?x4xf32>) invariants(%wr1, %wz1, %wn1 : tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<?x4xf32> {
    ^bb0(%c: tensor<?x4xf32>, %h: tensor<?x4xf32>, %wr2: tensor<4x4xf32>, %wz2: tensor<4x4xf32>, %wn2: tensor<4x4xf32>):
      %r = seq.contract %h [1], %wr2 [1] : tensor<?x4xf32>, tensor<4x4xf32> -> tensor<?x4xf32>
      %z = seq.contract %h [1], %wz2 [1] : tensor<?x4xf32>, tensor<4x4xf32> -> tensor<?x4xf32>
      %rh = arith.mulf %r, %h : tensor<?x4xf32>
      %n = seq.contract %rh [1], %wn2 [1] : tensor<?x4xf32>, tensor<4x4xf32> -> tensor<?x4xf32>
      %s = arith.addf %n, %c : tensor<?x4xf32>
      %y = arith.mulf %s, %z : tensor<?x4xf32>
      seq.yield %y : tensor<?x4xf32>
    }
    seq.yield %f : tensor<?x4xf32>
  }
  return %h : tensor<?x4xf32>
}

// -----

// A product that the loop reads in slices is cut outside of it, into the parts
// in the order in which the step asks for them; its weight's columns come first.
// CHECK-LABEL: func @sliced_sequence(
// CHECK-SAME: %[[X:[a-z0-9]*]]: tensor<?x?x3xf32>, {{.*}} %[[W:[a-z0-9]*]]: tensor<3x8xf32>
// CHECK: %[[C:.*]] = seq.transpose %[[W]]
// CHECK-DAG: %[[B:.*]] = seq.slice %[[C]] axis 0 offset 4
// CHECK-DAG: %[[A:.*]] = seq.slice %[[C]] axis 0 offset 0
// CHECK: %[[J:.*]] = seq.concat %[[B]], %[[A]] axis 0
// CHECK: %[[P:.*]] = seq.contract %[[X]] [2], %[[J]] [1]
// CHECK: seq.scan axis 1 sequences(%[[P]] : tensor<?x?x8xf32>)
func.func @sliced_sequence(%x: tensor<?x?x3xf32>, %h0: tensor<?x4xf32>, %w: tensor<3x8xf32> {seq.param = "w"}) -> tensor<?x4xf32> {
  %p = seq.contract %x [2], %w [0] : tensor<?x?x3xf32>, tensor<3x8xf32> -> tensor<?x?x8xf32>
  %h = seq.scan axis 1 sequences(%p : tensor<?x?x8xf32>) states(%h0 : tensor<?x4xf32>) -> tensor<?x4xf32> {
  ^bb0(%p_t: tensor<?x8xf32>, %s: tensor<?x4xf32>):
    %a = seq.slice %p_t axis 1 offset 0 : tensor<?x8xf32> -> tensor<?x4xf32>
    %b = seq.slice %p_t axis 1 offset 4 : tensor<?x8xf32> -> tensor<?x4xf32>
    %m = arith.subf %b, %s : tensor<?x4xf32>
    %n = arith.subf %m, %a : tensor<?x4xf32>
    seq.yield %n : tensor<?x4xf32>
  }
  return %h : tensor<?x4xf32>
}

// -----

// What no product made stays one sequence, and so does what is read as a whole too.
// CHECK-LABEL: func @whole_sequence(
// CHECK-SAME: %[[X:[a-z0-9]*]]: tensor<?x?x8xf32>
// CHECK: seq.scan axis 1 sequences(%[[X]] : tensor<?x?x8xf32>)
// CHECK: seq.scan axis 1 sequences(%{{[a-z0-9]*}} : tensor<?x?x8xf32>)
func.func @whole_sequence(%x: tensor<?x?x8xf32>, %h0: tensor<?x4xf32>, %g0: tensor<?x8xf32>, %w: tensor<8x8xf32> {seq.param = "w"}) -> (tensor<?x4xf32>, tensor<?x8xf32>) {
  %h = seq.scan axis 1 sequences(%x : tensor<?x?x8xf32>) states(%h0 : tensor<?x4xf32>) -> tensor<?x4xf32> {
  ^bb0(%x_t: tensor<?x8xf32>, %s: tensor<?x4xf32>):
    %a = seq.slice %x_t axis 1 offset 0 : tensor<?x8xf32> -> tensor<?x4xf32>
    %b = seq.slice %x_t axis 1 offset 4 : tensor<?x8xf32> -> tensor<?x4xf32>
    %m = arith.subf %b, %s : tensor<?x4xf32>
    %n = arith.subf %m, %a : tensor<?x4xf32>
    seq.yield %n : tensor<?x4xf32>
  }
  %p = seq.contract %x [2], %w [1] : tensor<?x?x8xf32>, tensor<8x8xf32> -> tensor<?x?x8xf32>
  %g = seq.scan axis 1 sequences(%p : tensor<?x?x8xf32>) states(%g0 : tensor<?x8xf32>) -> tensor<?x8xf32> {
  ^bb0(%p_t: tensor<?x8xf32>, %s: tensor<?x8xf32>):
    %a = seq.slice %p_t axis 1 offset 0 : tensor<?x8xf32> -> tensor<?x4xf32>
    %b = seq.concat %a, %a axis 1 : tensor<?x4xf32>, tensor<?x4xf32> -> tensor<?x8xf32>
    %m = arith.subf %b, %s : tensor<?x8xf32>
    %n = arith.subf %m, %p_t : tensor<?x8xf32>
    seq.yield %n : tensor<?x8xf32>
  }
  return %h, %g : tensor<?x4xf32>, tensor<?x8xf32>
}

// -----

// Gates along an axis of their own: a row of a product with a stack of matrices
// is the product with one of them. A stack of each sample's own stays whole.
// CHECK-LABEL: func @rows(
// CHECK-SAME: %[[X:[a-z0-9]*]]: tensor<?x3xf32>, %[[Y:[a-z0-9]*]]: tensor<?x2x3xf32>, %[[W:[a-z0-9]*]]: tensor<2x4x3xf32>
// CHECK-DAG: %[[A:.*]] = seq.at %[[W]] axis 0 index 1
// CHECK-DAG: %[[B:.*]] = seq.at %[[W]] axis 0 index 0
// CHECK: %[[J:.*]] = seq.concat %[[A]], %[[B]] axis 0
// CHECK: seq.contract %[[X]] [1], %[[J]] [1] : tensor<?x3xf32>, tensor<8x3xf32> -> tensor<?x8xf32>
// CHECK: %[[P:.*]] = seq.contract %[[Y]]
// CHECK: seq.at %[[P]] axis 1 index 0
func.func @rows(%x: tensor<?x3xf32>, %y: tensor<?x2x3xf32>, %w: tensor<2x4x3xf32> {seq.param = "w"}, %v: tensor<4x3xf32> {seq.param = "v"}) -> (tensor<?x4xf32>, tensor<?x4xf32>) {
  %p = seq.contract %x [1], %w [2] : tensor<?x3xf32>, tensor<2x4x3xf32> -> tensor<?x2x4xf32>
  %t = math.tanh %p : tensor<?x2x4xf32>
  %a = seq.at %t axis 1 index -1 : tensor<?x2x4xf32> -> tensor<?x4xf32>
  %b = seq.at %t axis 1 index 0 : tensor<?x2x4xf32> -> tensor<?x4xf32>
  %d = arith.subf %a, %b : tensor<?x4xf32>
  %q = seq.contract %y [2], %v [1] : tensor<?x2x3xf32>, tensor<4x3xf32> -> tensor<?x2x4xf32>
  %c = seq.at %q axis 1 index 0 : tensor<?x2x4xf32> -> tensor<?x4xf32>
  return %d, %c : tensor<?x4xf32>, tensor<?x4xf32>
}
