// An LSTM with one weight for the input and one for the state, as PyTorch's.
func.func @main(%x: tensor<?x3xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>},
                %wi: tensor<16x3xf32> {seq.param = "wi"},
                %wh: tensor<16x4xf32> {seq.param = "wh"},
                %bi: tensor<16xf32> {seq.param = "bi"},
                %bh: tensor<16xf32> {seq.param = "bh"}) -> (tensor<?x4xf32>, tensor<4xf32>, tensor<4xf32>) {
  %zero = arith.constant dense<0.0> : tensor<4xf32>
  %h1, %c1, %y = seq.scan sequences(%x : tensor<?x3xf32>) states(%zero, %zero : tensor<4xf32>, tensor<4xf32>) invariants(%wi, %wh, %bi, %bh : tensor<16x3xf32>, tensor<16x4xf32>, tensor<16xf32>, tensor<16xf32>) -> tensor<4xf32>, tensor<4xf32>, tensor<?x4xf32> {
  ^bb0(%x_t: tensor<3xf32>, %h: tensor<4xf32>, %c: tensor<4xf32>, %wi_: tensor<16x3xf32>, %wh_: tensor<16x4xf32>, %bi_: tensor<16xf32>, %bh_: tensor<16xf32>):
    %p = seq.contract %wi_ [1], %x_t [0] : tensor<16x3xf32>, tensor<3xf32> -> tensor<16xf32>
    %s0 = arith.addf %p, %bi_ : tensor<16xf32>
    %q = seq.contract %wh_ [1], %h [0] : tensor<16x4xf32>, tensor<4xf32> -> tensor<16xf32>
    %s1 = arith.addf %s0, %q : tensor<16xf32>
    %s = arith.addf %s1, %bh_ : tensor<16xf32>
    %i = seq.slice %s axis 0 offset 0 : tensor<16xf32> -> tensor<4xf32>
    %f = seq.slice %s axis 0 offset 4 : tensor<16xf32> -> tensor<4xf32>
    %g = seq.slice %s axis 0 offset 8 : tensor<16xf32> -> tensor<4xf32>
    %o = seq.slice %s axis 0 offset 12 : tensor<16xf32> -> tensor<4xf32>
    %fs = seq.sigmoid %f : tensor<4xf32>
    %is = seq.sigmoid %i : tensor<4xf32>
    %os = seq.sigmoid %o : tensor<4xf32>
    %gt = math.tanh %g : tensor<4xf32>
    %fc = arith.mulf %fs, %c : tensor<4xf32>
    %ig = arith.mulf %is, %gt : tensor<4xf32>
    %cn = arith.addf %fc, %ig : tensor<4xf32>
    %ct = math.tanh %cn : tensor<4xf32>
    %hn = arith.mulf %os, %ct : tensor<4xf32>
    seq.yield %hn, %cn, %hn : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
  }
  return %y, %h1, %c1 : tensor<?x4xf32>, tensor<4xf32>, tensor<4xf32>
}
