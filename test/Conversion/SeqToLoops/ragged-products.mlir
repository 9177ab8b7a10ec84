// RUN: seq-opt %s --convert-seq-to-loops='vector-bits=256 registers=16' --canonicalize --cse | FileCheck %s

// What is zero behind the lengths of its rows is multiplied up to there: as one
// matrix where all rows are full, else row by row. What is behind is cleared.
// CHECK-LABEL: func.func private @Ragged_tile(
// CHECK: %[[FULL:.*]] = scf.for %{{.*}} iter_args(%{{.*}} = %true) -> (i1)
// CHECK: %[[EVEN:.*]] = arith.andi %{{.*}}, %[[FULL]] : i1
// CHECK: scf.for %[[ROW:.*]] = %c0
// CHECK: %[[LENGTH:.*]] = memref.load %{{.*}}[%[[ROW]]] : memref<?xi64>
// CHECK: %[[INDEX:.*]] = arith.index_cast %[[LENGTH]] : i64 to index
// CHECK: %[[COUNT:.*]] = arith.select %[[EVEN]], %{{.*}}, %[[INDEX]] : index
// CHECK: func.call @Ragged_product_16x4(%[[COUNT]],
// CHECK: scf.for %[[ROW:.*]] = %c0
// CHECK: %[[BEHIND:.*]] = arith.index_cast %{{.*}} : i64 to index
// CHECK: scf.parallel (%[[T:.*]], %[[COLUMN:.*]]) = (%[[BEHIND]], %c0)
// CHECK: memref.store %cst, %{{.*}}[%[[ROW]], %[[T]], %[[COLUMN]]]

// A sum of outer products walks each row as far as it goes.
// CHECK-LABEL: func.func private @Ragged_sums(
// CHECK: %[[LENGTHS:.*]] = scf.if %{{.*}} -> (!llvm.ptr)
// CHECK: %[[ALL:.*]] = llvm.icmp "eq" %[[LENGTHS]],
// CHECK: scf.for %[[ROW:.*]] = %c0
// CHECK: %[[COUNT:.*]] = scf.if %[[ALL]] -> (index)
// CHECK: } else {
// CHECK: llvm.load
// CHECK: arith.minui
// CHECK: func.call @Ragged_outer_products(%[[COUNT]],
module attributes {seq.model = "Ragged", seq.dims = ["T"]} {
  func.func @main(%x: tensor<?x?x4xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>},
                  %n: tensor<?xi64> {seq.lengths = 0}, %w: tensor<16x4xf32> {seq.packed = 0})
      -> (tensor<?x?x16xf32> {seq.output = "y", seq.axes = array<i64: 0, -1>},
          tensor<?x?x4xf32> {seq.kept = 0}) {
    %m = seq.mask %x axis 1 lengths(%n : tensor<?xi64>) fill 0.0 : f32 : tensor<?x?x4xf32>
    %p = seq.contract %m [2], %w [1] : tensor<?x?x4xf32>, tensor<16x4xf32> -> tensor<?x?x16xf32>
    return %p, %m : tensor<?x?x16xf32>, tensor<?x?x4xf32>
  }
  func.func @sums(%x: tensor<?x?x4xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>},
                  %n: tensor<?xi64> {seq.lengths = 0}, %w: tensor<16x4xf32> {seq.packed = 0},
                  %m: tensor<?x?x4xf32> {seq.kept = 0})
      -> (tensor<4x4xf32> {seq.gradient = "w", seq.of = "param", seq.place = 1}) {
    %g = seq.contract %m [0, 1], %m [0, 1] {seq.lengths = 0 : i64} : tensor<?x?x4xf32>, tensor<?x?x4xf32> -> tensor<4x4xf32>
    return %g : tensor<4x4xf32>
  }
  func.func @pack(%w: tensor<16x4xf32> {seq.param = "w"}) -> (tensor<16x4xf32> {seq.packed = 0}) {
    return %w : tensor<16x4xf32>
  }
}
