// RUN: seq-opt %s -verify-diagnostics -split-input-file

func.func @gather_c1_rank(%t: tensor<f32>, %n: tensor<i64>) {
  // expected-error@+1 {{'seq.gather' op has a table of type 'tensor<f32>', whose first axis must be static and not empty}}
  %y = seq.gather %t[%n] : tensor<f32>, tensor<i64> -> tensor<f32>
  return
}

// -----

func.func @gather_c1_dynamic(%t: tensor<?x4xf32>, %n: tensor<i64>) {
  // expected-error@+1 {{'seq.gather' op has a table of type 'tensor<?x4xf32>', whose first axis must be static and not empty}}
  %y = seq.gather %t[%n] : tensor<?x4xf32>, tensor<i64> -> tensor<4xf32>
  return
}

// -----

func.func @gather_c1_empty(%t: tensor<0x4xf32>, %n: tensor<i64>) {
  // expected-error@+1 {{'seq.gather' op has a table of type 'tensor<0x4xf32>', whose first axis must be static and not empty}}
  %y = seq.gather %t[%n] : tensor<0x4xf32>, tensor<i64> -> tensor<4xf32>
  return
}

// -----

func.func @gather_c2(%t: tensor<3x4xf32>, %n: tensor<?xi64>) {
  // expected-error@+1 {{'seq.gather' op has a result of type 'tensor<4xf32>' where 'tensor<?x4xf32>' is expected}}
  %y = seq.gather %t[%n] : tensor<3x4xf32>, tensor<?xi64> -> tensor<4xf32>
  return
}

// -----

func.func @mask_c1(%x: tensor<4xf32>, %n: tensor<4xi64>) {
  // expected-error@+1 {{'seq.mask' op names axis 1 of 'tensor<4xf32>'}}
  %y = seq.mask %x axis 1 lengths(%n : tensor<4xi64>) fill 0.0 : f32 : tensor<4xf32>
  return
}

// -----

func.func @mask_c2_rank(%x: tensor<?x4xf32>, %n: tensor<i64>) {
  // expected-error@+1 {{'seq.mask' op has lengths of type 'tensor<i64>' where 'tensor<?x4xf32>' has axis 1}}
  %y = seq.mask %x axis 1 lengths(%n : tensor<i64>) fill 0.0 : f32 : tensor<?x4xf32>
  return
}

// -----

func.func @mask_c2_shape(%x: tensor<?x4xf32>, %n: tensor<2xi64>) {
  // expected-error@+1 {{'seq.mask' op has lengths of type 'tensor<2xi64>' where 'tensor<?x4xf32>' has axis 1}}
  %y = seq.mask %x axis 1 lengths(%n : tensor<2xi64>) fill 0.0 : f32 : tensor<?x4xf32>
  return
}

// -----

func.func @mask_c3(%x: tensor<4xf32>, %n: tensor<i64>) {
  // expected-error@+1 {{'seq.mask' op has a fill of type 'i64' where 'f32' is expected}}
  %y = seq.mask %x axis 0 lengths(%n : tensor<i64>) fill 0 : i64 : tensor<4xf32>
  return
}

// -----

func.func @length_c1(%x: tensor<4xf32>) {
  // expected-error@+1 {{'seq.length' op names axis 1 of 'tensor<4xf32>'}}
  %y = seq.length %x axis 1 : tensor<4xf32> -> tensor<i64>
  return
}

// -----

func.func @length_c2_rank(%x: tensor<?x4xf32>) {
  // expected-error@+1 {{'seq.length' op has a result of type 'tensor<?xi64>', which are no rows of 'tensor<?x4xf32>' before axis 0}}
  %y = seq.length %x axis 0 : tensor<?x4xf32> -> tensor<?xi64>
  return
}

// -----

func.func @length_c2_shape(%x: tensor<?x4xf32>) {
  // expected-error@+1 {{'seq.length' op has a result of type 'tensor<2xi64>', which are no rows of 'tensor<?x4xf32>' before axis 1}}
  %y = seq.length %x axis 1 : tensor<?x4xf32> -> tensor<2xi64>
  return
}

// -----

func.func @dropout_c1(%x: tensor<4xf32>) {
  // expected-error@+1 {{'seq.dropout' op has a rate of 1.5}}
  %y = seq.dropout %x rate 1.5 site 0 : tensor<4xf32>
  return
}
