// RUN: seq-opt %s -verify-diagnostics -split-input-file

func.func @scatteradd_c1_rank(%d: tensor<?xf32>, %t: tensor<?x2xi64>) {
  // expected-error@+1 {{'seq.scatter_add' op has updates of type 'tensor<?xf32>' for tokens of type 'tensor<?x2xi64>'}}
  %g = seq.scatter_add %d at %t : tensor<?xf32>, tensor<?x2xi64> -> tensor<9xf32>
  return
}

// -----

func.func @scatteradd_c1_size(%d: tensor<3x4xf32>, %t: tensor<2xi64>) {
  // expected-error@+1 {{'seq.scatter_add' op has updates of type 'tensor<3x4xf32>' for tokens of type 'tensor<2xi64>'}}
  %g = seq.scatter_add %d at %t : tensor<3x4xf32>, tensor<2xi64> -> tensor<9x4xf32>
  return
}

// -----

func.func @scatteradd_c2_empty(%d: tensor<?x4xf32>, %t: tensor<?xi64>) {
  // expected-error@+1 {{'seq.scatter_add' op has a result of type 'tensor<0x4xf32>' for updates of type 'tensor<?x4xf32>'}}
  %g = seq.scatter_add %d at %t : tensor<?x4xf32>, tensor<?xi64> -> tensor<0x4xf32>
  return
}

// -----

func.func @scatteradd_c2_row(%d: tensor<?x4xf32>, %t: tensor<?xi64>) {
  // expected-error@+1 {{'seq.scatter_add' op has a result of type 'tensor<9x3xf32>' for updates of type 'tensor<?x4xf32>'}}
  %g = seq.scatter_add %d at %t : tensor<?x4xf32>, tensor<?xi64> -> tensor<9x3xf32>
  return
}
