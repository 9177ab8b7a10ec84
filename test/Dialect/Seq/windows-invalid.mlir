// RUN: seq-opt %s -verify-diagnostics -split-input-file

func.func @windows_c1(%x: tensor<?xf32>) {
  // expected-error@+1 {{'seq.windows' op names axis 1 of 'tensor<?xf32>'}}
  %0 = seq.windows %x axis 1 size 2 : tensor<?xf32> -> tensor<?x2xf32>
  return
}

// -----

func.func @windows_c2_size(%x: tensor<?xf32>) {
  // expected-error@+1 {{'seq.windows' op has a size of 0}}
  %0 = seq.windows %x axis 0 size 0 : tensor<?xf32> -> tensor<?x0xf32>
  return
}

// -----

func.func @windows_c2_stride(%x: tensor<?xf32>) {
  // expected-error@+1 {{'seq.windows' op has a stride of 0}}
  %0 = seq.windows %x axis 0 size 2 stride 0 : tensor<?xf32> -> tensor<?x2xf32>
  return
}

// -----

func.func @windows_c2_before(%x: tensor<?xf32>) {
  // expected-error@+1 {{'seq.windows' op has a part before of -1}}
  %0 = seq.windows %x axis 0 size 2 before -1 : tensor<?xf32> -> tensor<?x2xf32>
  return
}

// -----

func.func @windows_c2_after(%x: tensor<?xf32>) {
  // expected-error@+1 {{'seq.windows' op has a part after of 4294967296}}
  %0 = seq.windows %x axis 0 size 2 after 4294967296 : tensor<?xf32> -> tensor<?x2xf32>
  return
}

// -----

func.func @windows_c3_count(%x: tensor<7x4xf32>) {
  // expected-error@+1 {{'seq.windows' op has a result of type 'tensor<7x3x4xf32>' where 'tensor<5x3x4xf32>' is expected}}
  %0 = seq.windows %x axis 0 size 3 : tensor<7x4xf32> -> tensor<7x3x4xf32>
  return
}

// -----

func.func @windows_c3_size(%x: tensor<?xf32>) {
  // expected-error@+1 {{'seq.windows' op has a result of type 'tensor<?x2xf32>' where 'tensor<?x3xf32>' is expected}}
  %0 = seq.windows %x axis 0 size 3 : tensor<?xf32> -> tensor<?x2xf32>
  return
}

// -----

func.func @window_count_c1_stride(%n: index) {
  // expected-error@+1 {{'seq.window_count' op has a stride of 0}}
  %0 = seq.window_count %n offset 1 stride 0 : index
  return
}

// -----

func.func @window_count_c1_offset(%n: index) {
  // expected-error@+1 {{'seq.window_count' op has an offset of 8589934592}}
  %0 = seq.window_count %n offset 8589934592 : index
  return
}
