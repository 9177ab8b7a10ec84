// RUN: seq-opt %s | seq-opt | FileCheck %s

// CHECK-LABEL: func @overlap_add
func.func @overlap_add(%x: tensor<?x?x4x3xf32>, %n: index, %y: tensor<5x3xf32>) {
  // CHECK: seq.overlap_add %{{.*}} axis 1 size(%{{.*}}) : tensor<?x?x4x3xf32> -> tensor<?x?x3xf32>
  %0 = seq.overlap_add %x axis 1 size(%n) : tensor<?x?x4x3xf32> -> tensor<?x?x3xf32>
  // CHECK: seq.overlap_add %{{.*}} axis 0 stride 2 before 1 : tensor<5x3xf32> -> tensor<10xf32>
  %1 = seq.overlap_add %y axis 0 stride 2 before 1 : tensor<5x3xf32> -> tensor<10xf32>
  return
}
