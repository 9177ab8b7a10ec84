// RUN: seq-opt %s --convert-seq-to-loops='vector-bits=256 registers=16' | FileCheck %s

// Elementwise work, a slice, a broadcast and a mask are one loop over the
// result: nothing between lies in memory, and the workspace is that of the
// lengths alone.
// CHECK-LABEL: func.func private @Elementwise_tile
// CHECK: scf.parallel (%[[B:.*]], %[[T:.*]], %[[K:.*]]) = 
// CHECK: %[[IS_BELOW:.*]] = arith.cmpi slt
// CHECK: %[[X:.*]] = memref.load %{{.*}}[%[[B]], %[[T]], %{{.*}}]
// CHECK: %[[BIAS:.*]] = memref.load %{{.*}}[%[[K]]] : memref<16xf32>
// CHECK: %[[SUM:.*]] = arith.addf %[[X]], %[[BIAS]]
// CHECK: %[[MASKED:.*]] = arith.select %[[IS_BELOW]], %[[SUM]]
// CHECK: memref.store %[[MASKED]], %{{.*}}[%[[B]], %[[T]], %[[K]]]
// CHECK-NOT: scf.parallel
// CHECK: return
module attributes {seq.model = "Elementwise"} {
  func.func @main(%x: tensor<?x?x40xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>},
                  %n: tensor<?xi64> {seq.lengths = 0},
                  %bias: tensor<16xf32> {seq.packed = 0})
      -> (tensor<?x?x16xf32> {seq.output = "y", seq.axes = array<i64: 0, -1>}) {
    %zero = arith.constant 0 : index
    %one = arith.constant 1 : index
    %b = tensor.dim %x, %zero : tensor<?x?x40xf32>
    %t = tensor.dim %x, %one : tensor<?x?x40xf32>
    %part = seq.slice %x axis 2 offset 24 : tensor<?x?x40xf32> -> tensor<?x?x16xf32>
    %rows = seq.broadcast %bias sizes(%b, %t) dims [2] : tensor<16xf32> -> tensor<?x?x16xf32>
    %sum = arith.addf %part, %rows : tensor<?x?x16xf32>
    %y = seq.mask %sum axis 1 lengths(%n : tensor<?xi64>) fill 0.0 : f32 : tensor<?x?x16xf32>
    return %y : tensor<?x?x16xf32>
  }
  func.func @pack(%bias: tensor<16xf32> {seq.param = "bias"}) -> (tensor<16xf32> {seq.packed = 0}) {
    return %bias : tensor<16xf32>
  }
}
