// RUN: seq-opt %s --convert-sched-to-vector='vector-bits=256 registers=16 dot-bf16' --canonicalize | FileCheck %s

// A dot product takes a pair of each column. One row has two sums, each in four
// chains: five pairs are one for each chain, and one more; then the chains are
// added up.
// CHECK-LABEL: func.func @dot
// CHECK-COUNT-2: vector.load %{{.*}} : memref<1x5x32xbf16>, vector<16xbf16>
// CHECK: %[[PAIR:.*]] = vector.load %{{.*}} : memref<?x10xbf16>, vector<2xbf16>
// CHECK: %[[BITS:.*]] = vector.bitcast %[[PAIR]] : vector<2xbf16> to vector<1xi32>
// CHECK: vector.broadcast %{{.*}} : i32 to vector<8xi32>
// CHECK-COUNT-10: llvm.call_intrinsic "llvm.x86.avx512bf16.dpbf16ps.256"(%{{.*}}) : (vector<8xf32>, vector<16xbf16>, vector<16xbf16>) -> vector<8xf32>
// CHECK-NOT: llvm.call_intrinsic
// CHECK-COUNT-6: arith.addf %{{.*}} : vector<8xf32>
// CHECK: vector.store
func.func @dot(%x: memref<?x10xbf16>, %panels: memref<1x5x32xbf16>, %y: memref<?x16xf32>) {
  %one = arith.constant 1 : index
  sched.product %x, %panels rows(%one) units(16) : memref<?x10xbf16>, memref<1x5x32xbf16> {
  ^bb0(%row: index, %unit: index, %a: f32):
    memref.store %a, %y[%row, %unit] : memref<?x16xf32>
  }
  return
}

// Rows of f32 are multiplied with either number of the pairs by itself; of the
// last pair with the first.
// CHECK-LABEL: func.func @apart
// CHECK: vector.load %{{.*}} : memref<1x3x32xbf16>, vector<16xbf16>
// CHECK: vector.bitcast %{{.*}} : vector<16xbf16> to vector<8xi32>
// CHECK: arith.shli
// CHECK: arith.andi
// CHECK: memref.load %{{.*}} : memref<?x5xf32>
// CHECK-COUNT-8: vector.fma
// CHECK: memref.load %{{.*}}[%c0, %c4] : memref<?x5xf32>
// CHECK-COUNT-2: vector.fma
// CHECK-NOT: vector.fma
// CHECK: return
func.func @apart(%x: memref<?x5xf32>, %panels: memref<1x3x32xbf16>, %y: memref<?x16xf32>) {
  %one = arith.constant 1 : index
  sched.product %x, %panels rows(%one) units(16) : memref<?x5xf32>, memref<1x3x32xbf16> {
  ^bb0(%row: index, %unit: index, %a: f32):
    memref.store %a, %y[%row, %unit] : memref<?x16xf32>
  }
  return
}

// Vectors that are too short for the instruction.
// CHECK-LABEL: func.func @narrow
// CHECK-NOT: llvm.call_intrinsic
// CHECK: arith.extf %{{.*}} : bf16 to f32
// CHECK: vector.fma %{{.*}} : vector<2xf32>
func.func @narrow(%x: memref<?x6xbf16>, %panels: memref<1x3x4xbf16>, %y: memref<?x2xf32>, %n: index) {
  sched.product %x, %panels rows(%n) units(2) : memref<?x6xbf16>, memref<1x3x4xbf16> {
  ^bb0(%row: index, %unit: index, %a: f32):
    memref.store %a, %y[%row, %unit] : memref<?x2xf32>
  }
  return
}
