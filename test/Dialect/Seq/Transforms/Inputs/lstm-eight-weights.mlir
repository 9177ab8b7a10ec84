// An LSTM with a weight and a bias for each gate.
func.func @main(%x: tensor<?x3xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>},
                %wgx: tensor<4x3xf32> {seq.param = "wgx"},
                %bg: tensor<4xf32> {seq.param = "bg"},
                %wgh: tensor<4x4xf32> {seq.param = "wgh"},
                %wox: tensor<4x3xf32> {seq.param = "wox"},
                %bo: tensor<4xf32> {seq.param = "bo"},
                %woh: tensor<4x4xf32> {seq.param = "woh"},
                %wfx: tensor<4x3xf32> {seq.param = "wfx"},
                %bf: tensor<4xf32> {seq.param = "bf"},
                %wfh: tensor<4x4xf32> {seq.param = "wfh"},
                %wix: tensor<4x3xf32> {seq.param = "wix"},
                %bi: tensor<4xf32> {seq.param = "bi"},
                %wih: tensor<4x4xf32> {seq.param = "wih"}) -> (tensor<?x4xf32>, tensor<4xf32>, tensor<4xf32>) {
  %zero = arith.constant dense<0.0> : tensor<4xf32>
  %h1, %c1, %y = seq.scan sequences(%x : tensor<?x3xf32>) states(%zero, %zero : tensor<4xf32>, tensor<4xf32>) invariants(%wgx, %bg, %wgh, %wox, %bo, %woh, %wfx, %bf, %wfh, %wix, %bi, %wih : tensor<4x3xf32>, tensor<4xf32>, tensor<4x4xf32>, tensor<4x3xf32>, tensor<4xf32>, tensor<4x4xf32>, tensor<4x3xf32>, tensor<4xf32>, tensor<4x4xf32>, tensor<4x3xf32>, tensor<4xf32>, tensor<4x4xf32>) -> tensor<4xf32>, tensor<4xf32>, tensor<?x4xf32> {
  ^bb0(%x_t: tensor<3xf32>, %h: tensor<4xf32>, %c: tensor<4xf32>, %wgx_: tensor<4x3xf32>, %bg_: tensor<4xf32>, %wgh_: tensor<4x4xf32>, %wox_: tensor<4x3xf32>, %bo_: tensor<4xf32>, %woh_: tensor<4x4xf32>, %wfx_: tensor<4x3xf32>, %bf_: tensor<4xf32>, %wfh_: tensor<4x4xf32>, %wix_: tensor<4x3xf32>, %bi_: tensor<4xf32>, %wih_: tensor<4x4xf32>):
    %hg = seq.contract %wgh_ [1], %h [0] : tensor<4x4xf32>, tensor<4xf32> -> tensor<4xf32>
    %xg = seq.contract %wgx_ [1], %x_t [0] : tensor<4x3xf32>, tensor<3xf32> -> tensor<4xf32>
    %ag = arith.addf %hg, %xg : tensor<4xf32>
    %g = arith.addf %bg_, %ag : tensor<4xf32>
    %ho = seq.contract %woh_ [1], %h [0] : tensor<4x4xf32>, tensor<4xf32> -> tensor<4xf32>
    %xo = seq.contract %wox_ [1], %x_t [0] : tensor<4x3xf32>, tensor<3xf32> -> tensor<4xf32>
    %ao = arith.addf %ho, %xo : tensor<4xf32>
    %o = arith.addf %bo_, %ao : tensor<4xf32>
    %hf = seq.contract %wfh_ [1], %h [0] : tensor<4x4xf32>, tensor<4xf32> -> tensor<4xf32>
    %xf = seq.contract %wfx_ [1], %x_t [0] : tensor<4x3xf32>, tensor<3xf32> -> tensor<4xf32>
    %af = arith.addf %hf, %xf : tensor<4xf32>
    %f = arith.addf %bf_, %af : tensor<4xf32>
    %hi = seq.contract %wih_ [1], %h [0] : tensor<4x4xf32>, tensor<4xf32> -> tensor<4xf32>
    %xi = seq.contract %wix_ [1], %x_t [0] : tensor<4x3xf32>, tensor<3xf32> -> tensor<4xf32>
    %ai = arith.addf %hi, %xi : tensor<4xf32>
    %i = arith.addf %bi_, %ai : tensor<4xf32>
    %gt = math.tanh %g : tensor<4xf32>
    %os = seq.sigmoid %o : tensor<4xf32>
    %is = seq.sigmoid %i : tensor<4xf32>
    %fs = seq.sigmoid %f : tensor<4xf32>
    %ig = arith.mulf %gt, %is : tensor<4xf32>
    %fc = arith.mulf %c, %fs : tensor<4xf32>
    %cn = arith.addf %ig, %fc : tensor<4xf32>
    %ct = math.tanh %cn : tensor<4xf32>
    %hn = arith.mulf %ct, %os : tensor<4xf32>
    seq.yield %hn, %cn, %hn : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
  }
  return %y, %h1, %c1 : tensor<?x4xf32>, tensor<4xf32>, tensor<4xf32>
}
