// A state is compared with each position of a memory, in each step of a loop:
// the query stands in a joined operand, and is the same at all of them.
func.func @main(%x: tensor<?x3xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>},
                %w: tensor<5x7xf32> {seq.param = "w"},
                %u: tensor<4x5xf32> {seq.param = "u"}) -> (tensor<?x4xf32>, tensor<4xf32>, tensor<4xf32>) {
  %zero = arith.constant dense<0.0> : tensor<4xf32>
  %h1, %y = seq.scan sequences(%x : tensor<?x3xf32>) states(%zero : tensor<4xf32>) invariants(%x, %w, %u : tensor<?x3xf32>, tensor<5x7xf32>, tensor<4x5xf32>) -> tensor<4xf32>, tensor<?x4xf32> {
  ^bb0(%x_t: tensor<3xf32>, %h: tensor<4xf32>, %memory: tensor<?x3xf32>, %w_: tensor<5x7xf32>, %u_: tensor<4x5xf32>):
    %scores = seq.map sequences(%memory : tensor<?x3xf32>) invariants(%h, %w_ : tensor<4xf32>, tensor<5x7xf32>) -> tensor<?x5xf32> {
    ^bb0(%m: tensor<3xf32>, %query: tensor<4xf32>, %w1: tensor<5x7xf32>):
      %both = seq.concat %m, %query axis 0 : tensor<3xf32>, tensor<4xf32> -> tensor<7xf32>
      %p = seq.contract %w1 [1], %both [0] : tensor<5x7xf32>, tensor<7xf32> -> tensor<5xf32>
      %t = math.tanh %p : tensor<5xf32>
      seq.yield %t : tensor<5xf32>
    }
    %s = seq.reduce sum %scores axis 0 : tensor<?x5xf32> -> tensor<5xf32>
    %q = seq.contract %u_ [1], %s [0] : tensor<4x5xf32>, tensor<5xf32> -> tensor<4xf32>
    %n = math.tanh %q : tensor<4xf32>
    seq.yield %n, %n : tensor<4xf32>, tensor<4xf32>
  }
  return %y, %h1, %h1 : tensor<?x4xf32>, tensor<4xf32>, tensor<4xf32>
}
