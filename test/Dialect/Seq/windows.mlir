// RUN: seq-opt %s | seq-opt | FileCheck %s

// CHECK-LABEL: func @windows
func.func @windows(%x: tensor<?x?x3xf32>, %y: tensor<2x10xi64>) {
  // CHECK: seq.windows %{{.*}} axis 1 size 4 : tensor<?x?x3xf32> -> tensor<?x?x4x3xf32>
  %0 = seq.windows %x axis 1 size 4 : tensor<?x?x3xf32> -> tensor<?x?x4x3xf32>
  // CHECK: seq.windows %{{.*}} axis 1 size 3 stride 2 before 1 after 1 : tensor<2x10xi64> -> tensor<2x5x3xi64>
  %1 = seq.windows %y axis 1 size 3 stride 2 before 1 after 1 : tensor<2x10xi64> -> tensor<2x5x3xi64>
  return
}

// CHECK-LABEL: func @counts
func.func @counts(%n: index, %lengths: tensor<?xi64>) {
  // CHECK: seq.window_count %{{.*}} offset -4 : index
  %0 = seq.window_count %n offset -4 : index
  // CHECK: seq.window_count %{{.*}} offset -1 stride 2 : tensor<?xi64>
  %1 = seq.window_count %lengths offset -1 stride 2 : tensor<?xi64>
  return
}
