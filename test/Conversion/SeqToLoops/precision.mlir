// RUN: seq-opt %s --convert-seq-to-loops='vector-bits=256 registers=16 precision=bf16' --canonicalize | FileCheck %s --check-prefixes=CHECK,APART
// RUN: seq-opt %s --convert-seq-to-loops='vector-bits=256 registers=16 precision=bf16 dot-bf16' --canonicalize | FileCheck %s --check-prefixes=CHECK,DOT

// Three numbers along K are two pairs, of which the last one is cleared before
// it is filled.
// APART-LABEL: func.func private @Short_product_20x3(
// APART: sched.product %{{.*}}, %{{.*}} units(20) : memref<?x3xf32, {{.*}}>, memref<2x2x32xbf16>

// Rows are rounded some at a time, with zero behind them.
// DOT-LABEL: func.func private @Short_product_20x3_round(
// DOT: scf.for %[[FIRST:.*]] = %c0 to %{{.*}} step %c64
// DOT: scf.parallel (%[[ROW:.*]], %[[K:.*]]) = (%c0, %c0) to (%{{.*}}, %c3)
// DOT: %[[X:.*]] = memref.load
// DOT: %[[SHORT:.*]] = arith.truncf %[[X]] : f32 to bf16
// DOT: memref.store %[[SHORT]], %[[ROWS:.*]][%[[ROW]], %[[K]]] : memref<64x4xbf16>
// DOT: scf.parallel (%[[ROW:.*]]) = (%c0) to
// DOT: memref.store %{{.*}}, %[[ROWS]][%[[ROW]], %c3]
// DOT: sched.product %[[ROWS]], %{{.*}} units(20) : memref<64x4xbf16>, memref<2x2x32xbf16>

// CHECK-LABEL: func.func private @Short_fill_panels_16_bf16
// CHECK: %[[W:.*]] = memref.load
// CHECK: %[[R:.*]] = arith.truncf %[[W]] : f32 to bf16
// CHECK: memref.store %[[R]], %{{.*}} : memref<?x?x32xbf16>
// CHECK-LABEL: func.func @Short_pack
// CHECK: memref.store %{{.*}} : memref<2x2x32xbf16>
// CHECK: memref.store %{{.*}}[%{{.*}}, %c1, %{{.*}}] : memref<2x2x32xbf16>
// CHECK: call @Short_fill_panels_16_bf16
// CHECK-LABEL: func.func @Short_packed
// CHECK: arith.constant 256 : i64
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
