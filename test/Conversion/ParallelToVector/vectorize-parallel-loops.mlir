// RUN: seq-opt %s --split-input-file --vectorize-parallel-loops='vector-bits=256' | FileCheck %s

// The last dimension runs over lanes. What does not depend on it stays scalar,
// and is spread once.
// CHECK-LABEL: func @elementwise(
// CHECK: scf.for %[[I:.*]] =
// CHECK: scf.for %[[J:.*]] = %{{.*}} to %{{.*}} step %c8
// CHECK-NOT: vector.create_mask
// CHECK: %[[X:.*]] = vector.load %{{.*}}[%[[I]], %[[J]]] : memref<?x16xf32>, vector<8xf32>
// CHECK: %[[S:.*]] = memref.load %{{.*}}[%[[I]]]
// CHECK: %[[ALL:.*]] = vector.broadcast %[[S]] : f32 to vector<8xf32>
// CHECK: %[[E:.*]] = math.exp %[[X]] : vector<8xf32>
// CHECK: %[[Y:.*]] = arith.addf %[[E]], %[[ALL]]
// CHECK: %[[IS:.*]] = arith.cmpf ogt, %[[S]], %{{.*}} : f32
// CHECK: %[[Z:.*]] = arith.select %[[IS]], %[[Y]], %[[X]] : vector<8xf32>
// CHECK: vector.store %[[Z]], %{{.*}}[%[[I]], %[[J]]]
// CHECK-NOT: scf.parallel
func.func @elementwise(%n: index, %x: memref<?x16xf32>, %b: memref<?xf32>, %y: memref<?x16xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c16 = arith.constant 16 : index
  %zero = arith.constant 0.0 : f32
  scf.parallel (%i, %j) = (%c0, %c0) to (%n, %c16) step (%c1, %c1) {
    %v = memref.load %x[%i, %j] : memref<?x16xf32>
    %s = memref.load %b[%i] : memref<?xf32>
    %e = math.exp %v : f32
    %w = arith.addf %e, %s : f32
    %is = arith.cmpf ogt, %s, %zero : f32
    %z = arith.select %is, %w, %v : f32
    memref.store %z, %y[%i, %j] : memref<?x16xf32>
  }
  return
}

// -----

// Lanes that do not exist are masked in memory. Positions are counted in lanes;
// truth lies in memory as bytes.
// CHECK-LABEL: func @masked(
// CHECK: scf.for %[[I:.*]] =
// CHECK: vector.step : vector<8xindex>
// CHECK: %[[LEFT:.*]] = arith.subi %{{.*}}, %[[I]]
// CHECK: %[[MASK:.*]] = vector.create_mask %[[LEFT]] : vector<8xi1>
// CHECK: vector.maskedload %{{.*}}[%[[I]]], %[[MASK]], {{.*}} : memref<?xi8>, vector<8xi1>, vector<8xi8> into vector<8xi8>
// CHECK: arith.index_cast %{{.*}} : vector<8xindex> to vector<8xi64>
// CHECK: vector.maskedstore %{{.*}}[%[[I]]], %[[MASK]]
func.func @masked(%n: index, %length: i64, %x: memref<?xi8>, %y: memref<?xi8>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %no = arith.constant 0 : i8
  scf.parallel (%i) = (%c0) to (%n) step (%c1) {
    %v = memref.load %x[%i] : memref<?xi8>
    %is = arith.cmpi ne, %v, %no : i8
    %at = arith.index_cast %i : index to i64
    %below = arith.cmpi slt, %at, %length : i64
    %both = arith.andi %is, %below : i1
    %byte = arith.extui %both : i1 to i8
    memref.store %byte, %y[%i] : memref<?xi8>
  }
  return
}

// -----

// A store that reads across has a scalar loop of its own, block of columns by
// block, where the loop says that its stores are independent.
// CHECK-LABEL: func @parted(
// CHECK: scf.for
// CHECK: vector.load
// CHECK: vector.store
// CHECK: scf.for %[[FIRST:.*]] = %{{.*}} to %{{.*}} step %c32
// CHECK: scf.for %[[I:.*]] =
// CHECK: scf.for %[[J:.*]] = %[[FIRST]] to
// CHECK-NOT: memref.load %arg0[%[[I]]
// CHECK: memref.load %arg0[%[[J]], %[[I]]]
// CHECK: memref.store
// CHECK-LABEL: func @together(
// CHECK-NOT: vector
// CHECK: return
func.func @parted(%x: memref<64x64xf32>, %y: memref<64x64xf32>, %z: memref<64x64xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c64 = arith.constant 64 : index
  scf.parallel (%i, %j) = (%c0, %c0) to (%c64, %c64) step (%c1, %c1) {
    %v = memref.load %x[%i, %j] : memref<64x64xf32>
    memref.store %v, %y[%i, %j] : memref<64x64xf32>
    %w = memref.load %x[%j, %i] : memref<64x64xf32>
    memref.store %w, %z[%i, %j] : memref<64x64xf32>
  } {seq.independent}
  return
}
func.func @together(%x: memref<64x64xf32>, %y: memref<64x64xf32>, %z: memref<64x64xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c64 = arith.constant 64 : index
  scf.parallel (%i, %j) = (%c0, %c0) to (%c64, %c64) step (%c1, %c1) {
    %v = memref.load %x[%i, %j] : memref<64x64xf32>
    memref.store %v, %y[%i, %j] : memref<64x64xf32>
    %w = memref.load %x[%j, %i] : memref<64x64xf32>
    memref.store %w, %z[%i, %j] : memref<64x64xf32>
  }
  return
}

// -----

// What all lanes do alike is a branch; what each would do for itself, and what
// does not lie side by side, has no lanes.
// CHECK-LABEL: func @branch(
// CHECK: scf.if %{{.*}} -> (vector<8xf32>) {
// CHECK: vector.load
// CHECK: vector.store
// CHECK-LABEL: func @branches(
// CHECK-NOT: vector
// CHECK-LABEL: func @strided(
// CHECK-NOT: vector
// CHECK: return
func.func @branch(%is: i1, %x: memref<16xf32>, %y: memref<16xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c16 = arith.constant 16 : index
  %zero = arith.constant 0.0 : f32
  scf.parallel (%i) = (%c0) to (%c16) step (%c1) {
    %v = scf.if %is -> f32 {
      %w = memref.load %x[%i] : memref<16xf32>
      scf.yield %w : f32
    } else {
      scf.yield %zero : f32
    }
    memref.store %v, %y[%i] : memref<16xf32>
  }
  return
}
func.func @branches(%is: memref<16xi1>, %x: memref<16xf32>, %y: memref<16xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c16 = arith.constant 16 : index
  scf.parallel (%i) = (%c0) to (%c16) step (%c1) {
    %here = memref.load %is[%i] : memref<16xi1>
    scf.if %here {
      %w = memref.load %x[%i] : memref<16xf32>
      memref.store %w, %y[%i] : memref<16xf32>
    }
  }
  return
}
func.func @strided(%x: memref<16xf32, strided<[2]>>, %y: memref<16xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c16 = arith.constant 16 : index
  scf.parallel (%i) = (%c0) to (%c16) step (%c1) {
    %v = memref.load %x[%i] : memref<16xf32, strided<[2]>>
    memref.store %v, %y[%i] : memref<16xf32>
  }
  return
}

// -----

// Vectors that begin at multiples of their width stay in one row of a matrix
// whose rows are that long; of others, some would go across an end.
// CHECK-LABEL: func @aligned(
// CHECK: %[[ROW:.*]] = arith.divui %[[N:.*]], %c16
// CHECK: %[[COLUMN:.*]] = arith.remui %[[N]], %c16
// CHECK: vector.load %{{.*}}[%[[ROW]], %[[COLUMN]]] : memref<4x16xf32>, vector<8xf32>
// CHECK-LABEL: func @crossing(
// CHECK-NOT: vector
// CHECK: return
func.func @aligned(%x: memref<4x16xf32>, %y: memref<64xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c16 = arith.constant 16 : index
  %c64 = arith.constant 64 : index
  scf.parallel (%i) = (%c0) to (%c64) step (%c1) {
    %row = arith.divui %i, %c16 : index
    %column = arith.remui %i, %c16 : index
    %v = memref.load %x[%row, %column] : memref<4x16xf32>
    memref.store %v, %y[%i] : memref<64xf32>
  }
  return
}
func.func @crossing(%x: memref<4x12xf32>, %y: memref<48xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c12 = arith.constant 12 : index
  %c48 = arith.constant 48 : index
  scf.parallel (%i) = (%c0) to (%c48) step (%c1) {
    %row = arith.divui %i, %c12 : index
    %column = arith.remui %i, %c12 : index
    %v = memref.load %x[%row, %column] : memref<4x12xf32>
    memref.store %v, %y[%i] : memref<48xf32>
  }
  return
}

// -----

// Few positions take a vector that is no longer than it has to be.
// CHECK-LABEL: func @short(
// CHECK: vector.load %{{.*}} : memref<4xf32>, vector<4xf32>
// CHECK-NOT: vector.create_mask
func.func @short(%x: memref<4xf32>, %y: memref<4xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  scf.parallel (%i) = (%c0) to (%c4) step (%c1) {
    %v = memref.load %x[%i] : memref<4xf32>
    memref.store %v, %y[%i] : memref<4xf32>
  }
  return
}
