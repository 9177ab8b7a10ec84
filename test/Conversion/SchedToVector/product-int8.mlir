// RUN: seq-opt %s --convert-sched-to-vector='vector-bits=256 registers=16 dot-int8' --canonicalize | FileCheck %s --check-prefixes=CHECK,DOT
// RUN: seq-opt %s --convert-sched-to-vector='vector-bits=256 registers=16' --canonicalize | FileCheck %s --check-prefixes=CHECK,APART

// Sums begin with the offsets of their columns, are whole numbers along K, and
// have both scales before they are added to what there is.
// CHECK-LABEL: func.func @whole
// CHECK: vector.load %[[OFFSETS:.*]][%c0, %c0] : memref<1x16xi32>, vector<8xi32>
// CHECK: vector.load %[[OFFSETS]][%c0, %c8] : memref<1x16xi32>, vector<8xi32>
// CHECK: vector.load %{{.*}} : memref<1x2x64xi8>, vector<32xi8>
// DOT: vector.load %{{.*}} : memref<?x8xi8>, vector<4xi8>
// DOT-COUNT-4: llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.256"(%{{.*}}) : (vector<8xi32>, vector<32xi8>, vector<32xi8>) -> vector<8xi32>
// APART: arith.shrsi %{{.*}} : vector<8xi32>
// APART: memref.load %{{.*}} : memref<?x8xi8>
// APART: arith.extui %{{.*}} : i8 to i32
// APART-COUNT-16: arith.muli %{{.*}} : vector<8xi32>
// CHECK: vector.load %{{.*}} : memref<?x16xf32>, vector<8xf32>
// CHECK: vector.load %{{.*}} : memref<1x16xf32>, vector<8xf32>
// CHECK: memref.load %{{.*}}[%c0] : memref<?xf32>
// CHECK: arith.mulf
// CHECK: arith.sitofp
// CHECK: vector.fma
// CHECK: vector.store
func.func @whole(%x: memref<?x8xi8>, %panels: memref<1x2x64xi8>, %of_rows: memref<?xf32>,
                 %of_columns: memref<1x16xf32>, %offsets: memref<1x16xi32>,
                 %init: memref<?x16xf32>, %y: memref<?x16xf32>) {
  %one = arith.constant 1 : index
  sched.product %x, %panels scales(%of_rows, %of_columns, %offsets) init(%init) rows(%one) units(16)
      : memref<?x8xi8>, memref<1x2x64xi8> scales(memref<?xf32>, memref<1x16xf32>, memref<1x16xi32>), memref<?x16xf32> {
  ^bb0(%row: index, %unit: index, %a: f32):
    memref.store %a, %y[%row, %unit] : memref<?x16xf32>
  }
  return
}
