// RUN: seq-opt %s -verify-diagnostics -split-input-file

func.func @broadcast_c1_count(%x: tensor<4xf32>) {
  // expected-error@+1 {{'seq.broadcast' op has 0 dims for 'tensor<4xf32>'}}
  %y = seq.broadcast %x dims [] : tensor<4xf32> -> tensor<2x4xf32>
  return
}

// -----

func.func @broadcast_c1_axis(%x: tensor<4xf32>) {
  // expected-error@+1 {{'seq.broadcast' op names axis 2 of 'tensor<2x4xf32>'}}
  %y = seq.broadcast %x dims [2] : tensor<4xf32> -> tensor<2x4xf32>
  return
}

// -----

func.func @broadcast_c1_order(%x: tensor<4x4xf32>) {
  // expected-error@+1 {{'seq.broadcast' op has dims that do not increase}}
  %y = seq.broadcast %x dims [1, 0] : tensor<4x4xf32> -> tensor<4x4xf32>
  return
}

// -----

func.func @broadcast_c2(%x: tensor<4xf32>) {
  // expected-error@+1 {{'seq.broadcast' op has a result of type 'tensor<2x5xf32>' where 'tensor<2x4xf32>' is expected}}
  %y = seq.broadcast %x dims [1] : tensor<4xf32> -> tensor<2x5xf32>
  return
}

// -----

func.func @broadcast_c2_element(%x: tensor<4xf32>) {
  // expected-error@+1 {{'seq.broadcast' op has a result of type 'tensor<2x4xi64>' where 'tensor<2x4xf32>' is expected}}
  %y = seq.broadcast %x dims [1] : tensor<4xf32> -> tensor<2x4xi64>
  return
}

// -----

func.func @broadcast_c3(%x: tensor<?xf32>, %n: index) {
  // expected-error@+1 {{'seq.broadcast' op has 1 sizes for 2 new dynamic axes}}
  %y = seq.broadcast %x sizes(%n) dims [1] : tensor<?xf32> -> tensor<?x?x?xf32>
  return
}

// -----

func.func @concat_c1_empty() {
  // expected-error@+1 {{'seq.concat' op has no operand}}
  %y = "seq.concat"() <{axis = 0 : i64}> : () -> tensor<0xf32>
  return
}

// -----

func.func @concat_c1_axis(%x: tensor<4xf32>) {
  // expected-error@+1 {{'seq.concat' op names axis 1 of 'tensor<4xf32>'}}
  %y = seq.concat %x axis 1 : tensor<4xf32> -> tensor<4xf32>
  return
}

// -----

func.func @concat_c2_dynamic(%x: tensor<?xf32>) {
  // expected-error@+1 {{'seq.concat' op joins along the dynamic axis of 'tensor<?xf32>'}}
  %y = seq.concat %x, %x axis 0 : tensor<?xf32>, tensor<?xf32> -> tensor<?xf32>
  return
}

// -----

func.func @concat_c2_size(%x: tensor<4xf32>) {
  // expected-error@+1 {{'seq.concat' op has a result of type 'tensor<7xf32>' where 'tensor<8xf32>' is expected}}
  %y = seq.concat %x, %x axis 0 : tensor<4xf32>, tensor<4xf32> -> tensor<7xf32>
  return
}

// -----

func.func @concat_c2_other_axis(%a: tensor<4x2xf32>, %b: tensor<4x3xf32>) {
  // expected-error@+1 {{'seq.concat' op has a result of type 'tensor<8x2xf32>' where 'tensor<8x3xf32>' is expected}}
  %y = seq.concat %a, %b axis 0 : tensor<4x2xf32>, tensor<4x3xf32> -> tensor<8x2xf32>
  return
}

// -----

func.func @slice_c1_axis(%x: tensor<4xf32>) {
  // expected-error@+1 {{'seq.slice' op names axis 1 of 'tensor<4xf32>'}}
  %y = seq.slice %x axis 1 offset 0 : tensor<4xf32> -> tensor<2xf32>
  return
}

// -----

func.func @slice_c1_dynamic(%x: tensor<?xf32>) {
  // expected-error@+1 {{'seq.slice' op takes a part of a dynamic axis}}
  %y = seq.slice %x axis 0 offset 0 : tensor<?xf32> -> tensor<2xf32>
  return
}

// -----

func.func @slice_c2(%x: tensor<4xf32>) {
  // expected-error@+1 {{'seq.slice' op takes 2 positions from 3 of 4}}
  %y = seq.slice %x axis 0 offset 3 : tensor<4xf32> -> tensor<2xf32>
  return
}

// -----

func.func @slice_c2_negative(%x: tensor<4xf32>) {
  // expected-error@+1 {{'seq.slice' op takes 2 positions from -1 of 4}}
  %y = seq.slice %x axis 0 offset -1 : tensor<4xf32> -> tensor<2xf32>
  return
}

// -----

func.func @slice_c3(%x: tensor<4x5xf32>) {
  // expected-error@+1 {{'seq.slice' op has a result of type 'tensor<2x6xf32>' where 'tensor<2x5xf32>' is expected}}
  %y = seq.slice %x axis 0 offset 0 : tensor<4x5xf32> -> tensor<2x6xf32>
  return
}

// -----

func.func @reshape_c1(%x: tensor<4xf32>) {
  // expected-error@+1 {{'seq.reshape' op makes 'tensor<4xi64>' of 'tensor<4xf32>'}}
  %y = seq.reshape %x : tensor<4xf32> -> tensor<4xi64>
  return
}

// -----

func.func @reshape_c2_elements(%x: tensor<?x4x2xf32>) {
  // expected-error@+1 {{'seq.reshape' op cannot cut 'tensor<?x4x2xf32>' into 'tensor<?x6xf32>'}}
  %y = seq.reshape %x : tensor<?x4x2xf32> -> tensor<?x6xf32>
  return
}

// -----

func.func @reshape_c2_place(%x: tensor<4x?xf32>) {
  // expected-error@+1 {{'seq.reshape' op cannot cut 'tensor<4x?xf32>' into 'tensor<?x4xf32>'}}
  %y = seq.reshape %x : tensor<4x?xf32> -> tensor<?x4xf32>
  return
}

// -----

func.func @reshape_c2_count(%x: tensor<?x?xf32>) {
  // expected-error@+1 {{'seq.reshape' op cannot cut 'tensor<?x?xf32>' into 'tensor<?xf32>'}}
  %y = seq.reshape %x : tensor<?x?xf32> -> tensor<?xf32>
  return
}

// -----

func.func @shift_c1(%x: tensor<4xf32>) {
  // expected-error@+1 {{'seq.shift' op names axis 1 of 'tensor<4xf32>'}}
  %y = seq.shift %x axis 1 by 1 fill 0.0 : f32 : tensor<4xf32>
  return
}

// -----

func.func @shift_c2(%x: tensor<4xf32>) {
  // expected-error@+1 {{'seq.shift' op has a fill of type 'i64' where 'f32' is expected}}
  %y = seq.shift %x axis 0 by 1 fill 0 : i64 : tensor<4xf32>
  return
}

// -----

func.func @iota_c1() {
  // expected-error@+1 {{'seq.iota' op has a result of type 'tensor<2x2xf32>'}}
  %y = seq.iota : tensor<2x2xf32>
  return
}

// -----

func.func @iota_c2(%n: index) {
  // expected-error@+1 {{'seq.iota' op of type 'tensor<2xf32>' has a size}}
  %y = seq.iota size(%n) : tensor<2xf32>
  return
}

// -----

func.func @cumsum_c1(%x: tensor<4xf32>) {
  // expected-error@+1 {{'seq.cumsum' op names axis 1 of 'tensor<4xf32>'}}
  %y = seq.cumsum %x axis 1 : tensor<4xf32>
  return
}

// -----

func.func @onehot_c1(%t: tensor<4xi64>) {
  // expected-error@+1 {{'seq.one_hot' op has a result of type 'tensor<3x5xf32>' for tokens of type 'tensor<4xi64>'}}
  %y = seq.one_hot %t : tensor<4xi64> -> tensor<3x5xf32>
  return
}

// -----

func.func @onehot_c1_static(%t: tensor<4xi64>) {
  // expected-error@+1 {{'seq.one_hot' op has a result of type 'tensor<4x?xf32>' for tokens of type 'tensor<4xi64>'}}
  %y = seq.one_hot %t : tensor<4xi64> -> tensor<4x?xf32>
  return
}
