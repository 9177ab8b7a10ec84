// RUN: seq-opt %s --convert-sched-to-vector='vector-bits=512 registers=32' --canonicalize | FileCheck %s

// A panel that no first cache holds (512 steps of 256 bytes) goes in blocks of
// its steps: up to eight tiles of rows pass while one is near, and leave their
// sums in memory in between. One tile alone takes all steps at once.
// CHECK-LABEL: func.func @near_blocks
// CHECK: %[[SUMS:.*]] = memref.alloca() {alignment = 64 : i64} : memref<48x4x16xf32>
// CHECK: scf.for %[[PANEL:.*]] = %c0 to %c5 step %c1
// CHECK: scf.for %[[ROW:.*]] = %c0 to %[[N:.*]] step %c48
// CHECK: %[[LEFT:.*]] = arith.subi %[[N]], %[[ROW]]
// CHECK: %[[ROWS:.*]] = arith.minui %[[LEFT]], %c48
// CHECK: arith.cmpi eq, %[[ROWS]], %c6
// CHECK: %[[DEPTH:.*]] = arith.select %{{.*}}, %c512, %c86
// CHECK: scf.for %[[FIRST:.*]] = %c0 to %c512 step %[[DEPTH]]
// CHECK: %[[END:.*]] = arith.minui %{{.*}}, %c512
// CHECK: %[[IS_FIRST:.*]] = arith.cmpi eq, %[[FIRST]], %c0
// CHECK: %[[BEGIN:.*]]:24 = scf.if %[[IS_FIRST]]
// CHECK: else
// CHECK-COUNT-24: vector.load %[[SUMS]]
// CHECK: %{{.*}}:24 = scf.for %[[K:.*]] = %[[FIRST]] to %[[END]] step %c1
// The weights of the next block come into the second cache meanwhile: those of
// 86 steps on.
// CHECK: %[[AHEAD:.*]] = arith.addi %[[K]], %c86
// CHECK: memref.prefetch %{{.*}}[%[[PANEL]], %[[AHEAD]], %{{.*}}], read, locality<2>, data
// CHECK: vector.store %{{.*}}, %[[SUMS]]
// CHECK: scf.parallel (%{{.*}}, %{{.*}}) = (%c0, %c0) to (%[[ROWS]], %c16)
func.func @near_blocks(%x: memref<?x512xf32>, %panels: memref<5x512x64xf32>, %y: memref<?x80xf32>, %n: index) {
  sched.product %x, %panels rows(%n) units(80) : memref<?x512xf32>, memref<5x512x64xf32> {
  ^bb0(%row: index, %unit: index, %a: f32, %b: f32, %c: f32, %d: f32):
    %v = arith.mulf %a, %b : f32
    memref.store %v, %y[%row, %unit] : memref<?x80xf32>
  }
  return
}

// Sums that are only stored wait in the result, and all panels pass before the
// next block of steps begins. The next panel's weights come meanwhile.
// CHECK-LABEL: func.func @stored
// CHECK-NOT: memref.alloca
// CHECK: scf.for %[[FIRST:.*]] = %c0 to %c1024 step %c256
// CHECK: scf.for %[[PANEL:.*]] = %c0 to %c3 step %c1
// CHECK: scf.for %[[ROW:.*]] = %c0 to %{{.*}} step %c6
// CHECK: scf.if
// CHECK: else
// CHECK-COUNT-24: vector.load %[[Y:.*]][
// CHECK: %[[NEXT:.*]] = arith.addi %[[PANEL]], %c1
// CHECK: memref.prefetch %{{.*}}[%[[NEXT]], %{{.*}}, %{{.*}}], read, locality<2>, data
// CHECK: vector.store %{{.*}}, %[[Y]]
func.func @stored(%x: memref<?x1024xf32>, %panels: memref<3x1024x64xf32>, %y: memref<?x192xf32>, %n: index) {
  sched.product %x, %panels rows(%n) units(192) : memref<?x1024xf32>, memref<3x1024x64xf32> {
  ^bb0(%row: index, %unit: index, %a: f32):
    memref.store %a, %y[%row, %unit] : memref<?x192xf32>
  }
  return
}

// Weights that a second cache keeps are not fetched.
// CHECK-LABEL: func.func @kept
// CHECK-NOT: memref.prefetch
func.func @kept(%x: memref<?x256xf32>, %panels: memref<2x256x64xf32>, %y: memref<?x128xf32>, %n: index) {
  sched.product %x, %panels rows(%n) units(128) : memref<?x256xf32>, memref<2x256x64xf32> {
  ^bb0(%row: index, %unit: index, %a: f32):
    memref.store %a, %y[%row, %unit] : memref<?x128xf32>
  }
  return
}
