// RUN: seq-opt %s --seq-expand-maps --seq-batch --split-input-file --verify-diagnostics

// expected-error @+1 {{has no input and no state to take the batch from}}
func.func @main(%w: tensor<2xf32> {seq.param = "w"}) -> tensor<2xf32> {
  return %w : tensor<2xf32>
}
