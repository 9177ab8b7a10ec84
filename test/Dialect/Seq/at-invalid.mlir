// RUN: seq-opt %s -verify-diagnostics -split-input-file

func.func @at_c1_axis(%x: tensor<4xf32>) {
  // expected-error@+1 {{'seq.at' op names axis 1 of 'tensor<4xf32>'}}
  %y = seq.at %x axis 1 index 0 : tensor<4xf32> -> tensor<f32>
  return
}

// -----

func.func @at_c1_index(%x: tensor<4xf32>) {
  // expected-error@+1 {{'seq.at' op reads index 4 of 4 positions}}
  %y = seq.at %x axis 0 index 4 : tensor<4xf32> -> tensor<f32>
  return
}

// -----

func.func @at_c1_negative(%x: tensor<4xf32>) {
  // expected-error@+1 {{'seq.at' op reads index -5 of 4 positions}}
  %y = seq.at %x axis 0 index -5 : tensor<4xf32> -> tensor<f32>
  return
}

// -----

func.func @at_c2(%x: tensor<?x4xf32>) {
  // expected-error@+1 {{'seq.at' op has a result of type 'tensor<5xf32>' where 'tensor<4xf32>' is expected}}
  %y = seq.at %x axis 0 index 0 : tensor<?x4xf32> -> tensor<5xf32>
  return
}

// -----

func.func @at_c3(%x: tensor<?x?xf32>, %n: tensor<2xi64>) {
  // expected-error@+1 {{'seq.at' op has lengths of type 'tensor<2xi64>' where 'tensor<?x?xf32>' has axis 1}}
  %y = seq.at %x axis 1 index 0 lengths(%n : tensor<2xi64>) : tensor<?x?xf32> -> tensor<?xf32>
  return
}

// -----

func.func @transpose_c1_count(%x: tensor<4x5xf32>) {
  // expected-error@+1 {{'seq.transpose' op has 1 entries for the axes of 'tensor<4x5xf32>'}}
  %y = seq.transpose %x [0] : tensor<4x5xf32> -> tensor<4x5xf32>
  return
}

// -----

func.func @transpose_c1_axis(%x: tensor<4x5xf32>) {
  // expected-error@+1 {{'seq.transpose' op names axis 2 of 'tensor<4x5xf32>'}}
  %y = seq.transpose %x [0, 2] : tensor<4x5xf32> -> tensor<4x5xf32>
  return
}

// -----

func.func @transpose_c1_twice(%x: tensor<4x5xf32>) {
  // expected-error@+1 {{'seq.transpose' op names axis 1 twice}}
  %y = seq.transpose %x [1, 1] : tensor<4x5xf32> -> tensor<5x5xf32>
  return
}

// -----

func.func @transpose_c2(%x: tensor<4x5xf32>) {
  // expected-error@+1 {{'seq.transpose' op has a result of type 'tensor<4x5xf32>' where 'tensor<5x4xf32>' is expected}}
  %y = seq.transpose %x [1, 0] : tensor<4x5xf32> -> tensor<4x5xf32>
  return
}
