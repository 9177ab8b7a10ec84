// RUN: seq-opt %s --convert-sched-to-vector='vector-bits=512 registers=32 tile-bf16' --canonicalize | FileCheck %s

// 16 rows at once, 16 pairs along K a step, straight to the result. What is
// left of the rows is copied to where a tile may read 16, and its sums go by
// memory.
// CHECK-LABEL: func.func @stored
// CHECK: %[[SUMS:.*]] = memref.alloca() {alignment = 64 : i64} : memref<16x1x16xf32>
// CHECK: %[[COPY:.*]] = memref.alloca() {alignment = 64 : i64, sched.rows_of_tiles} : memref<1024xbf16>
// CHECK: %[[LEFT:.*]] = arith.remui %[[N:.*]], %c16
// CHECK: %[[WHOLE:.*]] = arith.subi %[[N]], %[[LEFT]]
// CHECK: scf.for %{{.*}} = %c0 to %[[LEFT]] step %c1
// CHECK:   vector.store %{{.*}}, %[[COPY]]{{.*}} : memref<1024xbf16>, vector<32xbf16>
// CHECK: scf.for %[[ROW:.*]] = %c0 to %[[WHOLE]] step %c16
// CHECK:   %[[ZERO:.*]] = amx.tile_zero : !amx.tile<16x16xf32>
// CHECK:   %[[SUM:.*]] = scf.for %[[STEP:.*]] = %c0 to %c32 step %c16 iter_args(%[[BEFORE:.*]] = %[[ZERO]])
// CHECK:     %[[K:.*]] = arith.muli %[[STEP]], %c2
// CHECK:     %[[X:.*]] = amx.tile_load %{{.*}}[%[[ROW]], %[[K]]] : memref<?x64xbf16> into !amx.tile<16x32xbf16>
// CHECK:     %[[W:.*]] = amx.tile_load %{{.*}}[%c0, %[[STEP]], %c0] : memref<1x32x32xbf16> into !amx.tile<16x32xbf16>
// CHECK:     amx.tile_mulf %[[X]], %[[W]], %[[BEFORE]]
// CHECK:   amx.tile_store %{{.*}}[%[[ROW]], %c0], %[[SUM]] : memref<?x16xf32>
// CHECK: scf.if
// CHECK:   amx.tile_load %[[COPY]][%{{.*}}], %c64 : memref<1024xbf16>
// CHECK:   amx.tile_store %[[SUMS]][%c0, %c0, %c0], %{{.*}}, %c16 : memref<16x1x16xf32>
// CHECK:   scf.for %{{.*}} = %c0 to %[[LEFT]] step %c1
// CHECK:     vector.load %[[SUMS]]
// CHECK:     vector.store
func.func @stored(%x: memref<?x64xbf16>, %panels: memref<1x32x32xbf16>, %y: memref<?x16xf32>, %n: index) {
  sched.product %x, %panels rows(%n) units(16) : memref<?x64xbf16>, memref<1x32x32xbf16> {
  ^bb0(%row: index, %unit: index, %a: f32):
    memref.store %a, %y[%row, %unit] : memref<?x16xf32>
  }
  return
}

// Sums begin with what was there, and the epilogue makes something of them. Of
// units that do not fill a register nothing is read past the end: what they
// begin with goes by memory, masked.
// CHECK-LABEL: func.func @made
// CHECK: scf.for %{{.*}} = %c0 to %{{.*}} step %c16
// CHECK:   scf.for %{{.*}} = %c0 to %c16 step %c1
// CHECK:     vector.maskedload
// CHECK:     vector.store
// CHECK:   amx.tile_load %{{.*}}, %c32 : memref<16x2x16xf32> into !amx.tile<16x16xf32>
// CHECK:     amx.tile_load %{{.*}} : memref<?x32xbf16> into !amx.tile<16x32xbf16>
// CHECK:     amx.tile_load %{{.*}} : memref<1x16x64xbf16> into !amx.tile<16x32xbf16>
// CHECK:     amx.tile_load %{{.*}}%c32{{.*}} : memref<1x16x64xbf16> into !amx.tile<16x32xbf16>
// CHECK-COUNT-2: amx.tile_store
// CHECK:   scf.parallel (%{{.*}}, %{{.*}}) = (%c0, %c0) to (%c16, %c9)
func.func @made(%x: memref<?x32xbf16>, %panels: memref<1x16x64xbf16>, %init: memref<?x18xf32>, %y: memref<?x9xf32>, %n: index) {
  sched.product %x, %panels init(%init) rows(%n) units(9) : memref<?x32xbf16>, memref<1x16x64xbf16>, memref<?x18xf32> {
  ^bb0(%row: index, %unit: index, %a: f32, %b: f32):
    %v = arith.mulf %a, %b : f32
    memref.store %v, %y[%row, %unit] : memref<?x9xf32>
  }
  return
}

// What fills no tiles stays on vectors; two products share the memory for rows.
// CHECK-LABEL: func.func @two
// CHECK-COUNT-1: memref<1024xbf16>
// CHECK-NOT: memref.alloca() {{.*}}bf16
// CHECK: memref.load %{{.*}} : memref<?x24xbf16>
// CHECK-NOT: memref<?x24xbf16> into
// CHECK: amx.tile_mulf
// CHECK: amx.tile_mulf
func.func @two(%short: memref<?x24xbf16>, %a: memref<1x12x32xbf16>,
               %x: memref<?x32xbf16>, %b: memref<2x16x32xbf16>,
               %y: memref<?x16xf32>, %z: memref<?x32xf32>, %n: index) {
  sched.product %short, %a rows(%n) units(16) : memref<?x24xbf16>, memref<1x12x32xbf16> {
  ^bb0(%row: index, %unit: index, %s: f32):
    memref.store %s, %y[%row, %unit] : memref<?x16xf32>
  }
  sched.product %x, %b rows(%n) units(32) : memref<?x32xbf16>, memref<2x16x32xbf16> {
  ^bb0(%row: index, %unit: index, %s: f32):
    memref.store %s, %z[%row, %unit] : memref<?x32xf32>
  }
  return
}
