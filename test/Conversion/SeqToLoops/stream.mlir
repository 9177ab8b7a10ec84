// RUN: seq-opt %s --convert-seq-to-loops='vector-bits=256 registers=16' --canonicalize --cse | FileCheck %s

// A product that one loop alone reads is made in it, for a block of steps at a
// time: the operand's rows are put side by side, one call makes the block, then
// its steps read it. The loop runs backwards: so do the blocks.
// CHECK-LABEL: func.func private @Stream_tile(
// CHECK-NOT: call @Stream_product
// CHECK: scf.for %[[FIRST:.*]] = %c0 to %[[T:.*]] step %[[MOST:.*]] iter_args
// CHECK: %[[LEFT:.*]] = arith.subi %[[T]], %[[FIRST]]
// CHECK: %[[COUNT:.*]] = arith.minui %[[LEFT]], %[[MOST]]
// CHECK: %[[END:.*]] = arith.addi %[[FIRST]], %[[COUNT]]
// CHECK: %[[BEGIN:.*]] = arith.subi %[[T]], %[[END]]
// CHECK: memref.subview %{{.*}}[0, %[[BEGIN]], 0]
// CHECK: scf.parallel
// CHECK: memref.store
// CHECK: func.call @Stream_product_16x4
// CHECK: scf.for %{{.*}} = %[[FIRST]] to %[[END]]

// No buffer of the workspace grows with the number of steps.
// CHECK-LABEL: func.func @Stream_workspace(%arg0: !llvm.ptr
// CHECK-NOT: llvm.getelementptr %arg0[1]
// CHECK: return
module attributes {seq.model = "Stream", seq.dims = ["T"]} {
  func.func @main(%x: tensor<?x?x4xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>},
                  %h0: tensor<?x16xf32> {seq.state = "h", seq.axes = array<i64: -1>},
                  %w: tensor<16x4xf32> {seq.packed = 0})
      -> (tensor<?x16xf32> {seq.state = "h", seq.axes = array<i64: -1>}) {
    %p = seq.contract %x [2], %w [1] : tensor<?x?x4xf32>, tensor<16x4xf32> -> tensor<?x?x16xf32>
    %h = seq.scan reverse axis 1 sequences(%p : tensor<?x?x16xf32>) states(%h0 : tensor<?x16xf32>) -> tensor<?x16xf32> {
    ^bb0(%e: tensor<?x16xf32>, %s: tensor<?x16xf32>):
      %n = arith.mulf %s, %e : tensor<?x16xf32>
      seq.yield %n : tensor<?x16xf32>
    }
    return %h : tensor<?x16xf32>
  }
  func.func @pack(%w: tensor<16x4xf32> {seq.param = "w"})
      -> (tensor<16x4xf32> {seq.packed = 0}, tensor<16xf32> {seq.initial = 0}) {
    %zero = arith.constant dense<0.0> : tensor<16xf32>
    return %w, %zero : tensor<16x4xf32>, tensor<16xf32>
  }
}
