// RUN: seq-opt %s | seq-opt | FileCheck %s

// CHECK-LABEL: func.func @team
// CHECK-NEXT: sched.team %{{.*}} member(%{{.*}} of %{{.*}}) : !llvm.ptr
// CHECK-NEXT: sched.barrier %{{.*}} members(%{{.*}}) : !llvm.ptr
func.func @team(%call: !llvm.ptr, %m: index, %n: index) {
  sched.team %call member(%m of %n) : !llvm.ptr
  sched.barrier %call members(%n) : !llvm.ptr
  return
}
