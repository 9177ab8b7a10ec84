// RUN: seq-opt %s --expand-vector-math | FileCheck %s

// One division, and no function is left.
// CHECK-LABEL: func @sigmoid
// CHECK-NOT: seq.sigmoid
// CHECK: math.fma {{.*}} : vector<16xf32>
// CHECK: arith.divf {{.*}} : vector<16xf32>
// CHECK-NOT: arith.divf
// CHECK: return
func.func @sigmoid(%x: vector<16xf32>) -> vector<16xf32> {
  %y = seq.sigmoid %x : vector<16xf32>
  return %y : vector<16xf32>
}

// What is multiplied is divided once, by both denominators.
// CHECK-LABEL: func @product
// CHECK: math.copysign
// CHECK: %[[D:.*]] = arith.mulf
// CHECK: arith.divf %{{.*}}, %[[D]]
// CHECK-NOT: arith.divf
// CHECK: return
func.func @product(%x: vector<16xf32>, %y: vector<16xf32>) -> vector<16xf32> {
  %i = seq.sigmoid %x : vector<16xf32>
  %g = math.tanh %y : vector<16xf32>
  %v = arith.mulf %i, %g : vector<16xf32>
  return %v : vector<16xf32>
}

// What others ask for too is divided by itself.
// CHECK-LABEL: func @kept
// CHECK: %[[I:.*]] = arith.divf
// CHECK: %[[V:.*]] = arith.mulf %[[I]], %{{.*}}
// CHECK: return %[[I]], %[[V]]
func.func @kept(%x: f32, %y: f32) -> (f32, f32) {
  %i = seq.sigmoid %x : f32
  %v = arith.mulf %i, %y : f32
  return %i, %v : f32, f32
}

// CHECK-LABEL: func @scalar
// CHECK-NOT: math.exp
// CHECK: math.fma {{.*}} : f32
func.func @scalar(%x: f32) -> f32 {
  %y = math.exp %x : f32
  return %y : f32
}

// What is an instruction stays; so does what has no good approximation, and
// what is no vector.
// CHECK-LABEL: func @stays
// CHECK: math.sqrt {{.*}} : vector<8xf32>
// CHECK: math.sin {{.*}} : vector<8xf32>
// CHECK: math.exp {{.*}} : tensor<8xf32>
func.func @stays(%x: vector<8xf32>, %t: tensor<8xf32>) -> (vector<8xf32>, tensor<8xf32>) {
  %y = math.sqrt %x : vector<8xf32>
  %z = math.sin %y : vector<8xf32>
  %u = math.exp %t : tensor<8xf32>
  return %z, %u : vector<8xf32>, tensor<8xf32>
}

// Rounding to bf16 is arithmetic on bits; to anything else it stays.
// CHECK-LABEL: func.func @rounded
// CHECK: arith.bitcast %{{.*}} : vector<4xf32> to vector<4xi32>
// CHECK: arith.trunci %{{.*}} : vector<4xi32> to vector<4xi16>
// CHECK: arith.bitcast %{{.*}} : vector<4xi16> to vector<4xbf16>
// CHECK: arith.truncf %{{.*}} : f32 to f16
func.func @rounded(%x: vector<4xf32>, %y: f32) -> (vector<4xbf16>, f16) {
  %a = arith.truncf %x : vector<4xf32> to vector<4xbf16>
  %b = arith.truncf %y : f32 to f16
  return %a, %b : vector<4xbf16>, f16
}
