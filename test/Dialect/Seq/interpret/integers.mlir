// RUN: seq-interpret %s | FileCheck %s

func.func @main() -> (tensor<2xi64>, tensor<2xi64>, tensor<2xi64>, tensor<2xi1>, tensor<2xi64>, tensor<2xi64>, tensor<2xf32>, tensor<3xi64>, index) {
  %a = arith.constant dense<[-7, 7]> : tensor<2xi64>
  %b = arith.constant dense<[2, -2]> : tensor<2xi64>
  // Toward zero, with the sign of the dividend, downward.
  // CHECK: tensor<2xi64> [-3, -3]
  %0 = arith.divsi %a, %b : tensor<2xi64>
  // CHECK-NEXT: tensor<2xi64> [-1, 1]
  %1 = arith.remsi %a, %b : tensor<2xi64>
  // CHECK-NEXT: tensor<2xi64> [-4, -4]
  %2 = arith.floordivsi %a, %b : tensor<2xi64>
  // CHECK-NEXT: tensor<2xi1> [true, false]
  %3 = arith.cmpi slt, %a, %b : tensor<2xi64>
  // A boolean is one or zero without a sign, minus one or zero with it.
  // CHECK-NEXT: tensor<2xi64> [1, 0]
  %4 = arith.extui %3 : tensor<2xi1> to tensor<2xi64>
  // CHECK-NEXT: tensor<2xi64> [-1, 0]
  %5 = arith.extsi %3 : tensor<2xi1> to tensor<2xi64>
  // CHECK-NEXT: tensor<2xf32> [1, 0]
  %6 = arith.uitofp %3 : tensor<2xi1> to tensor<2xf32>
  // CHECK-NEXT: tensor<3xi64> [-1, 9223372036854775807, 0]
  %x = arith.constant dense<[-1.5, 1.0e30, 0x7FC00000]> : tensor<3xf32>
  %7 = arith.fptosi %x : tensor<3xf32> to tensor<3xi64>
  // CHECK-NEXT: tensor<index> 6
  %axis = arith.constant 0 : index
  %two = arith.constant 2 : index
  %size = tensor.dim %x, %axis : tensor<3xf32>
  %8 = arith.muli %size, %two : index
  return %0, %1, %2, %3, %4, %5, %6, %7, %8 : tensor<2xi64>, tensor<2xi64>, tensor<2xi64>, tensor<2xi1>, tensor<2xi64>, tensor<2xi64>, tensor<2xf32>, tensor<3xi64>, index
}
