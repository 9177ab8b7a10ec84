// RUN: seq-opt %S/scan.mlir --seq-phase-loops --seq-phase-llvm | mlir-translate --mlir-to-llvmir | FileCheck %s

// The four functions of the calling convention, and what they call.
// CHECK-DAG: define i32 @Model(ptr
// CHECK-DAG: define i32 @Model_pack(ptr {{.*}}, ptr
// CHECK-DAG: define i64 @Model_packed()
// CHECK-DAG: define i64 @Model_workspace(ptr {{.*}}, i32
// CHECK-DAG: define internal void @Model_tile(ptr {{.*}}, i64 {{.*}}, i32
// CHECK-DAG: declare i32 @seqc_run_tiles(ptr, i64, ptr)
// CHECK-DAG: call <{{[0-9]+}} x float> @llvm.fm{{a|uladd}}
// CHECK-NOT: @malloc
