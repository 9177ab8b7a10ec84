// RUN: seq-opt %s --split-input-file --vectorize-parallel-loops='vector-bits=256' --canonicalize | FileCheck %s

// Each place has lanes of its own along what is summed, as the places lie apart
// in memory. Lanes that do not exist add nothing, and a product that may be one
// operation with the sum is.
// CHECK-LABEL: func @dot(
// CHECK: scf.for %[[I:.*]] =
// CHECK: %[[SUM:.*]] = scf.for %[[K:.*]] = {{.*}} step %c8 iter_args(%[[S:.*]] = %cst
// CHECK: %[[MASK:.*]] = vector.create_mask
// CHECK: %[[X:.*]] = vector.maskedload %{{.*}}[%[[I]], %[[K]]], %[[MASK]]
// CHECK: %[[W:.*]] = vector.maskedload %{{.*}}[%[[K]]], %[[MASK]]
// CHECK: %[[ADDED:.*]] = vector.fma %[[X]], %[[W]], %[[S]]
// CHECK: %[[NEXT:.*]] = arith.select %[[MASK]], %[[ADDED]], %[[S]]
// CHECK: scf.yield %[[NEXT]]
// CHECK: %[[ALL:.*]] = vector.reduction <add>, %[[SUM]] fastmath<reassoc>
// CHECK: memref.store %[[ALL]], %{{.*}}[%[[I]]]
func.func @dot(%n: index, %k: index, %x: memref<?x?xf32>, %w: memref<?xf32>, %y: memref<?xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f32
  scf.parallel (%i) = (%c0) to (%n) step (%c1) {
    %sum = scf.parallel (%j) = (%c0) to (%k) step (%c1) init (%zero) -> f32 {
      %v = memref.load %x[%i, %j] : memref<?x?xf32>
      %u = memref.load %w[%j] : memref<?xf32>
      %p = arith.mulf %v, %u fastmath<contract> : f32
      scf.reduce(%p : f32) {
      ^bb0(%a: f32, %b: f32):
        %s = arith.addf %a, %b fastmath<contract> : f32
        scf.reduce.return %s : f32
      }
    }
    memref.store %sum, %y[%i] : memref<?xf32>
  }
  return
}

// -----

// Where places lie side by side, each lane walks all of a sum by itself.
// CHECK-LABEL: func @largest(
// CHECK: scf.for %[[J:.*]] = {{.*}} step %c8
// CHECK: %[[TOP:.*]] = scf.for %[[I:.*]] = {{.*}} step %c1 iter_args(%[[T:.*]] = %cst) -> (vector<8xf32>)
// CHECK: %[[X:.*]] = vector.load %{{.*}}[%[[I]], %[[J]]]
// CHECK: %[[NEXT:.*]] = arith.maximumf %[[T]], %[[X]]
// CHECK-NOT: vector.reduction
// CHECK: vector.store %[[TOP]], %{{.*}}[%[[J]]]
func.func @largest(%n: index, %x: memref<?x16xf32>, %y: memref<16xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c16 = arith.constant 16 : index
  %lowest = arith.constant 0xFF800000 : f32
  scf.parallel (%j) = (%c0) to (%c16) step (%c1) {
    %top = scf.parallel (%i) = (%c0) to (%n) step (%c1) init (%lowest) -> f32 {
      %v = memref.load %x[%i, %j] : memref<?x16xf32>
      scf.reduce(%v : f32) {
      ^bb0(%a: f32, %b: f32):
        %s = arith.maximumf %a, %b : f32
        scf.reduce.return %s : f32
      }
    }
    memref.store %top, %y[%j] : memref<16xf32>
  }
  return
}

// -----

// What a loop carries is summed in its order: a vector once it differs from lane
// to lane.
// CHECK-LABEL: func @cumsum(
// CHECK: scf.for %[[J:.*]] = {{.*}} step %c8
// CHECK: scf.for %[[I:.*]] = {{.*}} step %c1 iter_args(%[[S:.*]] = %cst) -> (vector<8xf32>)
// CHECK: %[[NEXT:.*]] = arith.addf %[[S]], %{{.*}} : vector<8xf32>
// CHECK: vector.store %[[NEXT]]
// CHECK: scf.yield %[[NEXT]]
func.func @cumsum(%n: index, %x: memref<?x16xf32>, %y: memref<?x16xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c16 = arith.constant 16 : index
  %zero = arith.constant 0.0 : f32
  scf.parallel (%j) = (%c0) to (%c16) step (%c1) {
    %all = scf.for %i = %c0 to %n step %c1 iter_args(%sum = %zero) -> f32 {
      %v = memref.load %x[%i, %j] : memref<?x16xf32>
      %next = arith.addf %sum, %v : f32
      memref.store %next, %y[%i, %j] : memref<?x16xf32>
      scf.yield %next : f32
    }
  }
  return
}
