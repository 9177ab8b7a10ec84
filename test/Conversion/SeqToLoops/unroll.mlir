// RUN: seq-opt %s --convert-seq-to-loops='vector-bits=256 registers=16' --canonicalize | FileCheck %s

// Two steps in a turn of the loop: after both, the buffers stand as before, so
// that the loop carries nothing. A step that is left has a loop of its own.
// CHECK-LABEL: func.func private @Unrolled_tile
// CHECK: scf.for {{.*}} step %c2 {
// CHECK: memref.load %[[A:view[_0-9]*]][
// CHECK: memref.store %{{.*}}, %[[B:view[_0-9]*]][
// CHECK: memref.load %[[B]][
// CHECK: memref.store %{{.*}}, %[[A]][
// CHECK: scf.for {{.*}} step %c1 iter_args(%[[C:.*]] = %[[A]], %[[D:.*]] = %[[B]])
// CHECK: memref.store %{{.*}}, %[[D]]
// CHECK: scf.yield %[[D]], %[[C]]
module attributes {seq.model = "Unrolled"} {
  func.func @main(%x: tensor<?x?x8xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>},
                  %h0: tensor<?x8xf32> {seq.state = "h", seq.axes = array<i64: -1>})
      -> (tensor<?x8xf32> {seq.state = "h", seq.axes = array<i64: -1>}) {
    %h = seq.scan axis 1 sequences(%x : tensor<?x?x8xf32>) states(%h0 : tensor<?x8xf32>)
        attributes {seq.unroll = 2 : i64} -> tensor<?x8xf32> {
    ^bb0(%x_t: tensor<?x8xf32>, %h: tensor<?x8xf32>):
      %next = arith.addf %h, %x_t : tensor<?x8xf32>
      seq.yield %next : tensor<?x8xf32>
    }
    return %h : tensor<?x8xf32>
  }
  func.func @pack() -> (tensor<8xf32> {seq.initial = 0}) {
    %zero = arith.constant dense<0.0> : tensor<8xf32>
    return %zero : tensor<8xf32>
  }
}
