// RUN: seq-opt %s --convert-seq-to-loops='vector-bits=256 registers=16' --canonicalize | FileCheck %s

// The optimizer's functions are private to the object, and it is called by tile.
// CHECK-LABEL: func.func private @Step_optimizer_tile
// CHECK-NOT: func.func @Step_optimizer(
// CHECK: func.func private @Step_optimizer_workspace
// CHECK-NOT: module @optimizer

// Of each gradient the elements, the place of its parameter, its first task.
// CHECK: memref.global "private" constant @Step_step_gradients : memref<2x3xi64> = dense<{{\[}}[20000, 1, 0], [3, 0, 2]]>

// The gradients' work is done when the step needs memory.
// CHECK-LABEL: func.func @Step_step_workspace
// CHECK: call @Step_workspace
// CHECK: call @Step_step_parts
// CHECK: arith.maxui

// A chunk is added to what batches before have left, and its squares added up
// in double precision.
// CHECK-LABEL: func.func private @Step_step_sum
// CHECK: arith.minui %{{.*}}, %c16384
// CHECK: scf.if
// CHECK: arith.addf %{{.*}} : vector<8xf32>
// CHECK: arith.extf %{{.*}} : vector<8xf32> to vector<8xf64>
// CHECK: vector.reduction <add>
// CHECK: memref.store %{{.*}} : memref<?xf64>

// CHECK-LABEL: func.func private @Step_step_update
// CHECK: call @Step_step_parts(%arg2)
// CHECK: call @Step_optimizer_tile(%{{.*}}, %c0_i64, %c0_i32)

// CHECK-LABEL: func.func private @Step_step_change
// CHECK: llvm.intr.sqrt
// CHECK: call @Step_optimizer_pack
// CHECK: call @seqc_run_tiles(%{{.*}}, %c3_i64
// CHECK: call @Step_pack

// CHECK-LABEL: func.func @Step_step(
// CHECK: func.call @Step(
// CHECK: func.call @seqc_run_tiles(%{{.*}}, %c3_i64
// CHECK: scf.for
// CHECK: func.call @Step_step_change
module attributes {seq.model = "Step", seq.dims = [], seq.training} {
  func.func @main(%x: tensor<?xf32> {seq.input = "x", seq.axes = array<i64>})
      -> (tensor<?xf32> {seq.output = "loss.sum"}, tensor<?xf32> {seq.output = "loss.weight"}) {
    %n = arith.negf %x : tensor<?xf32>
    return %n, %x : tensor<?xf32>, tensor<?xf32>
  }
  func.func @sums(%x: tensor<?xf32> {seq.input = "x", seq.axes = array<i64>})
      -> (tensor<20000xf32> {seq.gradient = "w", seq.of = "param", seq.place = 2}, tensor<3xf32> {seq.gradient = "b", seq.of = "param", seq.place = 3}) {
    %s = seq.reduce sum %x axis 0 : tensor<?xf32> -> tensor<f32>
    %w = seq.broadcast %s dims [] : tensor<f32> -> tensor<20000xf32>
    %b = seq.broadcast %s dims [] : tensor<f32> -> tensor<3xf32>
    return %w, %b : tensor<20000xf32>, tensor<3xf32>
  }
  func.func @pack(%b: tensor<3xf32> {seq.param = "b"}, %w: tensor<20000xf32> {seq.param = "w"}) {
    return
  }
  module @optimizer attributes {seq.model = "SGD", seq.dims = ["P"], seq.elementwise} {
    func.func @main(%g: tensor<?x?xf32> {seq.input = "g", seq.axes = array<i64: 0>}, %scale: tensor<?xf32> {seq.input = "scale", seq.axes = array<i64>},
                    %w: tensor<?x?xf32> {seq.state = "w", seq.axes = array<i64: 0>})
        -> (tensor<?x?xf32> {seq.state = "w", seq.axes = array<i64: 0>}) {
      %n = arith.subf %w, %g : tensor<?x?xf32>
      return %n : tensor<?x?xf32>
    }
    func.func @pack() {
      return
    }
  }
}
