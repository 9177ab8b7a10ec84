// RUN: seq-opt %s | seq-opt | FileCheck %s

// CHECK-LABEL: func @sigmoid_at_each_level
// CHECK: seq.sigmoid %{{.*}} : tensor<?x4xf32>
// CHECK: seq.sigmoid %{{.*}} : vector<[4]x8xf32>
// CHECK: seq.sigmoid %{{.*}} : f32
func.func @sigmoid_at_each_level(%t: tensor<?x4xf32>, %v: vector<[4]x8xf32>, %s: f32) -> (tensor<?x4xf32>, vector<[4]x8xf32>, f32) {
  %0 = seq.sigmoid %t : tensor<?x4xf32>
  %1 = seq.sigmoid %v : vector<[4]x8xf32>
  %2 = seq.sigmoid %s : f32
  return %0, %1, %2 : tensor<?x4xf32>, vector<[4]x8xf32>, f32
}

// CHECK-LABEL: func @stop_gradient
// CHECK: seq.stop_gradient %{{.*}} : tensor<?x4xf32>
func.func @stop_gradient(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %0 = seq.stop_gradient %x : tensor<?x4xf32>
  return %0 : tensor<?x4xf32>
}

// CHECK-LABEL: func @dropout
// CHECK: seq.dropout %{{.*}} rate 3.000000e-01 site 2 : tensor<?x4xf32>
func.func @dropout(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %0 = seq.dropout %x rate 0.3 site 2 : tensor<?x4xf32>
  return %0 : tensor<?x4xf32>
}
