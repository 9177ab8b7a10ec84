// RUN: seq-opt %s --convert-seq-to-loops='vector-bits=256 registers=16' --canonicalize | FileCheck %s

// What the tiles leave lies in front of the workers' parts; each tile knows its
// rows of it.
// CHECK-LABEL: func.func private @Sums_tile
// CHECK: call @Sums_kept
// CHECK: memref.subview %{{.*}}[%{{.*}}, 0, 0]

// Sums of the left operand that lie 1024 numbers apart or more are copied for 96
// rows at once; others are read where they are. A tile of the result stays in
// registers along a block of sums, and goes back to memory between blocks: two
// vectors of columns, six rows.
// CHECK-LABEL: func.func private @Sums_outer_products
// CHECK: scf.for %{{.*}} = %c0 to %{{.*}} step %c128
// CHECK: scf.for %{{.*}} = %c0 to %{{.*}} step %c96
// CHECK: arith.cmpi uge, %{{.*}}, %c256
// CHECK: scf.if
// CHECK: vector.store %{{.*}}, %[[COPY:.*]][%{{.*}}, %{{.*}}] : memref<128x112xf32>
// CHECK: memref.cast %[[COPY]]
// CHECK: } else {
// CHECK: memref.subview %arg1
// CHECK-COUNT-12: vector.load %{{.*}} : memref<?x?xf32, strided<[?, 1], offset: ?>>, vector<8xf32>
// CHECK: scf.for {{.*}} iter_args
// CHECK-COUNT-12: vector.fma
// CHECK: scf.yield
// CHECK-COUNT-12: vector.store

// Six tasks for each product: blocks of 96 rows and 256 columns, of 200 by 300.
// The second level adds both, in four tasks that have some rows each.
// CHECK-LABEL: func.func private @Sums_sums(
// CHECK: arith.cmpi ult, %{{.*}}, %c6
// CHECK: call @Sums_outer_products
// CHECK: arith.cmpi ult, %{{.*}}, %c6
// CHECK: call @Sums_outer_products
// CHECK: arith.cmpi ult, %{{.*}}, %c4
// CHECK: arith.addf
// CHECK-LABEL: func.func private @Sums_sums_0
// CHECK: call @Sums_sums(
// CHECK-LABEL: func.func private @Sums_sums_1
// CHECK: %[[T:.*]] = arith.addi %arg1, %c12
// CHECK: call @Sums_sums(%arg0, %[[T]]

// A level begins when all before it is done, and has gone well.
// CHECK-LABEL: func.func @Sums(
// CHECK: call @seqc_run_tiles
// CHECK: scf.if
// CHECK: func.call @seqc_run_tiles(%arg0, %c12
// CHECK: scf.if
// CHECK: func.call @seqc_run_tiles(%arg0, %c4
module attributes {seq.model = "Sums", seq.dims = ["T"]} {
  func.func @main(%x: tensor<?x?x300xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>}, %d: tensor<?x?x200xf32> {seq.input = "d", seq.axes = array<i64: 0, -1>})
      -> (tensor<?x?x200xf32> {seq.kept = 0}) {
    %n = arith.negf %d : tensor<?x?x200xf32>
    return %n : tensor<?x?x200xf32>
  }
  func.func @sums(%x: tensor<?x?x300xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>}, %d: tensor<?x?x200xf32> {seq.input = "d", seq.axes = array<i64: 0, -1>},
                  %n: tensor<?x?x200xf32> {seq.kept = 0})
      -> (tensor<200x300xf32> {seq.gradient = "w", seq.of = "param", seq.place = 0}) {
    %g = seq.contract %n [0, 1], %x [0, 1] : tensor<?x?x200xf32>, tensor<?x?x300xf32> -> tensor<200x300xf32>
    %h = seq.contract %d [0, 1], %x [0, 1] : tensor<?x?x200xf32>, tensor<?x?x300xf32> -> tensor<200x300xf32>
    %w = arith.addf %g, %h : tensor<200x300xf32>
    return %w : tensor<200x300xf32>
  }
  func.func @pack() {
    return
  }
}
