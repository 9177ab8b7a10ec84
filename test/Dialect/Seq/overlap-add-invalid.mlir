// RUN: seq-opt %s -verify-diagnostics -split-input-file

func.func @overlap_add_c1_axis(%x: tensor<4xf32>) {
  // expected-error@+1 {{'seq.overlap_add' op names axis 1 of 'tensor<4xf32>'}}
  %0 = seq.overlap_add %x axis 0 : tensor<4xf32> -> tensor<4xf32>
  return
}

// -----

func.func @overlap_add_c1_static(%x: tensor<4x?xf32>) {
  // expected-error@+1 {{'seq.overlap_add' op has windows of a dynamic size: 'tensor<4x?xf32>'}}
  %0 = seq.overlap_add %x axis 0 : tensor<4x?xf32> -> tensor<4xf32>
  return
}

// -----

func.func @overlap_add_c2(%x: tensor<4x2xf32>) {
  // expected-error@+1 {{'seq.overlap_add' op has a stride of 0}}
  %0 = seq.overlap_add %x axis 0 stride 0 : tensor<4x2xf32> -> tensor<4xf32>
  return
}

// -----

func.func @overlap_add_c2_before(%x: tensor<4x2xf32>) {
  // expected-error@+1 {{'seq.overlap_add' op has a part before of -1}}
  %0 = seq.overlap_add %x axis 0 before -1 : tensor<4x2xf32> -> tensor<4xf32>
  return
}

// -----

func.func @overlap_add_c3(%x: tensor<4x2x3xf32>) {
  // expected-error@+1 {{'seq.overlap_add' op has a result of type 'tensor<5x2xf32>' where 'tensor<5x3xf32>' is expected}}
  %0 = seq.overlap_add %x axis 0 : tensor<4x2x3xf32> -> tensor<5x2xf32>
  return
}

// -----

func.func @overlap_add_c4(%x: tensor<4x2xf32>, %n: index) {
  // expected-error@+1 {{'seq.overlap_add' op of type 'tensor<5xf32>' has a size}}
  %0 = seq.overlap_add %x axis 0 size(%n) : tensor<4x2xf32> -> tensor<5xf32>
  return
}

// -----

func.func @overlap_add_c4_missing(%x: tensor<4x2xf32>) {
  // expected-error@+1 {{'seq.overlap_add' op of type 'tensor<?xf32>' has no size}}
  %0 = seq.overlap_add %x axis 0 : tensor<4x2xf32> -> tensor<?xf32>
  return
}
