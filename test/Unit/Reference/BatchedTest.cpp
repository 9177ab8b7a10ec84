//===- BatchedTest.cpp - The program of a batch against its samples -------===//
// After each pass, the program of a batch gives what the original gives sample
// by sample, for random lengths, 0 among them. The order of the passes is that
// of the phases; a pass that leaves the program in `seq` belongs in the list.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/Transforms/Passes.h"
#include "test/Unit/Reference/Programs.h"

#include "mlir/Pass/PassManager.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>

using namespace seqc;
using namespace seqc::reference;
using runtime::ElementType;

namespace {

/// Tokens are looked up, read in both directions, attended to, and read again
/// window by window; one state is carried.
constexpr llvm::StringLiteral Reader = R"(
func.func @init(%v: tensor<2xf32> {seq.param = "v"}) -> (tensor<2xf32> {seq.state = "h"}) {
  return %v : tensor<2xf32>
}
func.func @main(%text: tensor<?xi64> {seq.input = "text", seq.axes = array<i64: 0>},
                %e: tensor<5x2xf32> {seq.param = "e"}, %v: tensor<2xf32> {seq.param = "v"},
                %m: tensor<2x4xf32> {seq.param = "m"},
                %h0: tensor<2xf32> {seq.state = "h", seq.axes = array<i64: -1>})
    -> (tensor<?x2xf32> {seq.output = "read", seq.axes = array<i64: 0, -1>},
        tensor<2xf32> {seq.output = "context", seq.axes = array<i64: -1>},
        tensor<?xf32> {seq.output = "weights", seq.axes = array<i64: 0>},
        tensor<?x2xf32> {seq.output = "frames", seq.axes = array<i64: 1, -1>},
        tensor<2xf32> {seq.state = "h", seq.axes = array<i64: -1>}) {
  %x = seq.gather %e[%text] : tensor<5x2xf32>, tensor<?xi64> -> tensor<?x2xf32>
  %h, %forward = seq.scan sequences(%x : tensor<?x2xf32>) states(%h0 : tensor<2xf32>) -> tensor<2xf32>, tensor<?x2xf32> {
  ^bb0(%x_t: tensor<2xf32>, %s: tensor<2xf32>):
    %sum = arith.addf %s, %x_t : tensor<2xf32>
    %next = math.tanh %sum : tensor<2xf32>
    seq.yield %next, %next : tensor<2xf32>, tensor<2xf32>
  }
  %zero = arith.constant dense<0.0> : tensor<2xf32>
  %g, %backward = seq.scan reverse sequences(%forward : tensor<?x2xf32>) states(%zero : tensor<2xf32>) invariants(%v, %m : tensor<2xf32>, tensor<2x4xf32>) -> tensor<2xf32>, tensor<?x2xf32> {
  ^bb0(%x_t: tensor<2xf32>, %s: tensor<2xf32>, %w: tensor<2xf32>, %m1: tensor<2x4xf32>):
    %both = seq.concat %x_t, %s axis 0 : tensor<2xf32>, tensor<2xf32> -> tensor<4xf32>
    %product = seq.contract %m1 [1], %both [0] : tensor<2x4xf32>, tensor<4xf32> -> tensor<2xf32>
    %scaled = arith.mulf %s, %w : tensor<2xf32>
    %next = arith.addf %scaled, %product : tensor<2xf32>
    seq.yield %next, %next : tensor<2xf32>, tensor<2xf32>
  }
  %scores = seq.map sequences(%backward : tensor<?x2xf32>) invariants(%h : tensor<2xf32>) -> tensor<?xf32> {
  ^bb0(%b: tensor<2xf32>, %q: tensor<2xf32>):
    %score = seq.contract %b [0], %q [0] : tensor<2xf32>, tensor<2xf32> -> tensor<f32>
    seq.yield %score : tensor<f32>
  }
  %weights = seq.softmax %scores axis 0 : tensor<?xf32>
  %context = seq.contract %weights [0], %backward [0] : tensor<?xf32>, tensor<?x2xf32> -> tensor<2xf32>
  %both = arith.addf %context, %g : tensor<2xf32>
  %windows = seq.windows %backward axis 0 size 3 stride 2 before 1 : tensor<?x2xf32> -> tensor<?x3x2xf32>
  %f, %frames = seq.scan reverse sequences(%windows : tensor<?x3x2xf32>) states(%zero : tensor<2xf32>) invariants(%v : tensor<2xf32>) -> tensor<2xf32>, tensor<?x2xf32> {
  ^bb0(%window: tensor<3x2xf32>, %s: tensor<2xf32>, %w: tensor<2xf32>):
    %within = seq.windows %window axis 0 size 2 : tensor<3x2xf32> -> tensor<2x2x2xf32>
    %row = seq.contract %within [2], %w [0] : tensor<2x2x2xf32>, tensor<2xf32> -> tensor<2x2xf32>
    %sum = seq.reduce sum %row axis 1 : tensor<2x2xf32> -> tensor<2xf32>
    %next = arith.addf %sum, %s : tensor<2xf32>
    seq.yield %next, %next : tensor<2xf32>, tensor<2xf32>
  }
  return %backward, %both, %weights, %frames, %h : tensor<?x2xf32>, tensor<2xf32>, tensor<?xf32>, tensor<?x2xf32>, tensor<2xf32>
})";

runtime::Signature readerSignature() {
  runtime::Signature signature;
  signature.dims = {"T"};
  signature.enclosing = {-1};
  signature.inputs = {{"text", ElementType::Token, {-1}, {0}}};
  signature.outputs = {{"read", ElementType::F32, {-1, 2}, {0, -1}},
                       {"context", ElementType::F32, {2}, {-1}},
                       {"weights", ElementType::F32, {-1}, {0}},
                       {"frames", ElementType::F32, {-1, 2}, {1, -1}}};
  signature.derived = {{"N", 0, /*offset=*/-2, /*stride=*/2}};
  signature.params = {param({"e", ElementType::F32, {5, 2}, {-1, -1}}),
                      param({"v", ElementType::F32, {2}, {-1}}),
                      param({"m", ElementType::F32, {2, 4}, {-1, -1}})};
  signature.states = {{"h", ElementType::F32, {2}, {-1}}};
  return signature;
}

/// Random tokens and lengths; tokens of the padding are out of the table.
Batch readerBatch(std::mt19937 &random) {
  Batch batch;
  batch.size = 1 + random() % 4;
  const int64_t length = random() % 6;
  batch.lengths.emplace_back();
  std::vector<int64_t> text;
  for (int64_t sample = 0; sample < batch.size; ++sample) {
    batch.lengths[0].push_back(random() % (length + 1));
    for (int64_t at = 0; at < length; ++at)
      text.push_back(at < batch.lengths[0].back() ? random() % 5 : 1000);
  }
  batch.inputs = {tokens({batch.size, length}, text)};
  batch.params = {numbers({5, 2}, {.1, -.5, .7, .2, -.9, .4, .3, .3, -.6, .8}),
                  numbers({2}, {.5, -.25}),
                  numbers({2, 4}, {.3, -.2, .5, .1, -.7, .6, .2, -.4})};
  return batch;
}

/// How far the program of a batch has come, by what makes the next pass. Maps
/// are expanded before.
struct Stage {
  const char *name;
  std::unique_ptr<mlir::Pass> (*make)();
};
const Stage Stages[] = {{"Batch", seq::createBatchPass},
                        {"HoistIn", seq::createHoistInPass},
                        {"FuseGates", seq::createFuseGatesPass},
                        {"OutlinePack", seq::createOutlinePackPass}};

class Batched : public testing::TestWithParam<size_t> {};

TEST_P(Batched, GivesWhatTheSamplesGive) {
  Program samples(Reader), batched(Reader);
  mlir::PassManager passes(&batched.context, "builtin.module",
                           mlir::PassManager::Nesting::Implicit);
  passes.addPass(seq::createExpandMapsPass());
  for (size_t stage = 0; stage <= GetParam(); ++stage)
    passes.addPass(Stages[stage].make());
  ASSERT_TRUE(mlir::succeeded(passes.run(*batched.module)));
  std::mt19937 random(1);
  for (int round = 0; round < 50; ++round) {
    const Batch batch = readerBatch(random);
    RunError error;
    auto expected =
        runSamples(*samples.module, readerSignature(), batch, error);
    ASSERT_TRUE(mlir::succeeded(expected)) << error.message;
    auto found = runBatched(*batched.module, readerSignature(), batch, error);
    ASSERT_TRUE(mlir::succeeded(found)) << error.message;
    expectNear(found->outputs, expected->outputs);
    expectNear(found->states, expected->states);
  }
}

INSTANTIATE_TEST_SUITE_P(UpTo, Batched,
                         testing::Range<size_t>(0, std::size(Stages)),
                         [](const auto &info) {
                           return std::string(Stages[info.param].name);
                         });

/// Each step looks up its token and takes the largest of a memory.
constexpr llvm::StringLiteral Steps = R"(
func.func @main(%text: tensor<?xi64> {seq.input = "text", seq.axes = array<i64: 0>},
                %m: tensor<?xf32> {seq.input = "m", seq.axes = array<i64: 1>},
                %e: tensor<5xf32> {seq.param = "e"}) -> (tensor<f32> {seq.output = "y", seq.axes = array<i64>}) {
  %zero = arith.constant dense<0.0> : tensor<f32>
  %y = seq.scan sequences(%text : tensor<?xi64>) states(%zero : tensor<f32>) invariants(%m, %e : tensor<?xf32>, tensor<5xf32>) -> tensor<f32> {
  ^bb0(%t: tensor<i64>, %s: tensor<f32>, %m1: tensor<?xf32>, %e1: tensor<5xf32>):
    %row = seq.gather %e1[%t] : tensor<5xf32>, tensor<i64> -> tensor<f32>
    %max = seq.reduce max %m1 axis 0 : tensor<?xf32> -> tensor<f32>
    %term = arith.mulf %row, %max : tensor<f32>
    %next = arith.addf %term, %s : tensor<f32>
    seq.yield %next : tensor<f32>
  }
  return %y : tensor<f32>
})";

TEST(BatchedErrors, AreNotOfRowsThatTakeNoPartInAStep) {
  Program samples(Steps), batched(Steps);
  runtime::Signature signature;
  signature.dims = {"T", "S"};
  signature.enclosing = {-1, -1};
  signature.inputs = {{"text", ElementType::Token, {-1}, {0}},
                      {"m", ElementType::F32, {-1}, {1}}};
  signature.outputs = {{"y", ElementType::F32, {}, {}}};
  signature.params = {param({"e", ElementType::F32, {5}, {-1}})};
  Batch batch;
  batch.size = 3;
  batch.lengths = {{1, 0, 2}, {1, 0, 2}};
  batch.inputs = {tokens({3, 2}, {4, 99, -1, -1, 0, 3}),
                  numbers({3, 2}, {.5, 9, 9, 9, .25, -1})};
  batch.params = {numbers({5}, {.1, .2, .3, .4, .5})};
  RunError error;
  auto expected = runSamples(*samples.module, signature, batch, error);
  ASSERT_TRUE(mlir::succeeded(expected)) << error.message;
  for (const Stage &stage : Stages) {
    mlir::PassManager passes(&batched.context, "builtin.module",
                             mlir::PassManager::Nesting::Implicit);
    passes.addPass(stage.make());
    ASSERT_TRUE(mlir::succeeded(passes.run(*batched.module)));
    auto found = runBatched(*batched.module, signature, batch, error);
    ASSERT_TRUE(mlir::succeeded(found)) << stage.name << ": " << error.message;
    expectNear(found->outputs, expected->outputs);
  }
}

TEST(BatchedErrors, ReportTheSampleThatTheSamplesReport) {
  Program samples(Reader), batched(Reader);
  mlir::PassManager passes(&batched.context, "builtin.module",
                           mlir::PassManager::Nesting::Implicit);
  passes.addPass(seq::createExpandMapsPass());
  passes.addPass(seq::createBatchPass());
  ASSERT_TRUE(mlir::succeeded(passes.run(*batched.module)));
  std::mt19937 random(1);
  Batch batch = readerBatch(random);
  batch.size = 2;
  batch.lengths = {{1, 3}};
  batch.inputs = {tokens({2, 3}, {0, 9, 9, 1, 2, -7})};
  RunError expected, found;
  EXPECT_TRUE(mlir::failed(
      runSamples(*samples.module, readerSignature(), batch, expected)));
  EXPECT_TRUE(mlir::failed(
      runBatched(*batched.module, readerSignature(), batch, found)));
  EXPECT_EQ(expected.record.sample, 1);
  EXPECT_EQ(expected.record.position, 2);
  EXPECT_EQ(found.record.sample, expected.record.sample);
  EXPECT_EQ(found.record.position, expected.record.position);
  EXPECT_EQ(found.record.value, expected.record.value);
}

} // namespace
