// RUN: seq-opt %s --convert-parallel-to-gpu=threads=64 --canonicalize | FileCheck %s

// A block does the task of its number. Its threads share out the positions of
// a parallel loop, neighbours first; loops inside are each thread's own.
// CHECK: module attributes {gpu.container_module}
// CHECK-NOT: @M_tile
// CHECK: func.func @M_workspace
// CHECK-NOT: func.func
// CHECK: gpu.module @kernels
// CHECK: func.func private @M_workspace(%{{.*}}: !llvm.ptr) -> i64 attributes {llvm.linkage = #llvm.linkage<internal>}
// CHECK: gpu.func @M_tile(%[[CALL:.*]]: !llvm.ptr) kernel attributes {known_block_size = array<i32: 64, 1, 1>} {
// CHECK-DAG: %[[THREAD:.*]] = gpu.thread_id x
// CHECK-DAG: %[[BLOCK:.*]] = gpu.block_id x
// CHECK: arith.index_cast %[[BLOCK]] : index to i64
// CHECK: call @M_workspace(%[[CALL]])
// CHECK: %[[COUNT:.*]] = arith.muli %{{.*}}, %c4
// CHECK: gpu.barrier
// CHECK-NEXT: scf.for %[[AT:.*]] = %[[THREAD]] to %[[COUNT]] step %c64 {
// CHECK: %[[J:.*]] = arith.remui %[[AT]], %c4
// CHECK: %[[I:.*]] = arith.divui %[[AT]], %c4
// CHECK: %[[SUM:.*]] = scf.for %{{.*}} = %c0 to %c5 step %c1 iter_args
// CHECK-NOT: gpu.barrier
// CHECK: memref.store %[[SUM]], %{{.*}}[%[[I]], %[[J]]]
// CHECK: }
// CHECK-NEXT: gpu.barrier
// CHECK-NOT: scf.parallel
// CHECK: gpu.return
func.func private @M_tile(%call: !llvm.ptr, %tile: i64, %worker: i32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %c5 = arith.constant 5 : index
  %zero = arith.constant 0.0 : f32
  %size = func.call @M_workspace(%call) : (!llvm.ptr) -> i64
  %rows = arith.addi %size, %tile : i64
  %n = arith.index_cast %rows : i64 to index
  %y = memref.get_global @table : memref<9x4xf32>
  scf.parallel (%i, %j) = (%c0, %c0) to (%n, %c4) step (%c1, %c1) {
    %sum = scf.parallel (%k) = (%c0) to (%c5) step (%c1) init(%zero) -> f32 {
      %v = memref.load %y[%k, %j] : memref<9x4xf32>
      scf.reduce(%v : f32) {
      ^bb0(%a: f32, %b: f32):
        %c = arith.addf %a, %b : f32
        scf.reduce.return %c : f32
      }
    }
    memref.store %sum, %y[%i, %j] : memref<9x4xf32>
    scf.reduce
  }
  return
}
memref.global "private" @table : memref<9x4xf32>
func.func @M_workspace(%call: !llvm.ptr) -> i64 {
  %size = llvm.load %call : !llvm.ptr -> i64
  return %size : i64
}
func.func private @seqc_run_tiles(!llvm.ptr, i64, !llvm.ptr) -> i32
func.func @M(%call: !llvm.ptr) -> i32 {
  %one = arith.constant 1 : i64
  %task = constant @M_tile : (!llvm.ptr, i64, i32) -> ()
  %address = builtin.unrealized_conversion_cast %task : (!llvm.ptr, i64, i32) -> () to !llvm.ptr
  %status = call @seqc_run_tiles(%call, %one, %address) : (!llvm.ptr, i64, !llvm.ptr) -> i32
  return %status : i32
}
