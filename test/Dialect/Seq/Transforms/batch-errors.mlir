// RUN: seq-opt %s --seq-batch --split-input-file --verify-diagnostics

// expected-error @+1 {{has no input and no state to take the batch from}}
func.func @main(%w: tensor<2xf32> {seq.param = "w"}) -> tensor<2xf32> {
  return %w : tensor<2xf32>
}

// -----

func.func @main(%e: tensor<4x2xf32> {seq.input = "e"}, %t: tensor<i64> {seq.input = "t"}) -> tensor<2xf32> {
  // expected-error @+1 {{needs a table that is the same for all rows}}
  %g = seq.gather %e[%t] : tensor<4x2xf32>, tensor<i64> -> tensor<2xf32>
  return %g : tensor<2xf32>
}
