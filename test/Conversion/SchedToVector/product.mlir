// RUN: seq-opt %s --convert-sched-to-vector='vector-bits=256 registers=16' --canonicalize | FileCheck %s

// Sums that are only stored go from registers to their place: pairs of rows by
// four vectors, then single rows.
// CHECK-LABEL: func.func @stored
// CHECK-NOT: memref.alloca
// CHECK: scf.for %[[ROW:.*]] = %{{.*}} to %{{.*}} step %c2
// CHECK: %[[SUMS:.*]]:8 = scf.for %[[K:.*]] = %c0 to %c5 step %c1 iter_args
// CHECK-COUNT-4: vector.load %{{.*}}[%{{.*}}, %[[K]], %{{.*}}] : memref<1x5x32xf32>, vector<8xf32>
// CHECK: memref.load %{{.*}}[%[[ROW]], %[[K]]]
// CHECK-COUNT-8: vector.fma
// CHECK: vector.store %[[SUMS]]#0, %[[Y:.*]][%[[ROW]], %c0]
// CHECK: vector.store %[[SUMS]]#1, %[[Y]][%[[ROW]], %c8]
// CHECK: scf.for %{{.*}} = %{{.*}} to %{{.*}} step %c1
// CHECK: %{{.*}}:4 = scf.for
// CHECK-NOT: scf.parallel
func.func @stored(%x: memref<?x5xf32>, %panels: memref<1x5x32xf32>, %y: memref<?x32xf32>, %n: index) {
  sched.product %x, %panels rows(%n) units(8) : memref<?x5xf32>, memref<1x5x32xf32> {
  ^bb0(%row: index, %unit: index, %a: f32, %b: f32, %c: f32, %d: f32):
    %c8 = arith.constant 8 : index
    %c16 = arith.constant 16 : index
    %c24 = arith.constant 24 : index
    memref.store %a, %y[%row, %unit] : memref<?x32xf32>
    %at_b = arith.addi %unit, %c8 : index
    memref.store %b, %y[%row, %at_b] : memref<?x32xf32>
    %at_c = arith.addi %unit, %c16 : index
    memref.store %c, %y[%row, %at_c] : memref<?x32xf32>
    %at_d = arith.addi %unit, %c24 : index
    memref.store %d, %y[%row, %at_d] : memref<?x32xf32>
  }
  return
}

// Anything else is made of a tile of sums on the stack. The second panel has a
// vector of which two lanes are there.
// CHECK-LABEL: func.func @made
// CHECK-DAG: memref.alloca() {alignment = 64 : i64} : memref<4x1x8xf32>
// CHECK-DAG: memref.alloca() {alignment = 64 : i64} : memref<4x1x16xf32>
// CHECK: scf.for %[[FIRST:.*]] = %c0 to %[[N:.*]] step
// CHECK: scf.if
// CHECK: vector.store %{{.*}}, %{{.*}}[%c0, %c0, %c0] : memref<4x1x16xf32>, vector<8xf32>
// CHECK: scf.parallel (%[[R:.*]], %[[U:.*]]) = (%c0, %c0) to (%{{.*}}, %c16)
// CHECK: memref.load %{{.*}}[%[[R]], %c0, %[[U]]]
// CHECK: arith.negf
// CHECK: vector.constant_mask [2]
// CHECK: vector.maskedload %{{.*}} : memref<?x18xf32>
// CHECK: scf.parallel (%{{.*}}, %{{.*}}) = (%c0, %c0) to (%{{.*}}, %c2)
func.func @made(%x: memref<?x5xf32>, %panels: memref<2x5x16xf32>, %init: memref<?x18xf32>,
                %y: memref<?x18xf32>, %n: index) {
  sched.product %x, %panels init(%init) rows(%n) units(18)
      : memref<?x5xf32>, memref<2x5x16xf32>, memref<?x18xf32> {
  ^bb0(%row: index, %unit: index, %a: f32):
    %v = arith.negf %a : f32
    memref.store %v, %y[%row, %unit] : memref<?x18xf32>
  }
  return
}

// A part of the panels: whole ones in a loop, the last one where it is in the
// part.
// CHECK-LABEL: func.func @part
// CHECK-SAME: %[[FIRST:[a-z0-9]+]]: index, %[[END:[a-z0-9]+]]: index)
// CHECK: %[[WHOLE:.*]] = arith.minui %[[END]], %c2
// CHECK: scf.for %{{.*}} = %[[FIRST]] to %[[WHOLE]] step %c1
// CHECK-DAG: %[[BEHIND:.*]] = arith.cmpi ule, %[[FIRST]], %c2
// CHECK-DAG: %[[BEFORE:.*]] = arith.cmpi ugt, %[[END]], %c2
// CHECK: %[[MINE:.*]] = arith.andi %[[BEHIND]], %[[BEFORE]]
// CHECK: scf.if %[[MINE]]
func.func @part(%x: memref<?x5xf32>, %panels: memref<3x5x8xf32>, %y: memref<?x20xf32>, %n: index,
                %first: index, %end: index) {
  sched.product %x, %panels rows(%n) units(20) panels(%first to %end) : memref<?x5xf32>, memref<3x5x8xf32> {
  ^bb0(%row: index, %unit: index, %sum: f32):
    memref.store %sum, %y[%row, %unit] : memref<?x20xf32>
  }
  return
}

// One row takes two panels at once, and the last of three alone; more rows take
// them one by one.
// CHECK-LABEL: func.func @paired
// CHECK: %[[ONE:.*]] = arith.cmpi eq, %{{.*}}, %c1
// CHECK: scf.if %[[ONE]] {
// CHECK-NEXT: %[[SUMS:.*]]:2 = scf.for %[[K:.*]] = %c0 to %c5 step %c1 iter_args
// CHECK: vector.load %{{.*}}[%c0, %[[K]], %c0] : memref<3x5x8xf32>
// CHECK: vector.load %{{.*}}[%c1, %[[K]], %c0] : memref<3x5x8xf32>
// CHECK: vector.store %[[SUMS]]#1, %{{.*}}[%c0, %c8] : memref<?x24xf32>
// CHECK: vector.load %{{.*}}[%c2, %{{.*}}, %c0] : memref<3x5x8xf32>
// CHECK: } else {
// CHECK: scf.for %{{.*}} = %c0 to %c3 step %c1
func.func @paired(%x: memref<?x5xf32>, %panels: memref<3x5x8xf32>, %y: memref<?x24xf32>, %n: index) {
  sched.product %x, %panels rows(%n) units(24) : memref<?x5xf32>, memref<3x5x8xf32> {
  ^bb0(%row: index, %unit: index, %a: f32):
    memref.store %a, %y[%row, %unit] : memref<?x24xf32>
  }
  return
}
