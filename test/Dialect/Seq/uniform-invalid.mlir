// RUN: seq-opt %s -verify-diagnostics -split-input-file

func.func @uniform_c1(%t: tensor<?xi64>) {
  // expected-error@+1 {{'seq.uniform' op has a result of type 'tensor<4xf32>' for times of type 'tensor<?xi64>'}}
  %0 = seq.uniform time(%t : tensor<?xi64>) site 0 -> tensor<4xf32>
  return
}

// -----

func.func @uniform_c1_dynamic(%t: tensor<4xi64>) {
  // expected-error@+1 {{'seq.uniform' op has a result of type 'tensor<4x?xf32>' for times of type 'tensor<4xi64>'}}
  %0 = seq.uniform time(%t : tensor<4xi64>) site 0 -> tensor<4x?xf32>
  return
}

// -----

func.func @uniform_c2(%t: tensor<4xi64>, %s: tensor<i64>) {
  // expected-error@+1 {{'seq.uniform' op has samples of type 'tensor<i64>' where 'tensor<4xi64>' is expected}}
  %0 = seq.uniform time(%t : tensor<4xi64>) sample(%s : tensor<i64>) site 0 -> tensor<4xf32>
  return
}

// -----

func.func @uniform_c3(%t: tensor<i64>) {
  // expected-error@+1 {{'seq.uniform' op has a site of -1}}
  %0 = seq.uniform time(%t : tensor<i64>) site -1 -> tensor<f32>
  return
}
