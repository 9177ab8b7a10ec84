// RUN: seq-opt %s --convert-gpu-math | FileCheck %s

// CHECK-LABEL: func.func @scalars
// CHECK: llvm.call_intrinsic "llvm.fma"(%arg0, %arg1, %arg0) : (f32, f32, f32) -> f32
// CHECK: llvm.call_intrinsic "llvm.sqrt"(%{{.*}}) : (f64) -> f64
// What GPUs have no exact instruction for stays.
// CHECK: math.sin
func.func @scalars(%x: f32, %y: f32, %d: f64) -> (f32, f64, f32) {
  %a = math.fma %x, %y, %x : f32
  %b = math.sqrt %d : f64
  %c = math.sin %x : f32
  return %a, %b, %c : f32, f64, f32
}

// CHECK-LABEL: func.func @vectors
// CHECK: math.fma
func.func @vectors(%x: vector<4xf32>) -> vector<4xf32> {
  %a = math.fma %x, %x, %x : vector<4xf32>
  return %a : vector<4xf32>
}
