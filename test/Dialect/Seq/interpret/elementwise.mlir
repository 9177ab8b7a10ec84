// RUN: seq-interpret %s | FileCheck %s

func.func @main() -> (tensor<3xf32>, tensor<3xf32>, tensor<3xi1>, tensor<3xf32>, tensor<2xf32>, tensor<f32>, f32) {
  %a = arith.constant dense<[1.0, -2.0, 0x7FC00000]> : tensor<3xf32>
  %b = arith.constant dense<[3.0, -5.0, 1.0]> : tensor<3xf32>
  // One maximum passes NaN on, the other passes it over.
  // CHECK: tensor<3xf32> [3, -2, nan]
  %0 = arith.maximumf %a, %b : tensor<3xf32>
  // CHECK-NEXT: tensor<3xf32> [3, -2, 1]
  %1 = arith.maxnumf %a, %b : tensor<3xf32>
  // CHECK-NEXT: tensor<3xi1> [true, false, true]
  %2 = arith.cmpf ult, %a, %b : tensor<3xf32>
  // CHECK-NEXT: tensor<3xf32> [1, -5, nan]
  %3 = arith.select %2, %a, %b : tensor<3xi1>, tensor<3xf32>
  // CHECK-NEXT: tensor<2xf32> [0.5, 1]
  %x = arith.constant dense<[0.0, 1000.0]> : tensor<2xf32>
  %4 = seq.sigmoid %x : tensor<2xf32>
  // 0.1 is that of single precision, what follows has double: the square
  // is not rounded to 0.0100000007.
  // CHECK-NEXT: tensor<f32> 0.0100000003
  %tenth = arith.constant dense<0.1> : tensor<f32>
  %5 = arith.mulf %tenth, %tenth : tensor<f32>
  // CHECK-NEXT: tensor<f32> 10
  %two = arith.constant 2.0 : f32
  %three = arith.constant 3.0 : f32
  %four = arith.constant 4.0 : f32
  %6 = math.fma %two, %three, %four : f32
  return %0, %1, %2, %3, %4, %5, %6 : tensor<3xf32>, tensor<3xf32>, tensor<3xi1>, tensor<3xf32>, tensor<2xf32>, tensor<f32>, f32
}
