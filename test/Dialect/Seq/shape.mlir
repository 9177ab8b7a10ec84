// RUN: seq-opt %s | seq-opt | FileCheck %s

// CHECK-LABEL: func @broadcasts
// CHECK: seq.broadcast %{{.*}} sizes(%{{.*}}) dims [1] : tensor<4xf32> -> tensor<?x4xf32>
// CHECK: seq.broadcast %{{.*}} dims [] : tensor<i1> -> tensor<2xi1>
func.func @broadcasts(%x: tensor<4xf32>, %n: index, %b: tensor<i1>) -> (tensor<?x4xf32>, tensor<2xi1>) {
  %0 = seq.broadcast %x sizes(%n) dims [1] : tensor<4xf32> -> tensor<?x4xf32>
  %1 = seq.broadcast %b dims [] : tensor<i1> -> tensor<2xi1>
  return %0, %1 : tensor<?x4xf32>, tensor<2xi1>
}

// CHECK-LABEL: func @parts
// CHECK: seq.concat %{{.*}}, %{{.*}} axis 1 : tensor<?x4xf32>, tensor<?x3xf32> -> tensor<?x7xf32>
// CHECK: seq.slice %{{.*}} axis 1 offset 2 : tensor<?x7xf32> -> tensor<?x3xf32>
func.func @parts(%a: tensor<?x4xf32>, %b: tensor<?x3xf32>) -> tensor<?x3xf32> {
  %0 = seq.concat %a, %b axis 1 : tensor<?x4xf32>, tensor<?x3xf32> -> tensor<?x7xf32>
  %1 = seq.slice %0 axis 1 offset 2 : tensor<?x7xf32> -> tensor<?x3xf32>
  return %1 : tensor<?x3xf32>
}

// CHECK-LABEL: func @positions
// CHECK: seq.at %{{.*}} axis 0 index -1 : tensor<?x4xi64> -> tensor<4xi64>
// CHECK: seq.at %{{.*}} axis 1 index 0 lengths(%{{.*}} : tensor<?xi64>) : tensor<?x4xi64> -> tensor<?xi64>
// CHECK: seq.transpose %{{.*}} [1, 0] : tensor<?x4xi64> -> tensor<4x?xi64>
func.func @positions(%x: tensor<?x4xi64>, %n: tensor<?xi64>) -> (tensor<4xi64>, tensor<?xi64>, tensor<4x?xi64>) {
  %0 = seq.at %x axis 0 index -1 : tensor<?x4xi64> -> tensor<4xi64>
  %1 = seq.at %x axis 1 index 0 lengths(%n : tensor<?xi64>) : tensor<?x4xi64> -> tensor<?xi64>
  %2 = seq.transpose %x [1, 0] : tensor<?x4xi64> -> tensor<4x?xi64>
  return %0, %1, %2 : tensor<4xi64>, tensor<?xi64>, tensor<4x?xi64>
}

// CHECK-LABEL: func @widths
// CHECK: seq.reshape %{{.*}} : tensor<?x6xf32> -> tensor<?x2x3xf32>
// CHECK: seq.reshape %{{.*}} : tensor<1x?x2x3xi64> -> tensor<?x6x1xi64>
func.func @widths(%x: tensor<?x6xf32>, %y: tensor<1x?x2x3xi64>) -> (tensor<?x2x3xf32>, tensor<?x6x1xi64>) {
  %0 = seq.reshape %x : tensor<?x6xf32> -> tensor<?x2x3xf32>
  %1 = seq.reshape %y : tensor<1x?x2x3xi64> -> tensor<?x6x1xi64>
  return %0, %1 : tensor<?x2x3xf32>, tensor<?x6x1xi64>
}

// CHECK-LABEL: func @moves
// CHECK: seq.shift %{{.*}} axis 0 by 1 fill 0.000000e+00 : f32 : tensor<?x4xf32>
// CHECK: seq.shift %{{.*}} axis 0 by -2 fill 3 : i64 : tensor<?xi64>
// CHECK: seq.cumsum %{{.*}} axis 0 : tensor<?x4xf32>
func.func @moves(%x: tensor<?x4xf32>, %t: tensor<?xi64>) -> (tensor<?x4xf32>, tensor<?xi64>, tensor<?x4xf32>) {
  %0 = seq.shift %x axis 0 by 1 fill 0.0 : f32 : tensor<?x4xf32>
  %1 = seq.shift %t axis 0 by -2 fill 3 : i64 : tensor<?xi64>
  %2 = seq.cumsum %x axis 0 : tensor<?x4xf32>
  return %0, %1, %2 : tensor<?x4xf32>, tensor<?xi64>, tensor<?x4xf32>
}

// CHECK-LABEL: func @counts
// CHECK: seq.iota size(%{{.*}}) : tensor<?xf32>
// CHECK: seq.iota : tensor<3xi64>
// CHECK: seq.one_hot %{{.*}} : tensor<?xi64> -> tensor<?x5xf32>
func.func @counts(%n: index, %t: tensor<?xi64>) -> (tensor<?xf32>, tensor<3xi64>, tensor<?x5xf32>) {
  %0 = seq.iota size(%n) : tensor<?xf32>
  %1 = seq.iota : tensor<3xi64>
  %2 = seq.one_hot %t : tensor<?xi64> -> tensor<?x5xf32>
  return %0, %1, %2 : tensor<?xf32>, tensor<3xi64>, tensor<?x5xf32>
}
