// RUN: seq-interpret --seed=7 --step=3 --batch %s | FileCheck %s

// The numbers are those of Philox4x32-10 as another program computes it.
func.func @main() -> (tensor<2x2x3xf32>, tensor<2xf32>, tensor<2xi64>) {
  %steps = seq.iota : tensor<2xi64>
  // CHECK: tensor<2x2x3xf32> {{\[\[\[}}0.346740961, 0.419435561, 0.63655889], [0.292056739, 0.422468424, 0.683783233]], {{\[\[}}0.180882692, 0.705094695, 0.760266006], [0.593993545, 0.998520374, 0.832356095]]]
  %0 = seq.uniform time(%steps : tensor<2xi64>) site 2 -> tensor<2x2x3xf32>
  // Samples and times of more than 32 bits.
  %times = arith.constant dense<[0, 21474836487]> : tensor<2xi64>
  %samples = arith.constant dense<[1, 8589934593]> : tensor<2xi64>
  // CHECK-NEXT: tensor<2xf32> [0.727059782, 0.926913023]
  %1 = seq.uniform time(%times : tensor<2xi64>) sample(%samples : tensor<2xi64>) site 2 -> tensor<2xf32>
  // CHECK-NEXT: tensor<2xi64> [0, 1]
  %two = arith.constant 2 : index
  %2 = seq.sample_ids size(%two) : tensor<?xi64>
  %3 = tensor.cast %2 : tensor<?xi64> to tensor<2xi64>
  return %0, %1, %3 : tensor<2x2x3xf32>, tensor<2xf32>, tensor<2xi64>
}
