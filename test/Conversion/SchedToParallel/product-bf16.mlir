// RUN: seq-opt %s --convert-sched-to-parallel | FileCheck %s

// Weights lie in pairs along K.
// CHECK-LABEL: func.func @pairs
// CHECK: scf.for %[[K:.*]] = %{{.*}} to %c5
// CHECK: %[[X:.*]] = memref.load %{{.*}}[%{{.*}}, %[[K]]] : memref<?x5xf32>
// CHECK: %[[STEP:.*]] = arith.divui %[[K]], %[[TWO:.*]] : index
// CHECK: %[[FIRST:.*]] = arith.muli %{{.*}}, %[[TWO]]
// CHECK: %[[WHICH:.*]] = arith.remui %[[K]], %[[TWO]]
// CHECK: %[[COLUMN:.*]] = arith.addi %[[FIRST]], %[[WHICH]]
// CHECK: %[[SHORT:.*]] = memref.load %{{.*}}[%{{.*}}, %[[STEP]], %[[COLUMN]]] : memref<2x3x16xbf16>
// CHECK: %[[W:.*]] = arith.extf %[[SHORT]] : bf16 to f32
// CHECK: math.fma %[[X]], %[[W]]
func.func @pairs(%x: memref<?x5xf32>, %panels: memref<2x3x16xbf16>, %y: memref<?x16xf32>, %n: index) {
  sched.product %x, %panels rows(%n) units(16) : memref<?x5xf32>, memref<2x3x16xbf16> {
  ^bb0(%row: index, %unit: index, %a: f32):
    memref.store %a, %y[%row, %unit] : memref<?x16xf32>
  }
  return
}
