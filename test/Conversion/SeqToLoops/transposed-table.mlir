// RUN: seq-opt %s --convert-seq-to-loops='vector-bits=256 registers=16' --canonicalize | FileCheck %s

// A table that rows are added to, and of which only the transpose is wanted, is
// filled where that lies: cleared along its rows, added to by columns.
// CHECK-LABEL: func.func private @Table_sums(
// CHECK: %[[TABLE:.*]] = memref.transpose %{{.*}} (d0, d1) -> (d1, d0)
// CHECK: scf.parallel (%[[COLUMN:.*]], %[[ROW:.*]]) = (%{{.*}}, %c0) to (%{{.*}}, %c100)
// CHECK-NEXT: memref.store %{{.*}}, %[[TABLE]][%[[ROW]], %[[COLUMN]]]
// CHECK: arith.cmpi ult, %{{.*}}, %c100_i64
// CHECK: %[[OLD:.*]] = memref.load %[[TABLE]]
// CHECK: %[[NEW:.*]] = arith.addf %[[OLD]]
// CHECK: memref.store %[[NEW]], %[[TABLE]]
// CHECK-NOT: memref.view
// CHECK: return
module attributes {seq.model = "Table", seq.dims = ["T"]} {
  func.func @main(%x: tensor<?x?xi64> {seq.input = "x", seq.axes = array<i64: 0>}, %d: tensor<?x?x40xf32> {seq.input = "d", seq.axes = array<i64: 0, -1>})
      -> (tensor<?x?x40xf32> {seq.kept = 0}) {
    %n = arith.negf %d : tensor<?x?x40xf32>
    return %n : tensor<?x?x40xf32>
  }
  func.func @sums(%x: tensor<?x?xi64> {seq.input = "x", seq.axes = array<i64: 0>}, %d: tensor<?x?x40xf32> {seq.input = "d", seq.axes = array<i64: 0, -1>},
                  %n: tensor<?x?x40xf32> {seq.kept = 0})
      -> (tensor<40x100xf32> {seq.gradient = "w", seq.of = "param", seq.place = 0}) {
    %t = seq.scatter_add %n at %x : tensor<?x?x40xf32>, tensor<?x?xi64> -> tensor<100x40xf32>
    %g = seq.transpose %t [1, 0] : tensor<100x40xf32> -> tensor<40x100xf32>
    return %g : tensor<40x100xf32>
  }
  func.func @pack() {
    return
  }
}
