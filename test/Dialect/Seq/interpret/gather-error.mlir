// RUN: not seq-interpret %s 2>&1 | FileCheck %s
// In a loop, positions count through all of them: the third step, its second token.

func.func @main() -> tensor<3x2x1xf32> {
  %table = arith.constant dense<1.0> : tensor<4x1xf32>
  %text = arith.constant dense<[[0, 1], [2, 3], [0, 4]]> : tensor<3x2xi64>
  %0 = seq.map sequences(%text : tensor<3x2xi64>) invariants(%table : tensor<4x1xf32>) -> tensor<3x2x1xf32> {
  ^bb0(%t: tensor<2xi64>, %w: tensor<4x1xf32>):
    // CHECK: error: [[#@LINE+1]]:10: token 4 is not from 0 to 3 (sample 0, position 5)
    %y = seq.gather %w[%t] : tensor<4x1xf32>, tensor<2xi64> -> tensor<2x1xf32>
    seq.yield %y : tensor<2x1xf32>
  }
  return %0 : tensor<3x2x1xf32>
}
