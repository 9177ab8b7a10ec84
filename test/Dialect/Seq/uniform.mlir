// RUN: seq-opt %s | seq-opt | FileCheck %s

// CHECK-LABEL: func @draws
func.func @draws(%t: tensor<?xi64>, %n: index, %x: tensor<?x4xf32>) {
  // CHECK: seq.uniform time(%{{.*}} : tensor<?xi64>) site 3 -> tensor<?x4x2xf32>
  %0 = seq.uniform time(%t : tensor<?xi64>) site 3 -> tensor<?x4x2xf32>
  // CHECK: seq.sample_ids size(%{{.*}}) : tensor<?xi64>
  %ids = seq.sample_ids size(%n) : tensor<?xi64>
  // CHECK: seq.uniform time(%{{.*}} : tensor<?xi64>) sample(%{{.*}} : tensor<?xi64>) site 0 -> tensor<?xf32>
  %1 = seq.uniform time(%t : tensor<?xi64>) sample(%ids : tensor<?xi64>) site 0 -> tensor<?xf32>
  // CHECK: seq.dropout %{{.*}} rate 2.500000e-01 site 1 once : tensor<?x4xf32>
  %2 = seq.dropout %x rate 0.25 site 1 once : tensor<?x4xf32>
  return
}
