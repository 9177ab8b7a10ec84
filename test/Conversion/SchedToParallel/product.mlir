// RUN: seq-opt %s --convert-sched-to-parallel --canonicalize | FileCheck %s

// A position for each row and unit; unit 8 and those behind it are in the
// second panel. Without `init` sums begin with zero.
// CHECK-LABEL: func.func @stored
// CHECK-SAME: (%[[X:.*]]: memref<?x3xf32>, %[[PANELS:.*]]: memref<2x3x8xf32>, %[[Y:.*]]: memref<?x16xf32>, %[[N:.*]]: index)
// CHECK: scf.parallel (%[[ROW:.*]], %[[UNIT:.*]]) = (%c0, %c0) to (%[[N]], %c16) step (%c1, %c1) {
// CHECK: %[[PANEL:.*]] = arith.divui %[[UNIT]], %c8
// CHECK: %[[COLUMN:.*]] = arith.remui %[[UNIT]], %c8
// CHECK: %[[SUM:.*]] = scf.for %[[K:.*]] = %c0 to %c3 step %c1 iter_args(%[[S:.*]] = %cst) -> (f32) {
// CHECK: %[[V:.*]] = memref.load %[[X]][%[[ROW]], %[[K]]]
// CHECK: %[[W:.*]] = memref.load %[[PANELS]][%[[PANEL]], %[[K]], %[[COLUMN]]]
// CHECK: %[[NEXT:.*]] = math.fma %[[V]], %[[W]], %[[S]] : f32
// CHECK: scf.yield %[[NEXT]]
// CHECK: memref.store %[[SUM]], %[[Y]][%[[ROW]], %[[UNIT]]]
// CHECK-NOT: seq.independent
func.func @stored(%x: memref<?x3xf32>, %panels: memref<2x3x8xf32>, %y: memref<?x16xf32>, %n: index) {
  sched.product %x, %panels rows(%n) units(16) : memref<?x3xf32>, memref<2x3x8xf32> {
  ^bb0(%row: index, %unit: index, %sum: f32):
    memref.store %sum, %y[%row, %unit] : memref<?x16xf32>
  }
  return
}

// All groups of a unit are in one panel, at the distance of its units; in
// `init`, at the distance of all units.
// CHECK-LABEL: func.func @groups
// CHECK-SAME: %[[INIT:[a-z0-9]+]]: memref<?x12xf32>
// CHECK: scf.parallel (%[[ROW:.*]], %[[UNIT:.*]]) = (%c0, %c0) to (%{{.*}}, %c6)
// CHECK-DAG: %[[COLUMN:.*]] = arith.remui %[[UNIT]], %c4
// CHECK-DAG: memref.load %[[INIT]][%[[ROW]], %[[UNIT]]]
// CHECK-DAG: %[[BEHIND:.*]] = arith.addi %[[UNIT]], %c6
// CHECK-DAG: memref.load %[[INIT]][%[[ROW]], %[[BEHIND]]]
// CHECK-DAG: %[[SECOND:.*]] = arith.addi %[[COLUMN]], %c4
// CHECK: %[[SUMS:.*]]:2 = scf.for %[[K:.*]] = %c0 to %c5
// CHECK: memref.load %{{.*}}[%{{.*}}, %[[K]], %[[COLUMN]]] : memref<2x5x8xf32>
// CHECK: memref.load %{{.*}}[%{{.*}}, %[[K]], %[[SECOND]]] : memref<2x5x8xf32>
// CHECK: arith.mulf %[[SUMS]]#0, %[[SUMS]]#1
// CHECK: {seq.independent}
func.func @groups(%x: memref<?x5xf32>, %panels: memref<2x5x8xf32>, %init: memref<?x12xf32>,
                  %y: memref<?x6xf32>, %n: index) {
  sched.product %x, %panels init(%init) rows(%n) units(6) {seq.independent}
      : memref<?x5xf32>, memref<2x5x8xf32>, memref<?x12xf32> {
  ^bb0(%row: index, %unit: index, %a: f32, %b: f32):
    %v = arith.mulf %a, %b : f32
    memref.store %v, %y[%row, %unit] : memref<?x6xf32>
  }
  return
}

// A part of the panels: its units, as far as there are some.
// CHECK-LABEL: func.func @part
// CHECK-SAME: %[[FIRST:[a-z0-9]+]]: index, %[[END:[a-z0-9]+]]: index)
// CHECK: %[[BEGIN:.*]] = arith.muli %[[FIRST]], %c4
// CHECK: %[[BEHIND:.*]] = arith.muli %[[END]], %c4
// CHECK: %[[LAST:.*]] = arith.minui %[[BEHIND]], %c6
// CHECK: scf.parallel (%{{.*}}, %{{.*}}) = (%c0, %[[BEGIN]]) to (%{{.*}}, %[[LAST]])
func.func @part(%x: memref<?x5xf32>, %panels: memref<2x5x4xf32>, %y: memref<?x6xf32>, %n: index,
                %first: index, %end: index) {
  sched.product %x, %panels rows(%n) units(6) panels(%first to %end) : memref<?x5xf32>, memref<2x5x4xf32> {
  ^bb0(%row: index, %unit: index, %sum: f32):
    memref.store %sum, %y[%row, %unit] : memref<?x6xf32>
  }
  return
}
