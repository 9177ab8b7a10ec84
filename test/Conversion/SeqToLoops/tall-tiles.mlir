// RUN: seq-opt %s --convert-seq-to-loops='vector-bits=512 registers=32' | FileCheck %s

// A step's weights (600 x 600) come from behind the second cache: so they come
// for up to 64 rows at once, but for the 16 that are dealt to a tile where the
// call has lengths. Several workers share a tile of 16 rows only.
// CHECK-LABEL: func.func private @Model_tile
// CHECK: %[[ARRAYS:.*]] = llvm.getelementptr %arg0[0, 3]
// CHECK: %[[LENGTHS:.*]] = scf.if
// CHECK: %[[IS_NULL:.*]] = llvm.icmp "eq" %[[LENGTHS]], %{{.*}} : !llvm.ptr
// CHECK: %[[IS_FULL:.*]] = arith.andi %true{{.*}}, %[[IS_NULL]] : i1
// CHECK: %[[ROWS:.*]] = arith.select %[[IS_FULL]], %c64{{.*}}, %c16{{.*}} : index
// CHECK: arith.divui %{{.*}}, %[[ROWS]] : index
// CHECK: call @seqc_workers
// CHECK: arith.cmpi ule, %{{.*}}, %c16{{.*}} : index

// The workspace has room for the taller ones.
// CHECK-LABEL: func.func @Model_workspace
// CHECK: %[[TALL:.*]] = arith.constant 64 : index
// CHECK: arith.divui %{{.*}}, %[[TALL]] : index

module attributes {seq.model = "Model"} {
  func.func @main(%x: tensor<?x?x600xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>},
                  %n: tensor<?xi64> {seq.lengths = 0},
                  %h0: tensor<?x600xf32> {seq.state = "h", seq.axes = array<i64: -1>},
                  %w: tensor<600x600xf32> {seq.packed = 0})
      -> (tensor<?x?x600xf32> {seq.output = "y", seq.axes = array<i64: 0, -1>},
          tensor<?x600xf32> {seq.state = "h", seq.axes = array<i64: -1>}) {
    %h, %y = seq.scan axis 1 sequences(%x : tensor<?x?x600xf32>) states(%h0 : tensor<?x600xf32>)
        invariants(%w : tensor<600x600xf32>) lengths(%n : tensor<?xi64>)
        -> tensor<?x600xf32>, tensor<?x?x600xf32> {
    ^bb0(%x_t: tensor<?x600xf32>, %h: tensor<?x600xf32>, %w_h: tensor<600x600xf32>):
      %p = seq.contract %h [1], %w_h [1] : tensor<?x600xf32>, tensor<600x600xf32> -> tensor<?x600xf32>
      %g = arith.addf %p, %x_t : tensor<?x600xf32>
      %h1 = math.tanh %g : tensor<?x600xf32>
      seq.yield %h1, %h1 : tensor<?x600xf32>, tensor<?x600xf32>
    }
    return %y, %h : tensor<?x?x600xf32>, tensor<?x600xf32>
  }
  func.func @pack(%w: tensor<600x600xf32> {seq.param = "w"})
      -> (tensor<600x600xf32> {seq.packed = 0}, tensor<600xf32> {seq.initial = 0}) {
    %zero = arith.constant dense<0.0> : tensor<600xf32>
    return %w, %zero : tensor<600x600xf32>, tensor<600xf32>
  }
}
