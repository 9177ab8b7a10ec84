// RUN: seq-opt %s --convert-seq-to-loops='vector-bits=256 registers=16' --canonicalize | FileCheck %s

// The panels of a transpose are filled from the matrix itself, row by row of it:
// what lies side by side there does in the panels. Nothing is transposed before.
// CHECK-LABEL: func.func private @Packed_fill_panels_16_columns_20
// CHECK-SAME: (%[[W:[a-z0-9]+]]: memref<?x?xf32, {{.*}}>, %[[PANELS:[a-z0-9]+]]: memref<?x?x16xf32>, %[[FIRST:[a-z0-9]+]]: index)
// CHECK: scf.for %[[PANEL:.*]] = %c0 to %c2
// CHECK: %[[BEGIN:.*]] = arith.maxsi
// CHECK: %[[END:.*]] = arith.minsi
// CHECK: scf.for %[[K:.*]] = %c0 to
// CHECK: scf.parallel (%[[UNIT:.*]]) = (%[[BEGIN]]) to (%{{.*}})
// CHECK: %[[V:.*]] = memref.load %[[W]][%[[K]], %{{.*}}]
// CHECK: memref.store %[[V]], %[[PANELS]][%[[PANEL]], %[[K]], %{{.*}}]
// CHECK-LABEL: func.func @Packed_pack
// CHECK-NOT: memref<20x3xf32>
// CHECK: call @Packed_fill_panels_16_columns_20
module attributes {seq.model = "Packed"} {
  func.func @main(%x: tensor<?x3xf32> {seq.input = "x", seq.axes = array<i64: -1>}, %w: tensor<20x3xf32> {seq.packed = 0})
      -> (tensor<?x20xf32> {seq.output = "y", seq.axes = array<i64: -1>}) {
    %p = seq.contract %x [1], %w [1] : tensor<?x3xf32>, tensor<20x3xf32> -> tensor<?x20xf32>
    return %p : tensor<?x20xf32>
  }
  func.func @pack(%w: tensor<3x20xf32> {seq.param = "w"}) -> (tensor<20x3xf32> {seq.packed = 0}) {
    %t = seq.transpose %w [1, 0] : tensor<3x20xf32> -> tensor<20x3xf32>
    return %t : tensor<20x3xf32>
  }
}
