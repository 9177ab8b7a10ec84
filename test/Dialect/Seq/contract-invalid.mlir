// RUN: seq-opt %s -verify-diagnostics -split-input-file

func.func @contract_c1_sizes(%a: tensor<2x3xf32>, %b: tensor<4x5xf32>) {
  // expected-error@+1 {{'seq.contract' op pairs axis 1 of 'tensor<2x3xf32>' with axis 0 of 'tensor<4x5xf32>'}}
  %y = seq.contract %a [1], %b [0] : tensor<2x3xf32>, tensor<4x5xf32> -> tensor<2x5xf32>
  return
}

// -----

func.func @contract_c1_count(%a: tensor<2x3xf32>, %b: tensor<3x2xf32>) {
  // expected-error@+1 {{'seq.contract' op pairs 2 axes with 1}}
  %y = seq.contract %a [0, 1], %b [0] : tensor<2x3xf32>, tensor<3x2xf32> -> tensor<2xf32>
  return
}

// -----

func.func @contract_c1_axis(%a: tensor<2x3xf32>, %b: tensor<3x2xf32>) {
  // expected-error@+1 {{'seq.contract' op names axis 2 of 'tensor<3x2xf32>'}}
  %y = seq.contract %a [1], %b [2] : tensor<2x3xf32>, tensor<3x2xf32> -> tensor<2x3xf32>
  return
}

// -----

func.func @contract_c1_batch(%a: tensor<2x3xf32>, %b: tensor<3x3xf32>) {
  // expected-error@+1 {{'seq.contract' op pairs axis 0 of 'tensor<2x3xf32>' with axis 0 of 'tensor<3x3xf32>'}}
  %y = seq.contract %a [1], %b [1] batch [0], [0] : tensor<2x3xf32>, tensor<3x3xf32> -> tensor<2xf32>
  return
}

// -----

func.func @contract_c2(%a: tensor<3x3xf32>, %b: tensor<3x3xf32>) {
  // expected-error@+1 {{'seq.contract' op names axis 1 twice}}
  %y = seq.contract %a [1], %b [1] batch [1], [0] : tensor<3x3xf32>, tensor<3x3xf32> -> tensor<3xf32>
  return
}

// -----

func.func @contract_c3(%a: tensor<2x3xf32>, %b: tensor<3x4xf32>) {
  // expected-error@+1 {{'seq.contract' op has a result of type 'tensor<4x2xf32>' where 'tensor<2x4xf32>' is expected}}
  %y = seq.contract %a [1], %b [0] : tensor<2x3xf32>, tensor<3x4xf32> -> tensor<4x2xf32>
  return
}

// -----

func.func @reduce_c1(%a: tensor<2xf32>) {
  // expected-error@+1 {{'seq.reduce' op names axis 1 of 'tensor<2xf32>'}}
  %y = seq.reduce sum %a axis 1 : tensor<2xf32> -> tensor<f32>
  return
}

// -----

func.func @reduce_c2(%a: tensor<2x3xf32>) {
  // expected-error@+1 {{'seq.reduce' op has a result of type 'tensor<2xf32>' where 'tensor<3xf32>' is expected}}
  %y = seq.reduce sum %a axis 0 : tensor<2x3xf32> -> tensor<2xf32>
  return
}

// -----

func.func @softmax_c1(%a: tensor<2xf32>) {
  // expected-error@+1 {{'seq.softmax' op names axis -1 of 'tensor<2xf32>'}}
  %y = seq.softmax %a axis -1 : tensor<2xf32>
  return
}
