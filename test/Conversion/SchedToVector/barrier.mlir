// RUN: seq-opt %s --convert-sched-to-vector --canonicalize | FileCheck %s

// The runtime is called where there is somebody to wait for.
// CHECK: func.func private @seqc_meet(!llvm.ptr, i32)
// CHECK-LABEL: func.func @meet
// CHECK-SAME: (%[[CALL:.*]]: !llvm.ptr, %[[N:.*]]: index)
// CHECK: %[[TEAM:.*]] = arith.cmpi ugt, %[[N]], %c1
// CHECK: scf.if %[[TEAM]] {
// CHECK-NEXT: %[[MEMBERS:.*]] = arith.index_cast %[[N]] : index to i32
// CHECK-NEXT: func.call @seqc_meet(%[[CALL]], %[[MEMBERS]])
func.func @meet(%call: !llvm.ptr, %n: index) {
  sched.barrier %call members(%n) : !llvm.ptr
  return
}
