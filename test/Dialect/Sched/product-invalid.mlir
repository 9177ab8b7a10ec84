// RUN: seq-opt %s --split-input-file --verify-diagnostics

func.func @no_sums(%x: memref<?x5xf32>, %panels: memref<1x5x8xf32>, %n: index) {
  // expected-error@+1 {{the epilogue takes a row, a unit, and sums}}
  sched.product %x, %panels rows(%n) units(8) : memref<?x5xf32>, memref<1x5x8xf32> {
  ^bb0(%row: index, %unit: index):
  }
  return
}

// -----

func.func @uneven_groups(%x: memref<?x5xf32>, %panels: memref<1x5x8xf32>, %n: index) {
  // expected-error@+1 {{panels must be static, each group as wide as the others}}
  sched.product %x, %panels rows(%n) units(2) : memref<?x5xf32>, memref<1x5x8xf32> {
  ^bb0(%row: index, %unit: index, %a: f32, %b: f32, %c: f32):
  }
  return
}

// -----

func.func @too_many_units(%x: memref<?x5xf32>, %panels: memref<1x5x8xf32>, %n: index) {
  // expected-error@+1 {{has 9 units in 1 panels of 8}}
  sched.product %x, %panels rows(%n) units(9) : memref<?x5xf32>, memref<1x5x8xf32> {
  ^bb0(%row: index, %unit: index, %a: f32):
  }
  return
}

// -----

func.func @other_k(%x: memref<?x6xf32>, %panels: memref<1x5x8xf32>, %n: index) {
  // expected-error@+1 {{the left operand's rows must be as long as the panels}}
  sched.product %x, %panels rows(%n) units(8) : memref<?x6xf32>, memref<1x5x8xf32> {
  ^bb0(%row: index, %unit: index, %a: f32):
  }
  return
}

// -----

func.func @narrow_init(%x: memref<?x5xf32>, %panels: memref<1x5x8xf32>, %init: memref<?x4xf32>, %n: index) {
  // expected-error@+1 {{init must have a column for each sum}}
  sched.product %x, %panels init(%init) rows(%n) units(4) : memref<?x5xf32>, memref<1x5x8xf32>, memref<?x4xf32> {
  ^bb0(%row: index, %unit: index, %a: f32, %b: f32):
  }
  return
}

// -----

func.func @half_a_pair(%x: memref<?x5xbf16>, %panels: memref<1x3x16xbf16>, %n: index) {
  // expected-error@+1 {{a left operand of short numbers takes panels of the same, and whole packs}}
  sched.product %x, %panels rows(%n) units(8) : memref<?x5xbf16>, memref<1x3x16xbf16> {
  ^bb0(%row: index, %unit: index, %a: f32):
  }
  return
}

// -----

func.func @short_rows_alone(%x: memref<?x6xbf16>, %panels: memref<1x6x8xf32>, %n: index) {
  // expected-error@+1 {{a left operand of short numbers takes panels of the same, and whole packs}}
  sched.product %x, %panels rows(%n) units(8) : memref<?x6xbf16>, memref<1x6x8xf32> {
  ^bb0(%row: index, %unit: index, %a: f32):
  }
  return
}

// -----

func.func @no_scales(%x: memref<?x8xi8>, %panels: memref<1x2x32xi8>, %n: index) {
  // expected-error@+1 {{int8 takes int8, and scales}}
  sched.product %x, %panels rows(%n) units(8) : memref<?x8xi8>, memref<1x2x32xi8> {
  ^bb0(%row: index, %unit: index, %a: f32):
  }
  return
}

// -----

func.func @f32_rows(%x: memref<?x8xf32>, %panels: memref<1x2x32xi8>, %r: memref<?xf32>,
                    %s: memref<1x8xf32>, %o: memref<1x8xi32>, %n: index) {
  // expected-error@+1 {{int8 takes int8, and scales}}
  sched.product %x, %panels scales(%r, %s, %o) rows(%n) units(8)
      : memref<?x8xf32>, memref<1x2x32xi8> scales(memref<?xf32>, memref<1x8xf32>, memref<1x8xi32>) {
  ^bb0(%row: index, %unit: index, %a: f32):
  }
  return
}

// -----

func.func @narrow_scales(%x: memref<?x8xi8>, %panels: memref<1x2x32xi8>, %r: memref<?xf32>,
                         %s: memref<1x4xf32>, %o: memref<1x8xi32>, %n: index) {
  // expected-error@+1 {{scales and offsets must have the panels' columns}}
  sched.product %x, %panels scales(%r, %s, %o) rows(%n) units(8)
      : memref<?x8xi8>, memref<1x2x32xi8> scales(memref<?xf32>, memref<1x4xf32>, memref<1x8xi32>) {
  ^bb0(%row: index, %unit: index, %a: f32):
  }
  return
}
