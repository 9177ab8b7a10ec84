// RUN: seq-opt %s --convert-seq-to-loops --vectorize-parallel-loops --canonicalize | FileCheck %s

// A matrix that is written in another order than it is read in goes by blocks of
// columns: what is read then comes line by line of the cache.
// CHECK-LABEL: func.func @Table_pack(
// CHECK: scf.for %[[FIRST:.*]] = %c0 to %c64 step %c32 {
// CHECK: %[[BEHIND:.*]] = arith.minui
// CHECK: scf.for %[[ROW:.*]] = %c0 to %c100 step %c1 {
// CHECK: scf.for %[[COLUMN:.*]] = %[[FIRST]] to %[[BEHIND]] step %c1 {
// CHECK: memref.load %{{.*}}[%[[COLUMN]], %[[ROW]]]
// CHECK: memref.store %{{.*}}[%[[ROW]], %[[COLUMN]]]
module attributes {seq.dims = [], seq.model = "Table"} {
  func.func @main(%x: tensor<?xi64> {seq.input = "x", seq.axes = array<i64>}, %t: tensor<100x64xf32> {seq.packed = 0}) -> (tensor<?x64xf32> {seq.output = "y", seq.axes = array<i64: -1>}) {
    %y = seq.gather %t[%x] : tensor<100x64xf32>, tensor<?xi64> -> tensor<?x64xf32>
    return %y : tensor<?x64xf32>
  }
  func.func @pack(%w: tensor<64x100xf32> {seq.param = "w"}) -> (tensor<100x64xf32> {seq.packed = 0}) {
    %t = seq.transpose %w [1, 0] : tensor<64x100xf32> -> tensor<100x64xf32>
    return %t : tensor<100x64xf32>
  }
}
