// RUN: seq-opt %s | seq-opt | FileCheck %s

// CHECK-LABEL: func.func @gates
// CHECK: sched.product %{{.*}}, %{{.*}} init(%{{.*}}) rows(%{{.*}}) units(20) : memref<?x5xf32>, memref<3x5x16xf32>, memref<?x40xf32> {
// CHECK-NEXT: ^bb0(%[[ROW:.*]]: index, %[[UNIT:.*]]: index, %[[A:.*]]: f32, %[[B:.*]]: f32):
// CHECK-NEXT: %[[V:.*]] = arith.mulf %[[A]], %[[B]] : f32
// CHECK-NEXT: memref.store %[[V]], %{{.*}}[%[[ROW]], %[[UNIT]]]
// CHECK-NEXT: }
func.func @gates(%x: memref<?x5xf32>, %panels: memref<3x5x16xf32>, %init: memref<?x40xf32>,
                 %y: memref<?x20xf32>, %n: index) {
  sched.product %x, %panels init(%init) rows(%n) units(20)
      : memref<?x5xf32>, memref<3x5x16xf32>, memref<?x40xf32> {
  ^bb0(%row: index, %unit: index, %a: f32, %b: f32):
    %v = arith.mulf %a, %b : f32
    memref.store %v, %y[%row, %unit] : memref<?x20xf32>
  }
  return
}

// CHECK-LABEL: func.func @one_group
// CHECK: sched.product %{{.*}}, %{{.*}} rows(%{{.*}}) units(8) : memref<?x5xf32>, memref<1x5x8xf32> {
func.func @one_group(%x: memref<?x5xf32>, %panels: memref<1x5x8xf32>, %y: memref<?x8xf32>, %n: index) {
  sched.product %x, %panels rows(%n) units(8) : memref<?x5xf32>, memref<1x5x8xf32> {
  ^bb0(%row: index, %unit: index, %a: f32):
    memref.store %a, %y[%row, %unit] : memref<?x8xf32>
  }
  return
}

// A part of the panels, for one of several workers.
// CHECK-LABEL: func.func @part
// CHECK: sched.product %{{.*}}, %{{.*}} rows(%{{.*}}) units(8) panels(%{{.*}} to %{{.*}}) : memref<?x5xf32>, memref<1x5x8xf32> {
func.func @part(%x: memref<?x5xf32>, %panels: memref<1x5x8xf32>, %y: memref<?x8xf32>, %n: index,
                %first: index, %end: index) {
  sched.product %x, %panels rows(%n) units(8) panels(%first to %end) : memref<?x5xf32>, memref<1x5x8xf32> {
  ^bb0(%row: index, %unit: index, %a: f32):
    memref.store %a, %y[%row, %unit] : memref<?x8xf32>
  }
  return
}

// Pairs of bf16: rows of f32 as they are, rows of bf16 with a zero behind them.
// CHECK-LABEL: func.func @pairs
// CHECK: sched.product %{{.*}} : memref<?x5xf32>, memref<1x3x16xbf16> {
// CHECK: sched.product %{{.*}} : memref<?x6xbf16>, memref<1x3x16xbf16> {
func.func @pairs(%x: memref<?x5xf32>, %short: memref<?x6xbf16>, %panels: memref<1x3x16xbf16>, %n: index) {
  sched.product %x, %panels rows(%n) units(8) : memref<?x5xf32>, memref<1x3x16xbf16> {
  ^bb0(%row: index, %unit: index, %a: f32):
  }
  sched.product %short, %panels rows(%n) units(8) : memref<?x6xbf16>, memref<1x3x16xbf16> {
  ^bb0(%row: index, %unit: index, %a: f32):
  }
  return
}

// int8, with the scales of rows and columns.
// CHECK-LABEL: func.func @scaled
// CHECK: sched.product %{{.*}}, %{{.*}} scales(%{{.*}}, %{{.*}}, %{{.*}}) init(%{{.*}}) rows(%{{.*}}) units(8) : memref<?x8xi8>, memref<1x2x32xi8> scales(memref<?xf32>, memref<1x8xf32>, memref<1x8xi32>), memref<?x8xf32> {
func.func @scaled(%x: memref<?x8xi8>, %panels: memref<1x2x32xi8>, %of_rows: memref<?xf32>,
                  %of_columns: memref<1x8xf32>, %offsets: memref<1x8xi32>, %init: memref<?x8xf32>, %n: index) {
  sched.product %x, %panels scales(%of_rows, %of_columns, %offsets) init(%init) rows(%n) units(8)
      : memref<?x8xi8>, memref<1x2x32xi8> scales(memref<?xf32>, memref<1x8xf32>, memref<1x8xi32>), memref<?x8xf32> {
  ^bb0(%row: index, %unit: index, %a: f32):
  }
  return
}
