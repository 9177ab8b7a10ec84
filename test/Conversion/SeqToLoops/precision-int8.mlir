// RUN: seq-opt %s --convert-seq-to-loops='vector-bits=256 registers=16 precision=int8' --canonicalize | FileCheck %s

// A row's scale is that of its largest number; then come its multiples, without
// a sign.
// CHECK-LABEL: func.func private @Short_product_20x3_round(
// CHECK: scf.for %[[FIRST:.*]] = %c0 to %{{.*}} step %c64
// CHECK: scf.for %[[ROW:.*]] = %c0 to
// CHECK: %[[LARGEST:.*]] = scf.parallel (%{{.*}}) = (%c0) to (%c3)
// CHECK: arith.maximumf
// CHECK: arith.divf %[[LARGEST]], %{{.*}} : f32
// CHECK: memref.store %{{.*}}, %[[SCALES:.*]][%[[ROW]]] : memref<64xf32>
// CHECK: scf.parallel (%[[K:.*]]) = (%c0) to (%c3)
// CHECK: %[[Q:.*]] = arith.trunci %{{.*}} : i32 to i8
// CHECK: memref.store %[[Q]], %[[ROWS:.*]][%[[ROW]], %[[K]]] : memref<64x4xi8>
// CHECK: sched.product %[[ROWS]], %{{.*}} scales(%[[SCALES]], %{{.*}}, %{{.*}}) {{.*}} units(20) : memref<64x4xi8>, memref<2x1x64xi8> scales(memref<64xf32>, memref<2x16xf32>, memref<2x16xi32>)

// A column's, in the same way, and the offset that makes up for rows without a
// sign: 128 times the sum of the multiples.
// CHECK-LABEL: func.func private @Short_fill_panels_16_int8
// CHECK: scf.for
// CHECK: arith.maximumf
// CHECK: %[[SUM:.*]] = scf.for
// CHECK: memref.store %{{.*}} : memref<?x?x64xi8>
// CHECK: memref.store %{{.*}} : memref<?x16xf32>
// CHECK: %[[OFFSET:.*]] = arith.muli %[[SUM]], %c-128_i32
// CHECK: memref.store %[[OFFSET]], %{{.*}} : memref<?x16xi32>
// CHECK-LABEL: func.func @Short_packed
// 128 bytes of panels, scales and offsets each.
// CHECK: arith.constant 384 : i64
module attributes {seq.model = "Short"} {
  func.func @main(%x: tensor<?x3xf32> {seq.input = "x", seq.axes = array<i64: -1>},
                  %w: tensor<20x3xf32> {seq.packed = 0})
      -> (tensor<?x20xf32> {seq.output = "y", seq.axes = array<i64: -1>}) {
    %y = seq.contract %x [1], %w [1] : tensor<?x3xf32>, tensor<20x3xf32> -> tensor<?x20xf32>
    return %y : tensor<?x20xf32>
  }
  func.func @pack(%w: tensor<20x3xf32> {seq.param = "w"}) -> (tensor<20x3xf32> {seq.packed = 0}) {
    return %w : tensor<20x3xf32>
  }
}
