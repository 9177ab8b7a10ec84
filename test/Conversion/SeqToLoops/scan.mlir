// RUN: seq-opt %s --convert-seq-to-loops='vector-bits=512 registers=32' | FileCheck %s

// CHECK-LABEL: func.func private @Model_tile
// Two buffers take turns.
// CHECK: scf.for {{.*}} iter_args(%[[H:.*]] = %{{.*}}, %[[C:.*]] = %{{.*}}, %[[H_NEXT:.*]] = %{{.*}}, %[[C_NEXT:.*]] = %{{.*}})
// CHECK-NOT: memref.alloc
// CHECK-NOT: memref.copy
// The rows up to the last one that is long enough take part.
// CHECK: %[[ACTIVE:.*]] = scf.for %[[R:.*]] = %{{.*}} iter_args(%[[LAST:.*]] = %{{.*}}) -> (index)
// CHECK: %[[LENGTH:.*]] = memref.load %{{.*}}[%[[R]]] : memref<?xi64>
// CHECK: arith.cmpi slt, %{{.*}}, %[[LENGTH]]
// CHECK: arith.select %{{.*}}, %{{.*}}, %[[LAST]]
// A step's product begins with what the sequence has, and makes of a unit's four
// sums both states and the output.
// CHECK: sched.product %{{.*}}, %{{.*}} init(%{{.*}}) rows(%[[ACTIVE]]) units(20) {seq.independent}
// CHECK-SAME: memref<2x20x64xf32>
// CHECK-NEXT: ^bb0(%[[ROW:.*]]: index, %[[UNIT:.*]]: index, %[[I:.*]]: f32, %[[F:.*]]: f32, %[[U:.*]]: f32, %[[O:.*]]: f32):
// CHECK: seq.sigmoid %[[O]] : f32
// CHECK: memref.store %{{.*}}, %[[H_NEXT]][%[[ROW]], %[[UNIT]]]
// CHECK: memref.store %{{.*}}, %[[C_NEXT]][%[[ROW]], %[[UNIT]]]
// CHECK: }
// What the others give is zero; a row that ends leaves its states in both buffers.
// CHECK: scf.parallel (%[[ROW:.*]], %{{.*}}) = (%[[ACTIVE]], %{{.*}})
// CHECK: memref.store %{{.*}}, %{{.*}}[%[[ROW]], %{{.*}}]
// CHECK: scf.if
// CHECK: memref.store %{{.*}}, %[[H]]
// CHECK: memref.store %{{.*}}, %[[C]]
// CHECK: scf.yield %[[H_NEXT]], %[[C_NEXT]], %[[H]], %[[C]]
module attributes {seq.model = "Model"} {
  func.func @main(%x: tensor<?x?x80xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>},
                  %n: tensor<?xi64> {seq.lengths = 0},
                  %h0: tensor<?x20xf32> {seq.state = "h", seq.axes = array<i64: -1>},
                  %c0: tensor<?x20xf32> {seq.state = "c", seq.axes = array<i64: -1>},
                  %w: tensor<80x20xf32> {seq.packed = 0})
      -> (tensor<?x?x20xf32> {seq.output = "y", seq.axes = array<i64: 0, -1>},
          tensor<?x20xf32> {seq.state = "h", seq.axes = array<i64: -1>},
          tensor<?x20xf32> {seq.state = "c", seq.axes = array<i64: -1>}) {
    %h, %c, %y = seq.scan axis 1 sequences(%x : tensor<?x?x80xf32>)
        states(%h0, %c0 : tensor<?x20xf32>, tensor<?x20xf32>)
        invariants(%w : tensor<80x20xf32>) lengths(%n : tensor<?xi64>)
        -> tensor<?x20xf32>, tensor<?x20xf32>, tensor<?x?x20xf32> {
    ^bb0(%x_t: tensor<?x80xf32>, %h: tensor<?x20xf32>, %c: tensor<?x20xf32>, %w_h: tensor<80x20xf32>):
      %p = seq.contract %h [1], %w_h [1] : tensor<?x20xf32>, tensor<80x20xf32> -> tensor<?x80xf32>
      %g = arith.addf %p, %x_t : tensor<?x80xf32>
      %i = seq.slice %g axis 1 offset 0 : tensor<?x80xf32> -> tensor<?x20xf32>
      %f = seq.slice %g axis 1 offset 20 : tensor<?x80xf32> -> tensor<?x20xf32>
      %u = seq.slice %g axis 1 offset 40 : tensor<?x80xf32> -> tensor<?x20xf32>
      %o = seq.slice %g axis 1 offset 60 : tensor<?x80xf32> -> tensor<?x20xf32>
      %si = seq.sigmoid %i : tensor<?x20xf32>
      %sf = seq.sigmoid %f : tensor<?x20xf32>
      %so = seq.sigmoid %o : tensor<?x20xf32>
      %tu = math.tanh %u : tensor<?x20xf32>
      %kept = arith.mulf %sf, %c : tensor<?x20xf32>
      %new = arith.mulf %si, %tu : tensor<?x20xf32>
      %c1 = arith.addf %kept, %new : tensor<?x20xf32>
      %tc = math.tanh %c1 : tensor<?x20xf32>
      %h1 = arith.mulf %so, %tc : tensor<?x20xf32>
      seq.yield %h1, %c1, %h1 : tensor<?x20xf32>, tensor<?x20xf32>, tensor<?x20xf32>
    }
    return %y, %h, %c : tensor<?x?x20xf32>, tensor<?x20xf32>, tensor<?x20xf32>
  }
  func.func @pack(%w: tensor<80x20xf32> {seq.param = "w"})
      -> (tensor<80x20xf32> {seq.packed = 0}, tensor<20xf32> {seq.initial = 0},
          tensor<20xf32> {seq.initial = 1}) {
    %zero = arith.constant dense<0.0> : tensor<20xf32>
    return %w, %zero, %zero : tensor<80x20xf32>, tensor<20xf32>, tensor<20xf32>
  }
}
