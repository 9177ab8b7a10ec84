// RUN: seq-opt %s -verify-diagnostics -split-input-file

func.func @scan_c1_no_sequence(%h0: tensor<4xf32>) {
  // expected-error@+1 {{'seq.scan' op has no sequence}}
  %h = "seq.scan"(%h0) <{operandSegmentSizes = array<i32: 0, 1, 0, 0>}> ({
  ^bb0(%h: tensor<4xf32>):
    seq.yield %h : tensor<4xf32>
  }) : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @scan_c1_axis(%x: tensor<4xf32>) {
  // expected-error@+1 {{'seq.scan' op names axis 1 of 'tensor<4xf32>'}}
  seq.scan axis 1 sequences(%x : tensor<4xf32>) {
  ^bb0(%x_t: tensor<4xf32>):
    seq.yield
  }
  return
}

// -----

func.func @scan_c1_sizes(%x: tensor<3xf32>, %y: tensor<4xf32>) {
  // expected-error@+1 {{'seq.scan' op has sequences of different sizes along axis 0}}
  seq.scan sequences(%x, %y : tensor<3xf32>, tensor<4xf32>) {
  ^bb0(%x_t: tensor<f32>, %y_t: tensor<f32>):
    seq.yield
  }
  return
}

// -----

func.func @scan_c2_count(%x: tensor<?x4xf32>, %h0: tensor<4xf32>) {
  // expected-error@+1 {{'seq.scan' op has 1 body arguments where 2 are expected}}
  %h = seq.scan sequences(%x : tensor<?x4xf32>) states(%h0 : tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%x_t: tensor<4xf32>):
    seq.yield %x_t : tensor<4xf32>
  }
  return
}

// -----

func.func @scan_c2_type(%x: tensor<?x4xf32>) {
  // expected-error@+1 {{'seq.scan' op has body argument 0 of type 'tensor<?x4xf32>' where 'tensor<4xf32>' is expected}}
  seq.scan sequences(%x : tensor<?x4xf32>) {
  ^bb0(%x_t: tensor<?x4xf32>):
    seq.yield
  }
  return
}

// -----

func.func @scan_c3_count(%x: tensor<?x4xf32>) {
  // expected-error@+1 {{'seq.scan' op has 1 yielded values where 0 are expected}}
  seq.scan sequences(%x : tensor<?x4xf32>) {
  ^bb0(%x_t: tensor<4xf32>):
    seq.yield %x_t : tensor<4xf32>
  }
  return
}

// -----

func.func @scan_c3_type(%x: tensor<?x4xf32>) {
  // expected-error@+1 {{'seq.scan' op has yielded value 0 of type 'tensor<4xf32>' where 'tensor<5xf32>' is expected}}
  %y = seq.scan sequences(%x : tensor<?x4xf32>) -> tensor<?x5xf32> {
  ^bb0(%x_t: tensor<4xf32>):
    seq.yield %x_t : tensor<4xf32>
  }
  return
}

// -----

func.func @scan_c4_count(%x: tensor<?x4xf32>, %h0: tensor<4xf32>) {
  // expected-error@+1 {{'seq.scan' op has 1 states, but only 0 results}}
  seq.scan sequences(%x : tensor<?x4xf32>) states(%h0 : tensor<4xf32>) {
  ^bb0(%x_t: tensor<4xf32>, %h: tensor<4xf32>):
    seq.yield %h : tensor<4xf32>
  }
  return
}

// -----

func.func @scan_c4_type(%x: tensor<?x4xf32>, %h0: tensor<4xf32>) {
  // expected-error@+1 {{'seq.scan' op has final state 0 of type 'tensor<5xf32>' where 'tensor<4xf32>' is expected}}
  %h = seq.scan sequences(%x : tensor<?x4xf32>) states(%h0 : tensor<4xf32>) -> tensor<5xf32> {
  ^bb0(%x_t: tensor<4xf32>, %h: tensor<4xf32>):
    seq.yield %h : tensor<4xf32>
  }
  return
}

// -----

func.func @scan_c4_output_size(%x: tensor<?x4xf32>) {
  // expected-error@+1 {{'seq.scan' op has outputs of different sizes along axis 0}}
  %y = seq.scan sequences(%x : tensor<?x4xf32>) -> tensor<3x4xf32> {
  ^bb0(%x_t: tensor<4xf32>):
    seq.yield %x_t : tensor<4xf32>
  }
  return
}

// -----

func.func @scan_c5_rank(%x: tensor<?x?x4xf32>, %n: tensor<i64>) {
  // expected-error@+1 {{'seq.scan' op has lengths of type 'tensor<i64>' where 'tensor<?x?x4xf32>' has axis 1}}
  seq.scan axis 1 sequences(%x : tensor<?x?x4xf32>) lengths(%n : tensor<i64>) {
  ^bb0(%x_t: tensor<?x4xf32>):
    seq.yield
  }
  return
}

// -----

func.func @scan_c5_state(%x: tensor<?x?x4xf32>, %h0: tensor<4xf32>, %n: tensor<?xi64>) {
  // expected-error@+1 {{'seq.scan' op has lengths of type 'tensor<?xi64>' where 'tensor<4xf32>' has axis 1}}
  %h = seq.scan axis 1 sequences(%x : tensor<?x?x4xf32>) states(%h0 : tensor<4xf32>) lengths(%n : tensor<?xi64>) -> tensor<4xf32> {
  ^bb0(%x_t: tensor<?x4xf32>, %h: tensor<4xf32>):
    seq.yield %h : tensor<4xf32>
  }
  return
}
