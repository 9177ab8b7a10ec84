// RUN: seq-opt %s --sched-share-work --canonicalize --cse --split-input-file | FileCheck %s

// Members have their columns, at multiples of 32, in each loop.
// CHECK-LABEL: func.func @columns
// CHECK-SAME: (%[[CALL:[a-z0-9]+]]: !llvm.ptr, %[[M:[a-z0-9]+]]: index, %[[N:[a-z0-9]+]]: index,
// CHECK-DAG: %[[C32:.*]] = arith.constant 32 : index
// CHECK-DAG: %[[C100:.*]] = arith.constant 100 : index
// CHECK: %[[SHARE:.*]] = arith.ceildivui %c4, %[[N]]
// CHECK: %[[FROM:.*]] = arith.muli %[[M]], %[[SHARE]]
// CHECK: %[[FIRST:.*]] = arith.minui %{{.*}}, %[[C100]]
// CHECK: %[[END:.*]] = arith.minui %{{.*}}, %[[C100]]
// CHECK: scf.parallel (%{{.*}}, %{{.*}}) = (%c0, %[[FIRST]]) to (%{{.*}}, %[[END]])
// Its own columns a member may read at once.
// CHECK-NOT: sched.barrier
// CHECK: scf.parallel (%{{.*}}, %{{.*}}) = (%c0, %[[FIRST]]) to (%{{.*}}, %[[END]])
// CHECK-NOT: sched.team
func.func @columns(%call: !llvm.ptr, %m: index, %n: index, %rows: index, %bytes: memref<?xi8>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c100 = arith.constant 100 : index
  %one = arith.constant 1.0 : f32
  sched.team %call member(%m of %n) : !llvm.ptr
  %x = memref.view %bytes[%c0][%rows] : memref<?xi8> to memref<?x100xf32>
  scf.parallel (%i, %j) = (%c0, %c0) to (%rows, %c100) step (%c1, %c1) {
    memref.store %one, %x[%i, %j] : memref<?x100xf32>
  }
  scf.parallel (%i, %j) = (%c0, %c0) to (%rows, %c100) step (%c1, %c1) {
    %v = memref.load %x[%i, %j] : memref<?x100xf32>
    %w = arith.addf %v, %one : f32
    memref.store %w, %x[%i, %j] : memref<?x100xf32>
  }
  return
}

// -----

// A step whose product reads the whole state: one barrier before it, none
// behind, since the state that it writes is another one.
// CHECK-LABEL: func.func @step
// CHECK: scf.for
// CHECK-NEXT: %[[FIRST:.*]] = arith.ceildivui %{{.*}}, %c16
// CHECK-NEXT: %[[END:.*]] = arith.ceildivui %{{.*}}, %c16
// CHECK-NEXT: sched.barrier %{{.*}} members(%[[N:.*]]) : !llvm.ptr
// What others have written of it is asked for at once.
// CHECK-NEXT: %[[TEAM:.*]] = arith.cmpi ugt, %[[N]], %c1
// CHECK-NEXT: scf.if %[[TEAM]] {
// CHECK-NEXT: scf.for %[[ROW:.*]] = %c0 to
// CHECK-NEXT: scf.for %[[K:.*]] = %c0 to %c64 step %c16
// CHECK-NEXT: memref.prefetch %{{.*}}[%[[ROW]], %[[K]]], read
// CHECK: sched.product %{{.*}} rows(%{{.*}}) units(64) panels(%[[FIRST]] to %[[END]])
// CHECK-NOT: sched.barrier
// CHECK: return
func.func @step(%call: !llvm.ptr, %m: index, %n: index, %rows: index, %steps: index,
                %bytes: memref<?xi8>, %w: memref<4x64x16xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %half = arith.constant 65536 : index
  %x = memref.view %bytes[%c0][%rows] : memref<?xi8> to memref<?x64xf32>
  %y = memref.view %bytes[%half][%rows] : memref<?xi8> to memref<?x64xf32>
  sched.team %call member(%m of %n) : !llvm.ptr
  %r:2 = scf.for %t = %c0 to %steps step %c1 iter_args(%from = %x, %to = %y) -> (memref<?x64xf32>, memref<?x64xf32>) {
    sched.product %from, %w rows(%rows) units(64) : memref<?x64xf32>, memref<4x64x16xf32> {
    ^bb0(%row: index, %unit: index, %sum: f32):
      %v = math.tanh %sum : f32
      memref.store %v, %to[%row, %unit] : memref<?x64xf32>
    }
    scf.yield %to, %from : memref<?x64xf32>, memref<?x64xf32>
  }
  return
}

// -----

// What is no loop is written by the first member, and read by all when it is
// there.
// CHECK-LABEL: func.func @alone
// CHECK-SAME: (%[[CALL:[a-z0-9]+]]: !llvm.ptr, %[[M:[a-z0-9]+]]: index, %[[N:[a-z0-9]+]]: index,
// CHECK: %[[FIRST:.*]] = arith.cmpi eq, %[[M]], %c0
// CHECK: scf.if %[[FIRST]] {
// CHECK-NEXT: memref.store
// CHECK-NEXT: }
// CHECK-NEXT: sched.barrier %[[CALL]] members(%[[N]]) : !llvm.ptr
// CHECK-NEXT: %[[ROWS:.*]] = memref.load
// CHECK: scf.parallel (%{{.*}}, %{{.*}}) = (%c0, %{{.*}}) to (%[[ROWS]], %{{.*}})
func.func @alone(%call: !llvm.ptr, %m: index, %n: index, %rows: index, %bytes: memref<?xi8>, %y: memref<?x64xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c64 = arith.constant 64 : index
  %one = arith.constant 1.0 : f32
  sched.team %call member(%m of %n) : !llvm.ptr
  %lengths = memref.view %bytes[%c0][] : memref<?xi8> to memref<1xindex>
  memref.store %rows, %lengths[%c0] : memref<1xindex>
  %length = memref.load %lengths[%c0] : memref<1xindex>
  scf.parallel (%i, %j) = (%c0, %c0) to (%length, %c64) step (%c1, %c1) {
    memref.store %one, %y[%i, %j] : memref<?x64xf32>
  }
  return
}

// -----

// A function that the team calls is told of it; other callers are one by
// themselves.
// CHECK-LABEL: func.func private @kernel
// CHECK-SAME: (%{{.*}}: memref<?x64xf32>, %{{.*}}: index, %{{.*}}: !llvm.ptr, %[[M:[a-z0-9]+]]: index, %[[N:[a-z0-9]+]]: index)
// CHECK: arith.ceildivui %{{.*}}, %[[N]]
// CHECK: scf.parallel
func.func private @kernel(%y: memref<?x64xf32>, %rows: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c64 = arith.constant 64 : index
  %one = arith.constant 1.0 : f32
  scf.parallel (%i, %j) = (%c0, %c0) to (%rows, %c64) step (%c1, %c1) {
    memref.store %one, %y[%i, %j] : memref<?x64xf32>
  }
  return
}
// CHECK-LABEL: func.func @caller
// CHECK-SAME: (%[[CALL:[a-z0-9]+]]: !llvm.ptr, %[[M:[a-z0-9]+]]: index, %[[N:[a-z0-9]+]]: index,
// CHECK: call @kernel(%{{.*}}, %{{.*}}, %[[CALL]], %[[M]], %[[N]])
func.func @caller(%call: !llvm.ptr, %m: index, %n: index, %y: memref<?x64xf32>, %rows: index) {
  sched.team %call member(%m of %n) : !llvm.ptr
  call @kernel(%y, %rows) : (memref<?x64xf32>, index) -> ()
  return
}
// CHECK-LABEL: func.func @other
// CHECK: %[[NULL:.*]] = llvm.mlir.zero
// CHECK: call @kernel(%{{.*}}, %{{.*}}, %[[NULL]], %c0, %c1)
func.func @other(%y: memref<?x64xf32>, %rows: index) {
  call @kernel(%y, %rows) : (memref<?x64xf32>, index) -> ()
  return
}

// -----

// Memory on the stack is each member's own: the first does it all.
// CHECK-LABEL: func.func @stack
// CHECK: scf.if
// CHECK: memref.alloca
// CHECK: scf.parallel (%{{.*}}) = (%c0) to (%c64)
// CHECK-NOT: sched.barrier
func.func @stack(%call: !llvm.ptr, %m: index, %n: index, %y: memref<64xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c64 = arith.constant 64 : index
  sched.team %call member(%m of %n) : !llvm.ptr
  %x = memref.alloca() : memref<f32>
  %one = arith.constant 1.0 : f32
  memref.store %one, %x[] : memref<f32>
  scf.parallel (%i) = (%c0) to (%c64) step (%c1) {
    %v = memref.load %x[] : memref<f32>
    memref.store %v, %y[%i] : memref<64xf32>
  }
  return
}
