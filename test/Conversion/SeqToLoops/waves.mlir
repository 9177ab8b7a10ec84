// RUN: seq-opt %s --convert-seq-to-loops='vector-bits=512 registers=32 weights-per-member=1000' | FileCheck %s
// RUN: seq-opt %s --convert-seq-to-loops='vector-bits=512 registers=32 teams=false' | FileCheck %s --check-prefix=ALONE

// Of two layers the first one's steps go a block ahead of the second one's: one
// loop over blocks, in which each has its side. A team of two has small blocks.
// CHECK-LABEL: func.func private @Model_tile
// CHECK: sched.team %{{.*}} member(%{{.*}} of %[[MEMBERS:.*]]) :
// CHECK: %[[EIGHTH:.*]] = arith.ceildivui %[[STEPS:.*]], %{{.*}} : index
// CHECK: %[[FEW:.*]] = arith.maxui %[[EIGHTH]]
// CHECK: %[[TWO:.*]] = arith.cmpi eq, %[[MEMBERS]], %{{.*}} : index
// CHECK: %[[LESS:.*]] = arith.minui %{{.*}}, %[[FEW]]
// CHECK: %[[MOST:.*]] = arith.select %[[TWO]], %[[LESS]], %{{.*}} : index
// CHECK: %[[END:.*]] = arith.addi %[[STEPS]], %[[MOST]]
// CHECK: scf.for %[[BEGIN:.*]] = %{{.*}} to %[[END]] step %[[MOST]]
// CHECK: %[[FROM:.*]] = arith.minui %[[BEGIN]], %[[STEPS]]
// CHECK: %[[BEHIND:.*]] = arith.maxui %[[BEGIN]], %[[MOST]]
// CHECK: %[[BEFORE:.*]] = arith.subi %[[BEHIND]], %[[MOST]]
// CHECK: scf.for %{{.*}} = %[[FROM]] to %{{.*}} step
// CHECK: sched.product
// CHECK: } {sched.side = 0 : i64}
// The second layer's products for its block, and its steps.
// CHECK: func.call @Model_product_64x64
// CHECK: } {sched.side = 1 : i64}
// CHECK: scf.for %{{.*}} = %[[BEFORE]] to %[[FROM]] step
// CHECK: sched.product
// CHECK: } {sched.side = 1 : i64}
// ALONE-NOT: sched.side
module attributes {seq.model = "Model"} {
  func.func @main(%x: tensor<?x?x64xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>},
                  %w: tensor<64x64xf32> {seq.packed = 0}, %v: tensor<64x64xf32> {seq.packed = 1})
      -> (tensor<?x?x64xf32> {seq.output = "y", seq.axes = array<i64: 0, -1>}) {
    %axis = arith.constant 0 : index
    %rows = tensor.dim %x, %axis : tensor<?x?x64xf32>
    %zero = arith.constant dense<0.0> : tensor<64xf32>
    %h0 = seq.broadcast %zero sizes(%rows) dims [1] : tensor<64xf32> -> tensor<?x64xf32>
    %f, %y = seq.scan axis 1 sequences(%x : tensor<?x?x64xf32>) states(%h0 : tensor<?x64xf32>)
        invariants(%w : tensor<64x64xf32>) -> tensor<?x64xf32>, tensor<?x?x64xf32> {
    ^bb0(%x_t: tensor<?x64xf32>, %h: tensor<?x64xf32>, %w_h: tensor<64x64xf32>):
      %p = seq.contract %h [1], %w_h [1] : tensor<?x64xf32>, tensor<64x64xf32> -> tensor<?x64xf32>
      %s = arith.addf %p, %x_t : tensor<?x64xf32>
      seq.yield %s, %s : tensor<?x64xf32>, tensor<?x64xf32>
    }
    %in = seq.contract %y [2], %v [1] : tensor<?x?x64xf32>, tensor<64x64xf32> -> tensor<?x?x64xf32>
    %g, %z = seq.scan axis 1 sequences(%in : tensor<?x?x64xf32>) states(%h0 : tensor<?x64xf32>)
        invariants(%v : tensor<64x64xf32>) -> tensor<?x64xf32>, tensor<?x?x64xf32> {
    ^bb0(%x_t: tensor<?x64xf32>, %h: tensor<?x64xf32>, %w_h: tensor<64x64xf32>):
      %p = seq.contract %h [1], %w_h [1] : tensor<?x64xf32>, tensor<64x64xf32> -> tensor<?x64xf32>
      %s = arith.addf %p, %x_t : tensor<?x64xf32>
      seq.yield %s, %s : tensor<?x64xf32>, tensor<?x64xf32>
    }
    return %z : tensor<?x?x64xf32>
  }
  func.func @pack(%w: tensor<64x64xf32> {seq.param = "w"}, %v: tensor<64x64xf32> {seq.param = "v"})
      -> (tensor<64x64xf32> {seq.packed = 0}, tensor<64x64xf32> {seq.packed = 1}) {
    return %w, %v : tensor<64x64xf32>, tensor<64x64xf32>
  }
}
