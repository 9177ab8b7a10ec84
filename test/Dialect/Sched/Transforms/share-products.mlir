// RUN: seq-opt %s --sched-share-products | FileCheck %s

// CHECK-LABEL: func.func private @alike_product_0
// CHECK-SAME: (%[[X:.*]]: memref<?x4xf32>, %[[P:.*]]: memref<1x4x8xf32>, %[[N:.*]]: index, %[[Y:.*]]: memref<?x8xf32>)
// CHECK: sched.product %[[X]], %[[P]] rows(%[[N]]) units(8)
// CHECK: memref.store %{{.*}}, %[[Y]]
// CHECK-LABEL: func.func @alike
// CHECK-SAME: (%[[N:.*]]: index, %[[X:.*]]: memref<?x4xf32>, %[[U:.*]]: memref<?x4xf32>, %[[P:.*]]: memref<1x4x8xf32>, %[[Y:.*]]: memref<?x8xf32>, %[[V:.*]]: memref<?x8xf32>)
// CHECK-NEXT: call @alike_product_0(%[[X]], %[[P]], %[[N]], %[[Y]])
// CHECK-NEXT: call @alike_product_0(%[[U]], %[[P]], %[[N]], %[[V]])
// CHECK-NEXT: return
func.func @alike(%n: index, %x: memref<?x4xf32>, %u: memref<?x4xf32>, %p: memref<1x4x8xf32>,
                 %y: memref<?x8xf32>, %v: memref<?x8xf32>) {
  sched.product %x, %p rows(%n) units(8) : memref<?x4xf32>, memref<1x4x8xf32> {
  ^bb0(%row: index, %unit: index, %sum: f32):
    %w = arith.negf %sum : f32
    memref.store %w, %y[%row, %unit] : memref<?x8xf32>
  }
  sched.product %u, %p rows(%n) units(8) : memref<?x4xf32>, memref<1x4x8xf32> {
  ^bb0(%row: index, %unit: index, %sum: f32):
    %w = arith.negf %sum : f32
    memref.store %w, %v[%row, %unit] : memref<?x8xf32>
  }
  return
}

// Other epilogues, or others of their values equal, make other products.
// CHECK-LABEL: func.func @different
// CHECK-COUNT-3: sched.product
func.func @different(%n: index, %x: memref<?x4xf32>, %u: memref<?x8xf32>, %p: memref<1x4x8xf32>,
                     %y: memref<?x8xf32>) {
  sched.product %x, %p rows(%n) units(8) : memref<?x4xf32>, memref<1x4x8xf32> {
  ^bb0(%row: index, %unit: index, %sum: f32):
    %w = arith.mulf %sum, %sum : f32
    memref.store %w, %y[%row, %unit] : memref<?x8xf32>
  }
  sched.product %x, %p rows(%n) units(8) : memref<?x4xf32>, memref<1x4x8xf32> {
  ^bb0(%row: index, %unit: index, %sum: f32):
    %h = memref.load %y[%row, %unit] : memref<?x8xf32>
    %w = arith.addf %sum, %h : f32
    memref.store %w, %y[%row, %unit] : memref<?x8xf32>
  }
  sched.product %x, %p rows(%n) units(8) : memref<?x4xf32>, memref<1x4x8xf32> {
  ^bb0(%row: index, %unit: index, %sum: f32):
    %h = memref.load %u[%row, %unit] : memref<?x8xf32>
    %w = arith.addf %sum, %h : f32
    memref.store %w, %y[%row, %unit] : memref<?x8xf32>
  }
  return
}
