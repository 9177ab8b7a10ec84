// RUN: seq-opt %s --split-input-file --convert-seq-to-loops='vector-bits=256 registers=16' --canonicalize --cse | FileCheck %s

// The sequence is copied once, masked, into zeros; windows are a view of that,
// and how many there are is worked out from the call's size, and from each
// row's length once.
// CHECK-LABEL: func.func private @Pool_tile
// CHECK: arith.divui %{{.*}}, %c2
// CHECK: %[[N:.*]] = arith.select %{{.*}} : index
// CHECK: %[[P:.*]] = arith.select %{{.*}} : index
// CHECK: %[[PADDED:.*]] = memref.view %{{.*}}[%{{.*}}][%[[B:.*]], %[[P]]] : memref<?xi8> to memref<?x?x16xf32>
// CHECK: %[[WINDOWS:.*]] = memref.reinterpret_cast %[[PADDED]] to offset: [0], sizes: [%[[B]], %[[N]], 3, 16], strides: [%{{.*}}, 32, 16, 1]
// CHECK: %[[INSIDE:.*]] = memref.subview %[[PADDED]][0, 1, 0] [%[[B]], %{{.*}}, 16] [1, 1, 1]
// CHECK: memref.store %[[ZERO:.*]], %[[PADDED]]
// CHECK: memref.store %[[ZERO]], %[[PADDED]]
// CHECK: memref.store %{{.*}}, %[[INSIDE]]
// CHECK: arith.divsi %{{.*}} : i64
// CHECK: memref.load %[[WINDOWS]]
// CHECK-NOT: arith.divsi
// CHECK: return
module attributes {seq.model = "Pool"} {
  func.func @main(%x: tensor<?x?x16xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>},
                  %n: tensor<?xi64> {seq.lengths = 0})
      -> (tensor<?x?x16xf32> {seq.output = "y", seq.axes = array<i64: 1, -1>}) {
    %x0 = seq.mask %x axis 1 lengths(%n : tensor<?xi64>) fill 0.0 : f32 : tensor<?x?x16xf32>
    %w = seq.windows %x0 axis 1 size 3 stride 2 before 1 after 1 : tensor<?x?x16xf32> -> tensor<?x?x3x16xf32>
    %s = seq.reduce max %w axis 2 : tensor<?x?x3x16xf32> -> tensor<?x?x16xf32>
    %m = seq.window_count %n offset -1 stride 2 : tensor<?xi64>
    %y = seq.mask %s axis 1 lengths(%m : tensor<?xi64>) fill 0.0 : f32 : tensor<?x?x16xf32>
    return %y : tensor<?x?x16xf32>
  }
  func.func @pack() { return }
}

// -----

// A product with windows whose elements lie side by side reads them where they
// are: rows of six numbers, four apart. Nothing is copied for it.
// CHECK-LABEL: func.func private @Convolution_tile
// CHECK: %[[PADDED:.*]] = memref.view %{{.*}} : memref<?xi8> to memref<?x?x2xf32>
// CHECK-NOT: memref.view %{{.*}} to memref<?x?x6xf32>
// CHECK: memref.store %{{.*}}[%{{.*}}, %{{.*}}, %{{.*}}]
// CHECK: memref.reinterpret_cast %{{.*}} sizes: [%{{.*}}, 6], strides: [4, 1] : {{.*}} to memref<?x6xf32
// CHECK: call @Convolution_product_16x6
// CHECK: return
module attributes {seq.model = "Convolution"} {
  func.func @main(%x: tensor<?x?x2xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>},
                  %n: tensor<?xi64> {seq.lengths = 0},
                  %weight: tensor<16x6xf32> {seq.packed = 0})
      -> (tensor<?x?x16xf32> {seq.output = "y", seq.axes = array<i64: 1, -1>}) {
    %w = seq.windows %x axis 1 size 3 stride 2 before 1 after 1 : tensor<?x?x2xf32> -> tensor<?x?x3x2xf32>
    %rows = seq.reshape %w : tensor<?x?x3x2xf32> -> tensor<?x?x6xf32>
    %y = seq.contract %rows [2], %weight [1] : tensor<?x?x6xf32>, tensor<16x6xf32> -> tensor<?x?x16xf32>
    return %y : tensor<?x?x16xf32>
  }
  func.func @pack(%weight: tensor<16x6xf32> {seq.param = "weight"}) -> (tensor<16x6xf32> {seq.packed = 0}) {
    return %weight : tensor<16x6xf32>
  }
}
