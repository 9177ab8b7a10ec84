// RUN: seq-opt %s -verify-diagnostics -split-input-file

func.func @map_c1_no_sequence() {
  // expected-error@+1 {{'seq.map' op has no sequence}}
  "seq.map"() <{operandSegmentSizes = array<i32: 0, 0>}> ({
    seq.yield
  }) : () -> ()
  return
}

// -----

func.func @map_c1_axis(%x: tensor<f32>) {
  // expected-error@+1 {{'seq.map' op names axis 0 of 'tensor<f32>'}}
  seq.map sequences(%x : tensor<f32>) {
  ^bb0(%e: tensor<f32>):
    seq.yield
  }
  return
}

// -----

func.func @map_c1_sizes(%x: tensor<?xf32>, %y: tensor<4xf32>) {
  // expected-error@+1 {{'seq.map' op has sequences of different sizes along axis 0}}
  seq.map sequences(%x, %y : tensor<?xf32>, tensor<4xf32>) {
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    seq.yield
  }
  return
}

// -----

func.func @map_c1_result(%x: tensor<?xf32>) {
  // expected-error@+1 {{'seq.map' op has results of different sizes along axis 0}}
  %y = seq.map sequences(%x : tensor<?xf32>) -> tensor<4xf32> {
  ^bb0(%e: tensor<f32>):
    seq.yield %e : tensor<f32>
  }
  return
}

// -----

func.func @map_c2(%x: tensor<?xf32>, %n: index) {
  // expected-error@+1 {{'seq.map' op has body argument 1 of type 'tensor<f32>' where 'index' is expected}}
  seq.map sequences(%x : tensor<?xf32>) invariants(%n : index) {
  ^bb0(%e: tensor<f32>, %m: tensor<f32>):
    seq.yield
  }
  return
}

// -----

func.func @map_c3(%x: tensor<?xf32>) {
  // expected-error@+1 {{'seq.map' op has yielded value 0 of type 'tensor<f32>' where 'tensor<2xf32>' is expected}}
  %y = seq.map sequences(%x : tensor<?xf32>) -> tensor<?x2xf32> {
  ^bb0(%e: tensor<f32>):
    seq.yield %e : tensor<f32>
  }
  return
}
