// RUN: not seq-interpret --func unknown %s 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// RUN: not seq-interpret --func sizes %s 2>&1 | FileCheck %s --check-prefix=SIZES
// RUN: not seq-interpret --func argument %s 2>&1 | FileCheck %s --check-prefix=ARGUMENT
// What a program of the dialect cannot mean ends the run, with its place.

// UNKNOWN: error: [[#@LINE+2]]:8: the reference interpreter has no evaluation of tensor.empty
func.func @unknown() -> tensor<2xf32> {
  %0 = tensor.empty() : tensor<2xf32>
  return %0 : tensor<2xf32>
}

// SIZES: sizes of the operands differ
func.func @sizes() -> tensor<?xf32> {
  %a = arith.constant dense<1.0> : tensor<2xf32>
  %b = arith.constant dense<1.0> : tensor<3xf32>
  %c = tensor.cast %a : tensor<2xf32> to tensor<?xf32>
  %d = tensor.cast %b : tensor<3xf32> to tensor<?xf32>
  %0 = arith.addf %c, %d : tensor<?xf32>
  return %0 : tensor<?xf32>
}

// ARGUMENT: @argument has 1 arguments, but is given 0
func.func @argument(%x: tensor<2xf32>) -> tensor<2xf32> {
  return %x : tensor<2xf32>
}
