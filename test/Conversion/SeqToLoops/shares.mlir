// RUN: seq-opt %s --convert-seq-to-loops='vector-bits=512 registers=32' --split-input-file | FileCheck %s

// What a sum and the loops behind it have in common is computed once and kept:
// the step's tanh, and the exponential that a sequence stands for, which is
// made at the step. What is as cheap as a place is made again.
// CHECK-LABEL: func.func private @Model_tile
// CHECK: scf.for {{.*}} iter_args(
// CHECK: scf.parallel
// CHECK-DAG: %[[E:.*]] = math.exp %{{.*}} : f32
// CHECK-DAG: memref.store %[[E]], %[[EXP:.*]][%{{.*}}, %{{.*}}] : memref<?x20xf32>
// CHECK-DAG: %[[T:.*]] = math.tanh %{{.*}} : f32
// CHECK-DAG: memref.store %[[T]], %[[TANH:.*]][%{{.*}}, %{{.*}}] : memref<?x20xf32>
// The sum reads both.
// CHECK: scf.parallel
// CHECK: scf.parallel {{.*}} init {{.*}} -> f32
// CHECK-NOT: math.
// CHECK-DAG: memref.load %[[EXP]]
// CHECK-DAG: memref.load %[[TANH]]
// CHECK-NOT: math.
// CHECK: scf.reduce
// The next state, too.
// CHECK: memref.load %[[TANH]]
// CHECK: memref.load %[[EXP]]
// CHECK-NOT: math.
// CHECK: scf.yield
module attributes {seq.model = "Model"} {
  func.func @main(%x: tensor<?x?x20xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>},
                  %h0: tensor<?x20xf32> {seq.state = "h", seq.axes = array<i64: -1>})
      -> (tensor<?x20xf32> {seq.state = "h", seq.axes = array<i64: -1>}) {
    %e = math.exp %x : tensor<?x?x20xf32>
    %h = seq.scan axis 1 sequences(%e : tensor<?x?x20xf32>)
        states(%h0 : tensor<?x20xf32>) -> tensor<?x20xf32> {
    ^bb0(%e_t: tensor<?x20xf32>, %h: tensor<?x20xf32>):
      %a = math.tanh %h : tensor<?x20xf32>
      %p = arith.mulf %a, %e_t : tensor<?x20xf32>
      %s = seq.reduce sum %p axis 1 : tensor<?x20xf32> -> tensor<?xf32>
      %b = seq.broadcast %s dims [0] : tensor<?xf32> -> tensor<?x20xf32>
      %c = arith.subf %a, %b : tensor<?x20xf32>
      %n = arith.mulf %c, %e_t : tensor<?x20xf32>
      seq.yield %n : tensor<?x20xf32>
    }
    return %h : tensor<?x20xf32>
  }
  func.func @pack() {
    return
  }
}

// -----

// Two sequences with a part in common: one goes into the sum, the other into
// what is behind it. Both are made in front, where the part is computed once.
// CHECK-LABEL: func.func private @Parts_tile
// CHECK: scf.for {{.*}} iter_args(
// CHECK: math.tanh
// CHECK-NOT: math.tanh
// CHECK: scf.yield
module attributes {seq.model = "Parts"} {
  func.func @main(%x: tensor<?x?x20xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>},
                  %h0: tensor<?x20xf32> {seq.state = "h", seq.axes = array<i64: -1>})
      -> (tensor<?x20xf32> {seq.state = "h", seq.axes = array<i64: -1>}) {
    %t = math.tanh %x : tensor<?x?x20xf32>
    %q = arith.mulf %t, %t : tensor<?x?x20xf32>
    %n = arith.negf %t : tensor<?x?x20xf32>
    %h = seq.scan axis 1 sequences(%q, %n : tensor<?x?x20xf32>, tensor<?x?x20xf32>)
        states(%h0 : tensor<?x20xf32>) -> tensor<?x20xf32> {
    ^bb0(%q_t: tensor<?x20xf32>, %n_t: tensor<?x20xf32>, %h: tensor<?x20xf32>):
      %p = arith.mulf %h, %q_t : tensor<?x20xf32>
      %s = seq.reduce sum %p axis 1 : tensor<?x20xf32> -> tensor<?xf32>
      %b = seq.broadcast %s dims [0] : tensor<?xf32> -> tensor<?x20xf32>
      %c = arith.subf %n_t, %b : tensor<?x20xf32>
      seq.yield %c : tensor<?x20xf32>
    }
    return %h : tensor<?x20xf32>
  }
  func.func @pack() {
    return
  }
}

// -----

// Where a turn of the loop has two steps, each makes its own; so does a step
// that is left.
// CHECK-LABEL: func.func private @Unrolled_tile
// CHECK: scf.for
// CHECK-COUNT-2: math.tanh
// CHECK: scf.for
// CHECK: math.tanh
// CHECK: return
module attributes {seq.model = "Unrolled"} {
  func.func @main(%x: tensor<?x?x20xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>},
                  %h0: tensor<?x20xf32> {seq.state = "h", seq.axes = array<i64: -1>})
      -> (tensor<?x20xf32> {seq.state = "h", seq.axes = array<i64: -1>}) {
    %h = seq.scan axis 1 sequences(%x : tensor<?x?x20xf32>)
        states(%h0 : tensor<?x20xf32>) attributes {seq.unroll = 2 : i64} -> tensor<?x20xf32> {
    ^bb0(%e_t: tensor<?x20xf32>, %h: tensor<?x20xf32>):
      %a = math.tanh %h : tensor<?x20xf32>
      %p = arith.mulf %a, %e_t : tensor<?x20xf32>
      %s = seq.reduce sum %p axis 1 : tensor<?x20xf32> -> tensor<?xf32>
      %b = seq.broadcast %s dims [0] : tensor<?xf32> -> tensor<?x20xf32>
      %c = arith.subf %a, %b : tensor<?x20xf32>
      seq.yield %c : tensor<?x20xf32>
    }
    return %h : tensor<?x20xf32>
  }
  func.func @pack() {
    return
  }
}
