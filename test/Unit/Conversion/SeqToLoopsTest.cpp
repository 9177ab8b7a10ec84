//===- SeqToLoopsTest.cpp - Programs of inference -------------------------===//
// What the conversion makes of them, against the interpreter.
//===----------------------------------------------------------------------===//

#include "test/Unit/Conversion/CompiledPrograms.h"

using namespace seqc;
using namespace seqc::compiled;

namespace {

//===----------------------------------------------------------------------===//
// Programs
//===----------------------------------------------------------------------===//

/// Two gated scans, one backwards, over a product of the inputs; widths that
/// fill no vector, a carried state that begins with a parameter.
constexpr llvm::StringLiteral kGated = R"(
module attributes {seq.model = "Gated", seq.dims = ["T"]} {
func.func @init(%v: tensor<20xf32> {seq.param = "v"})
    -> (tensor<20xf32> {seq.state = "h"}, tensor<20xf32> {seq.state = "c"}) {
  %zero = arith.constant dense<0.0> : tensor<20xf32>
  return %v, %zero : tensor<20xf32>, tensor<20xf32>
}
func.func @main(%x: tensor<?x10xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>},
                %wx: tensor<40x10xf32> {seq.param = "wx"}, %wh: tensor<40x20xf32> {seq.param = "wh"},
                %b: tensor<40xf32> {seq.param = "b"}, %wy: tensor<3x40xf32> {seq.param = "wy"},
                %v: tensor<20xf32> {seq.param = "v"},
                %h0: tensor<20xf32> {seq.state = "h", seq.axes = array<i64: -1>},
                %c0: tensor<20xf32> {seq.state = "c", seq.axes = array<i64: -1>})
    -> (tensor<?x40xf32> {seq.output = "both", seq.axes = array<i64: 0, -1>},
        tensor<?x3xf32> {seq.output = "y", seq.axes = array<i64: 0, -1>},
        tensor<20xf32> {seq.state = "h", seq.axes = array<i64: -1>},
        tensor<20xf32> {seq.state = "c", seq.axes = array<i64: -1>}) {
  %h, %c, %forward = seq.scan sequences(%x : tensor<?x10xf32>) states(%h0, %c0 : tensor<20xf32>, tensor<20xf32>)
      invariants(%wx, %wh, %b : tensor<40x10xf32>, tensor<40x20xf32>, tensor<40xf32>)
      -> tensor<20xf32>, tensor<20xf32>, tensor<?x20xf32> {
  ^bb0(%x_t: tensor<10xf32>, %h: tensor<20xf32>, %c: tensor<20xf32>, %wx1: tensor<40x10xf32>, %wh1: tensor<40x20xf32>, %b1: tensor<40xf32>):
    %px = seq.contract %wx1 [1], %x_t [0] : tensor<40x10xf32>, tensor<10xf32> -> tensor<40xf32>
    %ph = seq.contract %wh1 [1], %h [0] : tensor<40x20xf32>, tensor<20xf32> -> tensor<40xf32>
    %s = arith.addf %px, %ph : tensor<40xf32>
    %g = arith.addf %s, %b1 : tensor<40xf32>
    %f = seq.slice %g axis 0 offset 0 : tensor<40xf32> -> tensor<20xf32>
    %u = seq.slice %g axis 0 offset 20 : tensor<40xf32> -> tensor<20xf32>
    %sf = seq.sigmoid %f : tensor<20xf32>
    %tu = math.tanh %u : tensor<20xf32>
    %kept = arith.mulf %sf, %c : tensor<20xf32>
    %c1 = arith.addf %kept, %tu : tensor<20xf32>
    %tc = math.tanh %c1 : tensor<20xf32>
    %h1 = arith.mulf %sf, %tc : tensor<20xf32>
    seq.yield %h1, %c1, %h1 : tensor<20xf32>, tensor<20xf32>, tensor<20xf32>
  }
  %z, %backward = seq.scan reverse sequences(%forward : tensor<?x20xf32>) states(%v : tensor<20xf32>)
      -> tensor<20xf32>, tensor<?x20xf32> {
  ^bb0(%x_t: tensor<20xf32>, %s: tensor<20xf32>):
    %sum = arith.addf %s, %x_t : tensor<20xf32>
    %next = math.tanh %sum : tensor<20xf32>
    seq.yield %next, %next : tensor<20xf32>, tensor<20xf32>
  }
  %both = seq.concat %forward, %backward axis 1 : tensor<?x20xf32>, tensor<?x20xf32> -> tensor<?x40xf32>
  %y = seq.contract %both [1], %wy [1] : tensor<?x40xf32>, tensor<3x40xf32> -> tensor<?x3xf32>
  %swapped = arith.addf %c, %z : tensor<20xf32>
  return %both, %y, %h, %swapped : tensor<?x40xf32>, tensor<?x3xf32>, tensor<20xf32>, tensor<20xf32>
}
})";

/// Tokens are looked up and attended to; every kind of reduction.
constexpr llvm::StringLiteral kReader = R"(
module attributes {seq.model = "Reader", seq.dims = ["T"]} {
func.func @init() { return }
func.func @main(%text: tensor<?xi64> {seq.input = "text", seq.axes = array<i64: 0>},
                %e: tensor<7x18xf32> {seq.param = "e"}, %q: tensor<18xf32> {seq.param = "q"})
    -> (tensor<18xf32> {seq.output = "context", seq.axes = array<i64: -1>},
        tensor<?xf32> {seq.output = "weights", seq.axes = array<i64: 0>},
        tensor<18xf32> {seq.output = "sum", seq.axes = array<i64: -1>},
        tensor<?xf32> {seq.output = "top", seq.axes = array<i64: 0>},
        tensor<f32> {seq.output = "total", seq.axes = array<i64>},
        tensor<?x18xi1> {seq.output = "positive", seq.axes = array<i64: 0, -1>},
        tensor<?xi64> {seq.output = "next", seq.axes = array<i64: 0>}) {
  %x = seq.gather %e[%text] : tensor<7x18xf32>, tensor<?xi64> -> tensor<?x18xf32>
  %scores = seq.contract %x [1], %q [0] : tensor<?x18xf32>, tensor<18xf32> -> tensor<?xf32>
  %weights = seq.softmax %scores axis 0 : tensor<?xf32>
  %context = seq.contract %weights [0], %x [0] : tensor<?xf32>, tensor<?x18xf32> -> tensor<18xf32>
  %sum = seq.reduce sum %x axis 0 : tensor<?x18xf32> -> tensor<18xf32>
  %top = seq.reduce max %x axis 1 : tensor<?x18xf32> -> tensor<?xf32>
  %least = seq.reduce min %x axis 1 : tensor<?x18xf32> -> tensor<?xf32>
  %span = arith.subf %top, %least : tensor<?xf32>
  %total = seq.reduce sum %span axis 0 : tensor<?xf32> -> tensor<f32>
  %c0 = arith.constant 0 : index
  %n = tensor.dim %text, %c0 : tensor<?xi64>
  %zero = arith.constant dense<0.0> : tensor<f32>
  %zeros = seq.broadcast %zero sizes(%n) dims [] : tensor<f32> -> tensor<?x18xf32>
  %positive = arith.cmpf ogt, %x, %zeros : tensor<?x18xf32>
  %next = arith.addi %text, %text : tensor<?xi64>
  return %context, %weights, %sum, %span, %total, %positive, %next
      : tensor<18xf32>, tensor<?xf32>, tensor<18xf32>, tensor<?xf32>, tensor<f32>, tensor<?x18xi1>, tensor<?xi64>
}
})";

/// The last element of each row, which an empty row does not have.
constexpr llvm::StringLiteral kLast = R"(
module attributes {seq.model = "Last", seq.dims = ["T"]} {
func.func @init() { return }
func.func @main(%x: tensor<?x5xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>})
    -> (tensor<5xf32> {seq.output = "last", seq.axes = array<i64: -1>}) {
  %last = seq.at %x axis 0 index -1 : tensor<?x5xf32> -> tensor<5xf32>
  return %last : tensor<5xf32>
}
})";

/// States of any size, that are always given: an optimizer.
constexpr llvm::StringLiteral kUpdate = R"(
module attributes {seq.model = "Update", seq.dims = ["P"]} {
func.func @main(%w: tensor<?xf32> {seq.state = "w", seq.axes = array<i64: 0>},
                %m: tensor<?xf32> {seq.state = "m", seq.axes = array<i64: 0>},
                %g: tensor<?xf32> {seq.input = "g", seq.axes = array<i64: 0>},
                %rate: tensor<f32> {seq.input = "rate", seq.axes = array<i64>})
    -> (tensor<?xf32> {seq.state = "w", seq.axes = array<i64: 0>},
        tensor<?xf32> {seq.state = "m", seq.axes = array<i64: 0>}) {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %w, %c0 : tensor<?xf32>
  %r = seq.broadcast %rate sizes(%n) dims [] : tensor<f32> -> tensor<?xf32>
  %kept = arith.mulf %r, %m : tensor<?xf32>
  %next = arith.addf %kept, %g : tensor<?xf32>
  %changed = arith.subf %w, %next : tensor<?xf32>
  return %changed, %next : tensor<?xf32>, tensor<?xf32>
}
})";

/// Windows added where they lie, with channels and without, one position
/// before the first; sums from the end on.
constexpr llvm::StringLiteral kBack = R"(
module attributes {seq.model = "Back", seq.dims = ["T"]} {
func.func @init() { return }
func.func @main(%x: tensor<?x18xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>},
                %y: tensor<?xf32> {seq.input = "y", seq.axes = array<i64: 0>})
    -> (tensor<?x18xf32> {seq.output = "channels", seq.axes = array<i64: 0, -1>},
        tensor<?xf32> {seq.output = "strided", seq.axes = array<i64: 0>},
        tensor<?x18xf32> {seq.output = "rest", seq.axes = array<i64: 0, -1>},
        tensor<?xf32> {seq.output = "one", seq.axes = array<i64: 0>}) {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x18xf32>
  %wx = seq.windows %x axis 0 size 3 before 1 after 1 : tensor<?x18xf32> -> tensor<?x3x18xf32>
  %sx = math.tanh %wx : tensor<?x3x18xf32>
  %channels = seq.overlap_add %sx axis 0 before 1 size(%n) : tensor<?x3x18xf32> -> tensor<?x18xf32>
  %wy = seq.windows %y axis 0 size 4 stride 3 before 2 after 1 : tensor<?xf32> -> tensor<?x4xf32>
  %strided = seq.overlap_add %wy axis 0 stride 3 before 2 size(%n) : tensor<?x4xf32> -> tensor<?xf32>
  %rest = seq.cumsum reverse %x axis 0 : tensor<?x18xf32>
  %one = seq.cumsum reverse %y axis 0 : tensor<?xf32>
  return %channels, %strided, %rest, %one : tensor<?x18xf32>, tensor<?xf32>, tensor<?x18xf32>, tensor<?xf32>
}
})";

/// Constants with different elements of each type: in vectors and in scalars,
/// in a step, and beside a parameter, where @pack reads them.
constexpr llvm::StringLiteral kConstants = R"(
module attributes {seq.model = "Constants", seq.dims = ["T"]} {
func.func @init() { return }
func.func @main(%x: tensor<?x18xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>},
                %p: tensor<3x18xf32> {seq.param = "p"})
    -> (tensor<?x18xf32> {seq.output = "y", seq.axes = array<i64: 0, -1>},
        tensor<2x18xf32> {seq.output = "rows", seq.axes = array<i64: -1, -1>},
        tensor<18xf32> {seq.output = "last", seq.axes = array<i64: -1>}) {
  %c = arith.constant dense<[-1.75, -1.5, -1.25, -1.0, -0.75, -0.5, -0.25, 0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0, 2.25, 2.5]> : tensor<18xf32>
  %zero = arith.constant dense<0.0> : tensor<18xf32>
  %last, %y = seq.scan sequences(%x : tensor<?x18xf32>) states(%c : tensor<18xf32>) -> tensor<18xf32>, tensor<?x18xf32> {
  ^bb0(%x_t: tensor<18xf32>, %s: tensor<18xf32>):
    %some = arith.constant dense<[false, true, true, false, true, true, false, true, true, false, true, true, false, true, true, false, true, true]> : tensor<18xi1>
    %half = arith.constant dense<[0.0, 0.125, 0.25, 0.375, 0.5, 0.0, 0.125, 0.25, 0.375, 0.5, 0.0, 0.125, 0.25, 0.375, 0.5, 0.0, 0.125, 0.25]> : tensor<18xf32>
    %kept = arith.mulf %s, %half : tensor<18xf32>
    %sum = arith.addf %kept, %x_t : tensor<18xf32>
    %next = arith.select %some, %sum, %s : tensor<18xi1>, tensor<18xf32>
    seq.yield %next, %next : tensor<18xf32>, tensor<18xf32>
  }
  %which = arith.constant dense<[2, 0]> : tensor<2xi64>
  %all = seq.broadcast %c dims [1] : tensor<18xf32> -> tensor<3x18xf32>
  %table = arith.mulf %p, %all : tensor<3x18xf32>
  %rows = seq.gather %table[%which] : tensor<3x18xf32>, tensor<2xi64> -> tensor<2x18xf32>
  return %y, %rows, %last : tensor<?x18xf32>, tensor<2x18xf32>, tensor<18xf32>
}
})";

//===----------------------------------------------------------------------===//
// Tests
//===----------------------------------------------------------------------===//

void runCases(llvm::StringRef program, const TargetDescription &target,
              Form form, int64_t shortest = 0) {
  Model model(program, form, target);
  compiled::runCases(model, shortest);
}

TEST(SeqToLoops, Gated) { runCases(kGated, hostTarget(), Form::AsWritten); }
TEST(SeqToLoops, GatedFused) { runCases(kGated, hostTarget(), Form::Fused); }
TEST(SeqToLoops, GatedUnrolled) {
  runCases(kGated, hostTarget(), Form::Unrolled);
}
TEST(SeqToLoops, GatedNarrow) {
  runCases(kGated, targetOf(128, 16), Form::Fused);
}
TEST(SeqToLoops, Reader) { runCases(kReader, hostTarget(), Form::Fused); }
TEST(SeqToLoops, ReaderNarrow) {
  runCases(kReader, targetOf(128, 16), Form::Fused);
}
TEST(SeqToLoops, Last) {
  runCases(kLast, hostTarget(), Form::Fused, /*shortest=*/1);
}

TEST(SeqToLoops, BackFromWindowsAndSums) {
  runCases(kBack, hostTarget(), Form::AsWritten);
  runCases(kBack, targetOf(128, 16), Form::Fused);
}

TEST(SeqToLoops, Constants) {
  runCases(kConstants, hostTarget(), Form::AsWritten);
  runCases(kConstants, hostTarget(), Form::Fused);
  runCases(kConstants, targetOf(128, 16), Form::Unrolled);
}

TEST(SeqToLoops, StatesWithoutFirstValues) {
  Model model(kUpdate, Form::Fused, hostTarget());
  ASSERT_TRUE(bool(model));
  for (int64_t size : {0, 1, 37, 64})
    runCase(model, {1, size, false, true});
}

TEST(SeqToLoops, WorkersChangeNoBit) {
  Model model(kGated, Form::Fused, hostTarget());
  ASSERT_TRUE(bool(model));
  expectSameBits(model, {50, 6, true, true});
}

TEST(SeqToLoops, TokenOutsideOfItsTable) {
  Model model(kReader, Form::Fused, hostTarget());
  ASSERT_TRUE(bool(model));
  Case c{20, 5, false, false};
  Batch batch = randomBatch(model.signature, c, 0);
  reference::RunError error;
  auto shapes =
      reference::runSamples(*model.sample, model.signature, batch, error);
  batch.inputs[0].integers[18 * 5 + 1] = -1;
  batch.inputs[0].integers[18 * 5 + 3] = 9;
  Answer answer = call(model, batch, c.size, *shapes);
  EXPECT_EQ(answer.status, SEQC_ERROR_TOKEN);
  EXPECT_EQ(answer.error.sample, 18);
  EXPECT_EQ(answer.error.position, 1);
  EXPECT_EQ(answer.error.value, -1);
  EXPECT_EQ(answer.error.bound, 7);
  EXPECT_GT(answer.error.line, 0);
}

TEST(SeqToLoops, RowTooShort) {
  Model model(kLast, Form::Fused, hostTarget());
  ASSERT_TRUE(bool(model));
  Case c{3, 4, true, false};
  Batch batch = randomBatch(model.signature, c, 1);
  reference::RunError error;
  auto shapes =
      reference::runSamples(*model.sample, model.signature, batch, error);
  batch.lengths[0] = {2, 0, 4};
  Answer answer = call(model, batch, c.size, *shapes);
  EXPECT_EQ(answer.status, SEQC_ERROR_LENGTH);
  EXPECT_EQ(answer.error.sample, 1);
  EXPECT_EQ(answer.error.position, -1);
  EXPECT_EQ(answer.error.value, 0);
  EXPECT_EQ(answer.error.bound, 1);
}

TEST(SeqToLoops, TilesHaveTheTargetsRows) {
  TargetDescription target = hostTarget();
  target.rowsPerTile = 5;
  runCases(kGated, target, Form::Fused);
  Model small(kGated, Form::Fused, target);
  Model large(kGated, Form::Fused, hostTarget());
  ASSERT_TRUE(bool(small) && bool(large));
  int64_t dims[] = {320, 4};
  EXPECT_LT(small.entry.workspace(dims, 1), large.entry.workspace(dims, 1));
}

TEST(SeqToLoops, WorkspaceSaturates) {
  Model model(kGated, Form::Fused, hostTarget());
  ASSERT_TRUE(bool(model));
  int64_t large[] = {int64_t(1) << 40, int64_t(1) << 60};
  EXPECT_EQ(model.entry.workspace(large, 1), SIZE_MAX);
  int64_t small[] = {4, 4};
  EXPECT_EQ(model.entry.workspace(small, 3),
            3 * model.entry.workspace(small, 1));
}

TEST(SeqToLoops, OtherVersionIsRefused) {
  Model model(kLast, Form::Fused, hostTarget());
  ASSERT_TRUE(bool(model));
  seqc_call call = {};
  call.abi_version = SEQC_ABI_VERSION + 1;
  EXPECT_EQ(model.entry.model(&call), SEQC_ERROR_VERSION);
}

} // namespace
