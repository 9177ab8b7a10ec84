// RUN: not seq-interpret --batch %s 2>&1 | FileCheck %s
// In the program of a batch the first axis is the sample.

func.func @main() -> tensor<2x3x1xf32> {
  %table = arith.constant dense<1.0> : tensor<4x1xf32>
  %text = arith.constant dense<[[0, 1, 2], [3, -1, 7]]> : tensor<2x3xi64>
  // CHECK: error: [[#@LINE+1]]:8: token -1 is not from 0 to 3 (sample 1, position 1)
  %0 = seq.gather %table[%text] : tensor<4x1xf32>, tensor<2x3xi64> -> tensor<2x3x1xf32>
  return %0 : tensor<2x3x1xf32>
}
