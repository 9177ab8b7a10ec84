// RUN: seq-opt %s --convert-seq-to-loops='vector-bits=256 registers=16' --canonicalize | FileCheck %s

// Each tile adds up in one buffer, in place, and leaves its sum under its own
// number.
// CHECK-LABEL: func.func private @Tiles_tile(%arg0: !llvm.ptr, %arg1: i64,
// CHECK: %[[SUM:.*]] = memref.view %{{.*}} : memref<?xi8> to memref<8x24xf32>
// CHECK-NOT: memref.view {{.*}} to memref<8x24xf32>
// CHECK: %[[TILE:.*]] = arith.index_cast %arg1 : i64 to index
// CHECK-NEXT: %[[PLACE:.*]] = memref.subview %{{.*}}[%[[TILE]], 0, 0] [1, 8, 24]
// CHECK: memref.store %cst, %[[SUM]]
// CHECK-NOT: memref.store
// CHECK: func.call @Tiles_outer_products
// CHECK: %[[ALL:.*]] = memref.load %[[SUM]]
// CHECK: memref.store %[[ALL]], %[[PLACE]]

// The stage behind them adds the tiles.
// CHECK-LABEL: func.func private @Tiles_sums(
// CHECK: arith.addf
module attributes {seq.model = "Tiles", seq.dims = ["T"]} {
  func.func @main(%x: tensor<?x?x4x24xf32> {seq.input = "x", seq.axes = array<i64: 0, -1, -1>},
                  %d: tensor<?x?x4x8xf32> {seq.input = "d", seq.axes = array<i64: 0, -1, -1>})
      -> (tensor<1x8x24xf32> {seq.kept = 0}) {
    %zero = arith.constant dense<0.0> : tensor<8x24xf32>
    %s = seq.scan axis 1 sequences(%x, %d : tensor<?x?x4x24xf32>, tensor<?x?x4x8xf32>) states(%zero : tensor<8x24xf32>)
        attributes {seq.segments} -> tensor<8x24xf32> {
    ^bb0(%x_t: tensor<?x4x24xf32>, %d_t: tensor<?x4x8xf32>, %a: tensor<8x24xf32>):
      %g = seq.contract %d_t [0, 1], %x_t [0, 1] : tensor<?x4x8xf32>, tensor<?x4x24xf32> -> tensor<8x24xf32>
      %n = arith.addf %a, %g : tensor<8x24xf32>
      seq.yield %n : tensor<8x24xf32>
    }
    %k = seq.broadcast %s dims [1, 2] : tensor<8x24xf32> -> tensor<1x8x24xf32>
    return %k : tensor<1x8x24xf32>
  }
  func.func @sums(%x: tensor<?x?x4x24xf32> {seq.input = "x", seq.axes = array<i64: 0, -1, -1>},
                  %d: tensor<?x?x4x8xf32> {seq.input = "d", seq.axes = array<i64: 0, -1, -1>},
                  %k: tensor<?x8x24xf32> {seq.kept = 0})
      -> (tensor<8x24xf32> {seq.gradient = "w", seq.of = "param", seq.place = 0}) {
    %w = seq.reduce sum %k axis 0 : tensor<?x8x24xf32> -> tensor<8x24xf32>
    return %w : tensor<8x24xf32>
  }
  func.func @pack() {
    return
  }
}
