// RUN: seq-opt %s --convert-seq-to-loops='vector-bits=256 registers=16' --canonicalize | FileCheck %s

// Weights of a product lie in panels of two vectors: 20 columns take two panels
// of 16. A tensor that is read as it is lies row by row behind them.
// CHECK-LABEL: func.func private @Packed_product_20x3
// CHECK: sched.product {{.*}} units(20) : {{.*}}, memref<2x3x16xf32>
// Rows, which become columns, go by blocks of 64, and so does K.
// CHECK-LABEL: func.func private @Packed_fill_panels_16
// CHECK: scf.for %[[ROWS:.*]] = %c0 to %{{.*}} step %c64
// CHECK: scf.for %[[BEGIN:.*]] = %c0 to %{{.*}} step %c64
// CHECK: scf.for %{{.*}} = %[[ROWS]] to
// CHECK: scf.for %{{.*}} = %[[BEGIN]] to
// CHECK: memref.store %{{.*}} : memref<?x?x16xf32>
// CHECK-LABEL: func.func @Packed_pack
// CHECK: call @Packed_fill_panels_16
// CHECK-LABEL: func.func @Packed_packed
// 384 bytes of panels, 64 of the bias (which begins the sums, row by row).
// CHECK: %[[BYTES:.*]] = arith.constant 512 : i64
// CHECK: return %[[BYTES]]
module attributes {seq.model = "Packed"} {
  func.func @main(%x: tensor<?x3xf32> {seq.input = "x", seq.axes = array<i64: -1>},
                  %w: tensor<20x3xf32> {seq.packed = 0}, %bias: tensor<20xf32> {seq.packed = 1})
      -> (tensor<?x20xf32> {seq.output = "y", seq.axes = array<i64: -1>}) {
    %zero = arith.constant 0 : index
    %b = tensor.dim %x, %zero : tensor<?x3xf32>
    %p = seq.contract %x [1], %w [1] : tensor<?x3xf32>, tensor<20x3xf32> -> tensor<?x20xf32>
    %rows = seq.broadcast %bias sizes(%b) dims [1] : tensor<20xf32> -> tensor<?x20xf32>
    %y = arith.addf %p, %rows : tensor<?x20xf32>
    return %y : tensor<?x20xf32>
  }
  func.func @pack(%w: tensor<20x3xf32> {seq.param = "w"}, %bias: tensor<20xf32> {seq.param = "bias"})
      -> (tensor<20x3xf32> {seq.packed = 0}, tensor<20xf32> {seq.packed = 1}) {
    return %w, %bias : tensor<20x3xf32>, tensor<20xf32>
  }
}
