// RUN: seq-opt %s --seq-differentiate --verify-diagnostics

func.func @main(%x: tensor<2xf32> {seq.input = "x"}) -> (tensor<2xf32> {seq.output = "y"}) {
  // expected-error@+1 {{`math.atan` has no rule for its gradient}}
  %y = math.atan %x : tensor<2xf32>
  return %y : tensor<2xf32>
}
