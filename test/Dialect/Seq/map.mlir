// RUN: seq-opt %s | seq-opt | FileCheck %s

// CHECK-LABEL: func @layer_over_time
// CHECK: seq.map sequences(%{{.*}} : tensor<?x4xf32>) invariants(%{{.*}}, %{{.*}} : tensor<3x4xf32>, index) -> tensor<?x3xf32> {
// CHECK-NEXT: ^bb0(%{{.*}}: tensor<4xf32>, %{{.*}}: tensor<3x4xf32>, %{{.*}}: index):
func.func @layer_over_time(%x: tensor<?x4xf32>, %w: tensor<3x4xf32>, %n: index) -> tensor<?x3xf32> {
  %y = seq.map sequences(%x : tensor<?x4xf32>) invariants(%w, %n : tensor<3x4xf32>, index) -> tensor<?x3xf32> {
  ^bb0(%x_t: tensor<4xf32>, %w1: tensor<3x4xf32>, %n1: index):
    %p = seq.contract %w1 [1], %x_t [0] : tensor<3x4xf32>, tensor<4xf32> -> tensor<3xf32>
    seq.yield %p : tensor<3xf32>
  }
  return %y : tensor<?x3xf32>
}

// CHECK-LABEL: func @map_in_a_map
// CHECK: seq.map sequences
// CHECK: seq.map sequences
func.func @map_in_a_map(%x: tensor<?x2x4xf32>) -> tensor<?x2x4xf32> {
  %y = seq.map sequences(%x : tensor<?x2x4xf32>) -> tensor<?x2x4xf32> {
  ^bb0(%row: tensor<2x4xf32>):
    %z = seq.map sequences(%row : tensor<2x4xf32>) -> tensor<2x4xf32> {
    ^bb0(%e: tensor<4xf32>):
      seq.yield %e : tensor<4xf32>
    }
    seq.yield %z : tensor<2x4xf32>
  }
  return %y : tensor<?x2x4xf32>
}
