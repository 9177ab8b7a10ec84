// RUN: seq-opt %s --convert-parallel-to-gpu=threads=64 --canonicalize | FileCheck %s

// What stands outside of parallel loops all threads do alike, but for writes
// and reports, which are one thread's. A loop that only writes is left to it
// whole; what a loop reduces they all compute. One barrier serves between two
// writes.
// CHECK: func.func private @report(!llvm.ptr)
// CHECK: gpu.func @M_tile
// CHECK: %[[THREAD:.*]] = gpu.thread_id x
// CHECK: %[[FIRST:.*]] = arith.cmpi eq, %[[THREAD]], %c0
// CHECK-NEXT: gpu.barrier
// CHECK-NEXT: scf.if %[[FIRST]] {
// CHECK-NEXT: scf.for
// CHECK-NEXT: memref.store
// CHECK: gpu.barrier
// CHECK: %[[SUM:.*]] = scf.for {{.*}} iter_args
// CHECK: memref.load
// CHECK-NOT: gpu.barrier
// CHECK: scf.yield
// CHECK: %[[IS_BAD:.*]] = arith.cmpf
// CHECK: scf.if %[[IS_BAD]] {
// CHECK: scf.if %{{.*}} {
// CHECK-NEXT: func.call @report
// CHECK: gpu.barrier
// CHECK-NOT: gpu.barrier
// CHECK: scf.for %{{.*}} = %[[THREAD]] to
// CHECK: gpu.barrier
// CHECK: gpu.return
func.func private @report(!llvm.ptr)
func.func private @M_tile(%call: !llvm.ptr, %tile: i64, %worker: i32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %zero = arith.constant 0.0 : f32
  %n = arith.index_cast %tile : i64 to index
  %y = memref.get_global @table : memref<4xf32>
  scf.for %i = %c0 to %n step %c1 {
    memref.store %zero, %y[%i] : memref<4xf32>
  }
  %sum = scf.parallel (%k) = (%c0) to (%c4) step (%c1) init(%zero) -> f32 {
    %v = memref.load %y[%k] : memref<4xf32>
    scf.reduce(%v : f32) {
    ^bb0(%a: f32, %b: f32):
      %c = arith.addf %a, %b : f32
      scf.reduce.return %c : f32
    }
  }
  %is_bad = arith.cmpf olt, %sum, %zero : f32
  scf.if %is_bad {
    func.call @report(%call) : (!llvm.ptr) -> ()
    scf.parallel (%k) = (%c0) to (%n) step (%c1) {
      memref.store %zero, %y[%k] : memref<4xf32>
      scf.reduce
    }
  }
  return
}
memref.global "private" @table : memref<4xf32>
func.func @M() {
  %task = constant @M_tile : (!llvm.ptr, i64, i32) -> ()
  return
}
