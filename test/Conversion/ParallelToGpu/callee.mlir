// RUN: seq-opt %s --convert-parallel-to-gpu=threads=64 --canonicalize | FileCheck %s

// A function with parallel loops is called by all threads, and shares out its
// loops itself.
// CHECK: gpu.module
// CHECK: func.func private @product(%{{.*}}: memref<?xf32>) attributes {{{.*}}passthrough = ["convergent"]}
// CHECK: %[[THREAD:.*]] = gpu.thread_id x
// CHECK: gpu.barrier
// CHECK-NEXT: scf.for %{{.*}} = %[[THREAD]] to %c4 step %c64
// CHECK: gpu.barrier
// CHECK: gpu.func @M_tile
// CHECK-NOT: gpu.barrier
// CHECK: scf.for %{{.*}} = %c0 to
// CHECK-NOT: gpu.barrier
// CHECK: func.call @product
// CHECK-NOT: gpu.barrier
// CHECK: gpu.return
func.func private @product(%y: memref<?xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %zero = arith.constant 0.0 : f32
  scf.parallel (%k) = (%c0) to (%c4) step (%c1) {
    memref.store %zero, %y[%k] : memref<?xf32>
    scf.reduce
  }
  return
}
func.func private @M_tile(%call: !llvm.ptr, %tile: i64, %worker: i32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = arith.index_cast %tile : i64 to index
  %table = memref.get_global @table : memref<4xf32>
  %y = memref.cast %table : memref<4xf32> to memref<?xf32>
  scf.for %i = %c0 to %n step %c1 {
    func.call @product(%y) : (memref<?xf32>) -> ()
  }
  return
}
memref.global "private" @table : memref<4xf32>
func.func @M() {
  %task = constant @M_tile : (!llvm.ptr, i64, i32) -> ()
  return
}
