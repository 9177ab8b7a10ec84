// RUN: seq-opt %s --convert-parallel-to-gpu=threads=64 --canonicalize | FileCheck %s

// Packing is done on the device, too: a kernel of one block, which shares out
// loops as a task does, and returns nothing. The host's function stays.
// CHECK: func.func @M_pack(%{{.*}}: !llvm.ptr, %{{.*}}: !llvm.ptr) -> i32
// CHECK: gpu.module @kernels
// CHECK: gpu.func @M_pack(%[[PARAMS:.*]]: !llvm.ptr, %[[PACKED:.*]]: !llvm.ptr) kernel attributes {known_block_size = array<i32: 64, 1, 1>} {
// CHECK: %[[THREAD:.*]] = gpu.thread_id x
// CHECK: %[[VALUE:.*]] = llvm.load %[[PARAMS]] : !llvm.ptr -> f32
// CHECK: scf.for %[[AT:.*]] = %[[THREAD]] to %c4 step %c64 {
// CHECK-NEXT: memref.store %[[VALUE]], %{{.*}}[%[[AT]]]
// CHECK: gpu.barrier
// CHECK: %[[FIRST:.*]] = arith.cmpi eq, %[[THREAD]], %c0
// CHECK-NEXT: scf.if %[[FIRST]] {
// CHECK-NEXT: llvm.store %[[VALUE]], %[[PACKED]]
// CHECK: gpu.return
func.func @M_pack(%params: !llvm.ptr, %packed: !llvm.ptr) -> i32 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %ok = arith.constant 0 : i32
  %value = llvm.load %params : !llvm.ptr -> f32
  %table = memref.get_global @table : memref<4xf32>
  scf.parallel (%i) = (%c0) to (%c4) step (%c1) {
    memref.store %value, %table[%i] : memref<4xf32>
    scf.reduce
  }
  llvm.store %value, %packed : f32, !llvm.ptr
  return %ok : i32
}
memref.global "private" @table : memref<4xf32>
func.func private @M_tile(%call: !llvm.ptr, %tile: i64, %worker: i32) {
  return
}
func.func private @seqc_run_tiles(!llvm.ptr, i64, !llvm.ptr) -> i32
func.func @M(%call: !llvm.ptr) -> i32 {
  %one = arith.constant 1 : i64
  %task = constant @M_tile : (!llvm.ptr, i64, i32) -> ()
  %address = builtin.unrealized_conversion_cast %task : (!llvm.ptr, i64, i32) -> () to !llvm.ptr
  %status = call @seqc_run_tiles(%call, %one, %address) : (!llvm.ptr, i64, !llvm.ptr) -> i32
  return %status : i32
}
