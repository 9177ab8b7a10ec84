// RUN: seq-interpret %s | FileCheck %s

func.func @main() -> (tensor<2x2xf32>, tensor<2x3xf32>, tensor<2x3xi1>, tensor<2xi64>, tensor<2xf32>) {
  // CHECK: tensor<2x2xf32> {{\[\[}}5, 6], [1, 2]]
  %table = arith.constant dense<[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]> : tensor<3x2xf32>
  %text = arith.constant dense<[2, 0]> : tensor<2xi64>
  %0 = seq.gather %table[%text] : tensor<3x2xf32>, tensor<2xi64> -> tensor<2x2xf32>
  // NaN in the padding is replaced, not multiplied.
  // CHECK-NEXT: tensor<2x3xf32> {{\[\[}}1, -inf, -inf], [2, 3, 4]]
  %x = arith.constant dense<[[1.0, 0x7FC00000, 0x7FC00000], [2.0, 3.0, 4.0]]> : tensor<2x3xf32>
  %n = arith.constant dense<[1, 3]> : tensor<2xi64>
  %1 = seq.mask %x axis 1 lengths(%n : tensor<2xi64>) fill 0xFF800000 : f32 : tensor<2x3xf32>
  // CHECK-NEXT: tensor<2x3xi1> {{\[\[}}false, true, true], [false, false, false]]
  %b = arith.constant dense<false> : tensor<2x3xi1>
  %2 = seq.mask %b axis 1 lengths(%n : tensor<2xi64>) fill true : tensor<2x3xi1>
  // CHECK-NEXT: tensor<2xi64> [3, 3]
  %3 = seq.length %x axis 1 : tensor<2x3xf32> -> tensor<2xi64>
  // Outside training nothing is dropped.
  // CHECK-NEXT: tensor<2xf32> [1, 2]
  seq.require_length %n at_least 1 for "mean" : tensor<2xi64>
  %d = arith.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %c = seq.stop_gradient %d : tensor<2xf32>
  %4 = seq.dropout %c rate 0.5 site 0 : tensor<2xf32>
  return %0, %1, %2, %3, %4 : tensor<2x2xf32>, tensor<2x3xf32>, tensor<2x3xi1>, tensor<2xi64>, tensor<2xf32>
}
