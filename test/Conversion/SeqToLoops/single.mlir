// RUN: seq-opt %s --convert-seq-to-loops='vector-bits=512 registers=32' --canonicalize | FileCheck %s
// RUN: seq-opt %s --convert-seq-to-loops='vector-bits=512 registers=32 teams=false' | FileCheck %s --check-prefix=NO-WORKERS
// RUN: sed 's/20x/2000x/g' %s | seq-opt --convert-seq-to-loops='vector-bits=512 registers=32' | FileCheck %s --check-prefix=LARGE

// A small model has a function for one step of one sample: no loop over rows,
// steps or lengths, and both products in it, of one row.
// CHECK-LABEL: func.func private @Model_single
// CHECK-NOT: scf.for
// CHECK-NOT: call
// CHECK: sched.product {{.*}} rows(%c1) units(20)
// CHECK-NOT: scf.for
// CHECK-NOT: call
// CHECK: sched.product {{.*}} rows(%c1) units(20)
// CHECK: math.tanh
// CHECK-NOT: call
// CHECK: return
// CHECK-LABEL: func.func @Model(
// It is for a batch of 1, a length of 1, and a call without lengths.
// CHECK-DAG: %[[SINGLE:.*]] = constant @Model_single
// CHECK-DAG: %[[TILE:.*]] = constant @Model_tile
// CHECK: scf.if
// CHECK: scf.if
// CHECK: %[[NONE:.*]] = llvm.icmp "eq"
// CHECK: %[[BATCH:.*]] = arith.cmpi eq, %{{.*}}, %c1
// CHECK: %[[BOTH:.*]] = arith.andi %[[NONE]], %[[BATCH]]
// CHECK: %[[LENGTH:.*]] = arith.cmpi eq, %{{.*}}, %c1
// CHECK: %[[ALL:.*]] = arith.andi %[[BOTH]], %[[LENGTH]]
// CHECK: scf.if %[[ALL]]
// CHECK: builtin.unrealized_conversion_cast %[[SINGLE]]
// CHECK: else
// CHECK: builtin.unrealized_conversion_cast %[[TILE]]

// NO-WORKERS-NOT: @Model_single
// LARGE-NOT: @Model_single
module attributes {seq.model = "Model"} {
  func.func @main(%x: tensor<?x?x20xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>},
                  %n: tensor<?xi64> {seq.lengths = 0},
                  %h0: tensor<?x20xf32> {seq.state = "h", seq.axes = array<i64: -1>},
                  %u: tensor<20x20xf32> {seq.packed = 0},
                  %w: tensor<20x20xf32> {seq.packed = 1})
      -> (tensor<?x20xf32> {seq.state = "h", seq.axes = array<i64: -1>}) {
    %p = seq.contract %x [2], %u [1] : tensor<?x?x20xf32>, tensor<20x20xf32> -> tensor<?x?x20xf32>
    %h = seq.scan axis 1 sequences(%p : tensor<?x?x20xf32>) states(%h0 : tensor<?x20xf32>)
        invariants(%w : tensor<20x20xf32>) lengths(%n : tensor<?xi64>) -> tensor<?x20xf32> {
    ^bb0(%p_t: tensor<?x20xf32>, %s: tensor<?x20xf32>, %w_h: tensor<20x20xf32>):
      %q = seq.contract %s [1], %w_h [1] : tensor<?x20xf32>, tensor<20x20xf32> -> tensor<?x20xf32>
      %z = arith.addf %q, %p_t : tensor<?x20xf32>
      %y = math.tanh %z : tensor<?x20xf32>
      seq.yield %y : tensor<?x20xf32>
    }
    return %h : tensor<?x20xf32>
  }
  func.func @pack(%u: tensor<20x20xf32> {seq.param = "u"}, %w: tensor<20x20xf32> {seq.param = "w"})
      -> (tensor<20x20xf32> {seq.packed = 0}, tensor<20x20xf32> {seq.packed = 1}) {
    return %u, %w : tensor<20x20xf32>, tensor<20x20xf32>
  }
}
