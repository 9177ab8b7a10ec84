// An LSTM over state and input joined, as a tutorial writes it.
func.func @main(%x: tensor<?x3xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>},
                %w: tensor<16x7xf32> {seq.param = "w"},
                %b: tensor<16xf32> {seq.param = "b"}) -> (tensor<?x4xf32>, tensor<4xf32>, tensor<4xf32>) {
  %zero = arith.constant dense<0.0> : tensor<4xf32>
  %h1, %c1, %y = seq.scan sequences(%x : tensor<?x3xf32>) states(%zero, %zero : tensor<4xf32>, tensor<4xf32>) invariants(%w, %b : tensor<16x7xf32>, tensor<16xf32>) -> tensor<4xf32>, tensor<4xf32>, tensor<?x4xf32> {
  ^bb0(%x_t: tensor<3xf32>, %h: tensor<4xf32>, %c: tensor<4xf32>, %w_: tensor<16x7xf32>, %b_: tensor<16xf32>):
    %xh = seq.concat %h, %x_t axis 0 : tensor<4xf32>, tensor<3xf32> -> tensor<7xf32>
    %p = seq.contract %w_ [1], %xh [0] : tensor<16x7xf32>, tensor<7xf32> -> tensor<16xf32>
    %s = arith.addf %p, %b_ : tensor<16xf32>
    %f = seq.slice %s axis 0 offset 0 : tensor<16xf32> -> tensor<4xf32>
    %i = seq.slice %s axis 0 offset 4 : tensor<16xf32> -> tensor<4xf32>
    %o = seq.slice %s axis 0 offset 8 : tensor<16xf32> -> tensor<4xf32>
    %g = seq.slice %s axis 0 offset 12 : tensor<16xf32> -> tensor<4xf32>
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
