// RUN: seq-interpret %s | FileCheck %s

func.func @main() -> (tensor<2x?x2xf32>, tensor<2x3xi64>, tensor<2x1xi64>, tensor<3x1x2xi64>, tensor<2xi64>, tensor<2xi64>) {
  // CHECK: tensor<2x3x2xf32> {{\[\[\[}}1, 2], [1, 2], [1, 2]], {{\[\[}}3, 4], [3, 4], [3, 4]]]
  %x = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %three = arith.constant 3 : index
  %0 = seq.broadcast %x sizes(%three) dims [0, 2] : tensor<2x2xf32> -> tensor<2x?x2xf32>
  // CHECK-NEXT: tensor<2x3xi64> {{\[\[}}1, 2, 5], [3, 4, 6]]
  %a = arith.constant dense<[[1, 2], [3, 4]]> : tensor<2x2xi64>
  %b = arith.constant dense<[[5], [6]]> : tensor<2x1xi64>
  %1 = seq.concat %a, %b axis 1 : tensor<2x2xi64>, tensor<2x1xi64> -> tensor<2x3xi64>
  // CHECK-NEXT: tensor<2x1xi64> {{\[\[}}2], [4]]
  %2 = seq.slice %1 axis 1 offset 1 : tensor<2x3xi64> -> tensor<2x1xi64>
  // CHECK-NEXT: tensor<3x1x2xi64> {{\[\[\[}}1, 3]], {{\[\[}}2, 4]], {{\[\[}}5, 6]]]
  %deep = seq.broadcast %1 dims [1, 2] : tensor<2x3xi64> -> tensor<1x2x3xi64>
  %3 = seq.transpose %deep [2, 0, 1] : tensor<1x2x3xi64> -> tensor<3x1x2xi64>
  // The last column, and at the end of each row: lengths 3 and 1.
  // CHECK-NEXT: tensor<2xi64> [5, 6]
  %4 = seq.at %1 axis 1 index -1 : tensor<2x3xi64> -> tensor<2xi64>
  // CHECK-NEXT: tensor<2xi64> [2, 0]
  %n = arith.constant dense<[3, 1]> : tensor<2xi64>
  %5 = seq.at %1 axis 1 index -2 lengths(%n : tensor<2xi64>) : tensor<2x3xi64> -> tensor<2xi64>
  return %0, %1, %2, %3, %4, %5 : tensor<2x?x2xf32>, tensor<2x3xi64>, tensor<2x1xi64>, tensor<3x1x2xi64>, tensor<2xi64>, tensor<2xi64>
}
