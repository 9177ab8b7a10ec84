// RUN: seq-opt %s --sched-share-work --canonicalize --cse --split-input-file | FileCheck %s

// A team of two has a side each: a member is 0 of 1 on its own, and 1 of 1,
// without a part, on the other. Nobody meets in between. What others have
// written before both must be there, and what is behind waits for both.
// CHECK-LABEL: func.func @pair
// CHECK-SAME: (%{{.*}}: !llvm.ptr, %[[M:[a-z0-9]+]]: index, %[[N:[a-z0-9]+]]: index,
// CHECK: %[[TWO:.*]] = arith.cmpi eq, %[[N]], %c2
// CHECK: %[[OWN0:.*]] = arith.cmpi eq, %[[M]], %c0
// CHECK: %[[ALONE0:.*]] = arith.select %[[OWN0]], %c0, %c1
// CHECK: %[[M0:.*]] = arith.select %[[TWO]], %[[ALONE0]], %[[M]]
// CHECK: %[[NS:.*]] = arith.select %[[TWO]], %c1, %[[N]]
// CHECK: %[[OWN1:.*]] = arith.cmpi eq, %[[M]], %c1
// CHECK: %[[ALONE1:.*]] = arith.select %[[OWN1]], %c0, %c1
// CHECK: %[[M1:.*]] = arith.select %[[TWO]], %[[ALONE1]], %[[M]]
// CHECK: scf.parallel
// CHECK: sched.barrier %{{.*}} members(%[[N]])
// CHECK: scf.for
// The product needs all of the state, so those who share it meet in the loop.
// CHECK: sched.barrier %{{.*}} members(%[[NS]])
// CHECK: sched.product
// CHECK: } {sched.side = 0 : i64}
// CHECK-NOT: sched.barrier
// CHECK: scf.for
// CHECK: sched.barrier %{{.*}} members(%[[NS]])
// CHECK: sched.product
// CHECK: } {sched.side = 1 : i64}
// CHECK: sched.barrier %{{.*}} members(%[[N]])
// CHECK: scf.parallel
func.func @pair(%call: !llvm.ptr, %m: index, %n: index, %steps: index, %bytes: memref<?xi8>,
                %w: memref<4x64x16xf32>, %v: memref<4x64x16xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c64 = arith.constant 64 : index
  %b = arith.constant 65536 : index
  %c = arith.constant 131072 : index
  %d = arith.constant 196608 : index
  %zero = arith.constant 0.0 : f32
  %h = memref.view %bytes[%c0][] : memref<?xi8> to memref<2x64xf32>
  %h1 = memref.view %bytes[%b][] : memref<?xi8> to memref<2x64xf32>
  %g = memref.view %bytes[%c][] : memref<?xi8> to memref<2x64xf32>
  %g1 = memref.view %bytes[%d][] : memref<?xi8> to memref<2x64xf32>
  sched.team %call member(%m of %n) : !llvm.ptr
  scf.parallel (%i, %j) = (%c0, %c0) to (%c2, %c64) step (%c1, %c1) {
    memref.store %zero, %h[%i, %j] : memref<2x64xf32>
    memref.store %zero, %g[%i, %j] : memref<2x64xf32>
  }
  scf.for %t = %c0 to %steps step %c1 {
    sched.product %h, %w rows(%c2) units(64) : memref<2x64xf32>, memref<4x64x16xf32> {
    ^bb0(%row: index, %unit: index, %sum: f32):
      memref.store %sum, %h1[%row, %unit] : memref<2x64xf32>
    }
    scf.parallel (%i, %j) = (%c0, %c0) to (%c2, %c64) step (%c1, %c1) {
      %x = memref.load %h1[%i, %j] : memref<2x64xf32>
      memref.store %x, %h[%i, %j] : memref<2x64xf32>
    }
  } {sched.side = 0 : i64}
  scf.for %t = %c0 to %steps step %c1 {
    sched.product %g, %v rows(%c2) units(64) : memref<2x64xf32>, memref<4x64x16xf32> {
    ^bb0(%row: index, %unit: index, %sum: f32):
      memref.store %sum, %g1[%row, %unit] : memref<2x64xf32>
    }
    scf.parallel (%i, %j) = (%c0, %c0) to (%c2, %c64) step (%c1, %c1) {
      %x = memref.load %g1[%i, %j] : memref<2x64xf32>
      memref.store %x, %g[%i, %j] : memref<2x64xf32>
    }
  } {sched.side = 1 : i64}
  scf.parallel (%i, %j) = (%c0, %c0) to (%c2, %c64) step (%c1, %c1) {
    %x = memref.load %h[%i, %j] : memref<2x64xf32>
    %y = memref.load %g[%i, %j] : memref<2x64xf32>
    %z = arith.addf %x, %y : f32
    memref.store %z, %h1[%i, %j] : memref<2x64xf32>
  }
  return
}

// -----

// What no loop shares the member of its side writes.
// CHECK-LABEL: func.func @alone
// CHECK-SAME: (%{{.*}}: !llvm.ptr, %[[M:[a-z0-9]+]]: index, %[[N:[a-z0-9]+]]: index,
// CHECK: %[[OWN1:.*]] = arith.cmpi eq, %[[M]], %c1
// CHECK: %[[ALONE1:.*]] = arith.select %[[OWN1]], %c0, %c1
// CHECK: %[[M1:.*]] = arith.select %{{.*}}, %[[ALONE1]], %[[M]]
// CHECK: %[[FIRST:.*]] = arith.cmpi eq, %[[M1]], %c0
// CHECK: scf.if %[[FIRST]] {
// CHECK-NEXT: memref.store %{{.*}}, %{{.*}}[%c1]
func.func @alone(%call: !llvm.ptr, %m: index, %n: index, %bytes: memref<?xi8>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f32
  %x = memref.view %bytes[%c0][] : memref<?xi8> to memref<2xf32>
  sched.team %call member(%m of %n) : !llvm.ptr
  memref.store %zero, %x[%c0] {sched.side = 0 : i64} : memref<2xf32>
  memref.store %zero, %x[%c1] {sched.side = 1 : i64} : memref<2xf32>
  return
}

// -----

// In a loop all meet once a turn, for a side reads what the other one has
// written in the turn before.
// CHECK-LABEL: func.func @turns
// CHECK-SAME: (%{{.*}}: !llvm.ptr, %[[M:[a-z0-9]+]]: index, %[[N:[a-z0-9]+]]: index,
// CHECK: scf.for
// CHECK: sched.barrier %{{.*}} members(%[[N]])
// CHECK-NEXT: scf.parallel
// CHECK-NOT: sched.barrier
// CHECK: scf.parallel
// CHECK-NOT: sched.barrier
// CHECK: return
func.func @turns(%call: !llvm.ptr, %m: index, %n: index, %turns: index, %bytes: memref<?xi8>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c64 = arith.constant 64 : index
  %b = arith.constant 65536 : index
  %zero = arith.constant 0.0 : f32
  %x = memref.view %bytes[%c0][] : memref<?xi8> to memref<64xf32>
  %y = memref.view %bytes[%b][] : memref<?xi8> to memref<64xf32>
  sched.team %call member(%m of %n) : !llvm.ptr
  scf.for %turn = %c0 to %turns step %c1 {
    scf.parallel (%j) = (%c0) to (%c64) step (%c1) {
      memref.store %zero, %x[%j] : memref<64xf32>
    } {sched.side = 0 : i64}
    scf.parallel (%j) = (%c0) to (%c64) step (%c1) {
      %v = memref.load %x[%j] : memref<64xf32>
      memref.store %v, %y[%j] : memref<64xf32>
    } {sched.side = 1 : i64}
  }
  return
}

// -----

// A side without another one is the whole team's.
// CHECK-LABEL: func.func @single
// CHECK-SAME: (%{{.*}}: !llvm.ptr, %[[M:[a-z0-9]+]]: index,
// CHECK-NOT: arith.select
// CHECK: %[[FIRST:.*]] = arith.cmpi eq, %[[M]], %c0
// CHECK: scf.if %[[FIRST]]
func.func @single(%call: !llvm.ptr, %m: index, %n: index, %bytes: memref<?xi8>) {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f32
  %x = memref.view %bytes[%c0][] : memref<?xi8> to memref<2xf32>
  sched.team %call member(%m of %n) : !llvm.ptr
  memref.store %zero, %x[%c0] {sched.side = 0 : i64} : memref<2xf32>
  return
}

// -----

// A member behind the last column has no panel, whatever a panel's width.
// CHECK-LABEL: func.func @no_panel
// CHECK: %[[FIRST:.*]] = arith.ceildivui %{{.*}}, %c16
// CHECK: %[[END:.*]] = arith.ceildivui %{{.*}}, %c16
// CHECK: panels(%[[FIRST]] to %[[END]])
func.func @no_panel(%call: !llvm.ptr, %m: index, %n: index, %x: memref<2x8xf32>, %y: memref<2x40xf32>,
                    %w: memref<3x8x16xf32>) {
  %c2 = arith.constant 2 : index
  sched.team %call member(%m of %n) : !llvm.ptr
  sched.product %x, %w rows(%c2) units(40) : memref<2x8xf32>, memref<3x8x16xf32> {
  ^bb0(%row: index, %unit: index, %sum: f32):
    memref.store %sum, %y[%row, %unit] : memref<2x40xf32>
  }
  return
}

// -----

// A run between those of another pair: neither is dealt out.
// CHECK-LABEL: func.func @crossed
// CHECK-SAME: (%{{.*}}: !llvm.ptr, %[[M:[a-z0-9]+]]: index,
// CHECK-NOT: arith.select
// CHECK-COUNT-3: scf.if
func.func @crossed(%call: !llvm.ptr, %m: index, %n: index, %bytes: memref<?xi8>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %b = arith.constant 64 : index
  %c = arith.constant 128 : index
  %zero = arith.constant 0.0 : f32
  %x = memref.view %bytes[%c0][] : memref<?xi8> to memref<2xf32>
  %y = memref.view %bytes[%b][] : memref<?xi8> to memref<2xf32>
  %z = memref.view %bytes[%c][] : memref<?xi8> to memref<2xf32>
  sched.team %call member(%m of %n) : !llvm.ptr
  memref.store %zero, %x[%c0] {sched.side = 0 : i64} : memref<2xf32>
  memref.store %zero, %y[%c0] {sched.side = 2 : i64} : memref<2xf32>
  memref.store %zero, %z[%c0] {sched.side = 1 : i64} : memref<2xf32>
  return
}
