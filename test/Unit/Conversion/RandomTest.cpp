//===- RandomTest.cpp - Random numbers of compiled code -------------------===//
// A draw depends on its logical coordinates and on nothing else; the
// interpreter's numbers are those of the runtime.
//===----------------------------------------------------------------------===//

#include "test/Unit/Conversion/CompiledPrograms.h"

#include "compiler/Dialect/Seq/Transforms/Passes.h"

#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"

#include <cmath>

using namespace seqc;
using namespace seqc::compiled;

namespace {

/// Numbers of each position in vectors and one by one, of each step forwards
/// and backwards, and the same at all of them.
constexpr llvm::StringLiteral kDraws = R"(
module attributes {seq.model = "Draws", seq.dims = ["T"]} {
func.func @init() { return }
func.func @main(%x: tensor<?x18xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>})
    -> (tensor<?x18xf32> {seq.output = "each", seq.axes = array<i64: 0, -1>},
        tensor<?xf32> {seq.output = "one", seq.axes = array<i64: 0>},
        tensor<?x3x5xf32> {seq.output = "matrix", seq.axes = array<i64: 0, -1, -1>},
        tensor<?x18xf32> {seq.output = "steps", seq.axes = array<i64: 0, -1>},
        tensor<18xf32> {seq.output = "dropped", seq.axes = array<i64: -1>},
        tensor<7xf32> {seq.output = "once", seq.axes = array<i64: -1>}) {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x18xf32>
  %t = seq.iota size(%n) : tensor<?xi64>
  %each = seq.uniform time(%t : tensor<?xi64>) site 0 -> tensor<?x18xf32>
  %one = seq.uniform time(%t : tensor<?xi64>) site 1 -> tensor<?xf32>
  %matrix = seq.uniform time(%t : tensor<?xi64>) site 2 -> tensor<?x3x5xf32>
  %zero = arith.constant dense<0.0> : tensor<18xf32>
  %dropped, %steps = seq.scan reverse sequences(%x, %t : tensor<?x18xf32>, tensor<?xi64>) states(%zero : tensor<18xf32>)
      -> tensor<18xf32>, tensor<?x18xf32> {
  ^bb0(%x_t: tensor<18xf32>, %at: tensor<i64>, %s: tensor<18xf32>):
    %u = seq.uniform time(%at : tensor<i64>) site 3 -> tensor<18xf32>
    %half = arith.constant dense<0.5> : tensor<18xf32>
    %none = arith.constant dense<0.0> : tensor<18xf32>
    %is_dropped = arith.cmpf olt, %u, %half : tensor<18xf32>
    %kept = arith.select %is_dropped, %none, %x_t : tensor<18xi1>, tensor<18xf32>
    %next = arith.addf %s, %kept : tensor<18xf32>
    seq.yield %next, %u : tensor<18xf32>, tensor<18xf32>
  }
  %never = arith.constant dense<0> : tensor<i64>
  %once = seq.uniform time(%never : tensor<i64>) site 4 -> tensor<7xf32>
  return %each, %one, %matrix, %steps, %dropped, %once
      : tensor<?x18xf32>, tensor<?xf32>, tensor<?x3x5xf32>, tensor<?x18xf32>, tensor<18xf32>, tensor<7xf32>
}
})";

/// Dropout of a sequence, and with one mask for all its positions.
constexpr llvm::StringLiteral kDropout = R"(
module attributes {seq.model = "Dropout", seq.dims = ["T"]} {
func.func @init() { return }
func.func @main(%x: tensor<?x18xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>})
    -> (tensor<?x18xf32> {seq.output = "each", seq.axes = array<i64: 0, -1>},
        tensor<?x18xf32> {seq.output = "once", seq.axes = array<i64: 0, -1>}) {
  %each = seq.dropout %x rate 0.3 site 0 : tensor<?x18xf32>
  %once = seq.dropout %x rate 0.3 site 1 once : tensor<?x18xf32>
  return %each, %once : tensor<?x18xf32>, tensor<?x18xf32>
}
})";

/// The program as it is in training.
std::string inTraining(llvm::StringRef text) {
  mlir::DialectRegistry registry;
  registerPhaseDialects(registry);
  mlir::MLIRContext context(registry);
  auto module = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
  mlir::PassManager passes(&context);
  passes.addNestedPass<mlir::func::FuncOp>(seq::createDrawDropoutPass());
  EXPECT_TRUE(module && mlir::succeeded(passes.run(*module)));
  std::string changed;
  llvm::raw_string_ostream stream(changed);
  module->print(stream);
  return changed;
}

/// The bytes of one row.
std::vector<uint8_t> rowOf(const Memory &memory, int64_t row, int64_t size) {
  const size_t bytes = memory.bytes.size() / memory.shape[0];
  const auto begin = memory.bytes.begin() + row * bytes;
  // Of what has positions, the first ones.
  const bool isSequence = memory.shape.size() > 1 && memory.shape[1] >= size;
  return {begin, begin + (isSequence ? bytes / memory.shape[1] * size : bytes)};
}

/// What the program gives for a batch that is all full.
Answer draw(Model &model, Batch &batch, int64_t size) {
  reference::RunError error;
  auto shapes =
      reference::runSamples(*model.sample, model.signature, batch, error);
  EXPECT_TRUE(mlir::succeeded(shapes)) << error.message;
  Answer answer = call(model, batch, size, *shapes);
  EXPECT_EQ(answer.status, SEQC_OK);
  return answer;
}

TEST(Random, IsTheRuntimes) {
  for (Form form : {Form::AsWritten, Form::Fused}) {
    Model model(kDraws, form, hostTarget());
    runCases(model);
  }
  Model narrow(kDraws, Form::Fused, targetOf(128, 16));
  runCases(narrow);
}

TEST(Random, ReadsTheRuntimeBlock) {
  Model model(kDraws, Form::Fused, hostTarget());
  ASSERT_TRUE(bool(model));
  Batch batch = randomBatch(model.signature, {19, 4, true, false}, 0);
  batch.draws.seed = -0x123456789abcdef;
  batch.draws.step = int64_t(3) << 33;
  for (int64_t sample = 0; sample < batch.size; ++sample)
    batch.draws.sampleIds.push_back((sample * 7 + 3) << (2 * sample));
  reference::RunError error;
  auto expected =
      reference::runSamples(*model.sample, model.signature, batch, error);
  ASSERT_TRUE(mlir::succeeded(expected)) << error.message;
  Answer answer = call(model, batch, 4, *expected, 2);
  for (size_t k = 0; k < answer.outputs.size(); ++k)
    for (int64_t i = 0; i < expected->outputs[k].size(); ++i)
      ASSERT_NEAR(answer.outputs[k].get(i), expected->outputs[k].numbers[i],
                  1e-5)
          << "output " << k << ", element " << i;
}

TEST(Random, IsTheSameWhereverASampleStands) {
  Model model(kDraws, Form::Fused, hostTarget());
  ASSERT_TRUE(bool(model));
  Batch batch = randomBatch(model.signature, {5, 3, false, false}, 0);
  batch.draws.sampleIds = {10, 11, 12, 13, 14};
  Answer answer = draw(model, batch, 3);
  // Another order, and a longer padding.
  Batch other = randomBatch(model.signature, {5, 6, false, false}, 0);
  other.draws.sampleIds = {14, 12, 10, 11, 13};
  Answer again = draw(model, other, 6);
  const int64_t from[] = {4, 2, 0, 1, 3};
  for (size_t k : {0, 1, 2, 3, 5})
    for (int64_t row = 0; row < 5; ++row)
      EXPECT_EQ(rowOf(answer.outputs[k], from[row], 3),
                rowOf(again.outputs[k], row, 3))
          << "output " << k << ", row " << row;
}

TEST(Random, DiffersBetweenStepsSamplesAndTimes) {
  Model model(kDraws, Form::Fused, hostTarget());
  ASSERT_TRUE(bool(model));
  Batch batch = randomBatch(model.signature, {2, 2, false, false}, 0);
  Answer first = draw(model, batch, 2);
  batch.draws.step = 1;
  Answer next = draw(model, batch, 2);
  EXPECT_NE(first.outputs[0].bytes, next.outputs[0].bytes);
  EXPECT_NE(rowOf(first.outputs[0], 0, 2), rowOf(first.outputs[0], 1, 2));
  EXPECT_NE(rowOf(first.outputs[0], 0, 1), rowOf(next.outputs[0], 0, 1));
}

TEST(Random, IsUniform) {
  Model model(kDraws, Form::Fused, hostTarget());
  ASSERT_TRUE(bool(model));
  Batch batch = randomBatch(model.signature, {64, 50, false, false}, 0);
  Answer answer = draw(model, batch, 50);
  const Memory &each = answer.outputs[0];
  const int64_t count = int64_t(64) * 50 * 18;
  double sum = 0, squares = 0, below = 0;
  for (int64_t i = 0; i < count; ++i) {
    const double u = each.get(i);
    ASSERT_GE(u, 0);
    ASSERT_LT(u, 1);
    sum += u;
    squares += u * u;
    below += u < 0.3;
  }
  // Five standard deviations of each mean.
  EXPECT_NEAR(sum / count, 0.5, 5 * 0.289 / std::sqrt(count));
  EXPECT_NEAR(squares / count, 1.0 / 3, 5 * 0.298 / std::sqrt(count));
  EXPECT_NEAR(below / count, 0.3, 5 * 0.458 / std::sqrt(count));
}

TEST(Random, DropoutKeepsTheMean) {
  Model model(inTraining(kDropout), Form::Fused, hostTarget());
  ASSERT_TRUE(bool(model));
  const int64_t rows = 64, length = 50, width = 18;
  Batch batch = randomBatch(model.signature, {rows, length, false, false}, 0);
  llvm::fill(batch.inputs[0].numbers, 1.0);
  Answer answer = draw(model, batch, length);
  const int64_t count = rows * length * width;
  double sum = 0, dropped = 0;
  for (int64_t i = 0; i < count; ++i) {
    const double y = answer.outputs[0].get(i);
    ASSERT_TRUE(y == 0 || std::abs(y - 1 / 0.7) < 1e-6) << y;
    sum += y;
    dropped += y == 0;
  }
  // Five standard deviations.
  EXPECT_NEAR(dropped / count, 0.3, 5 * std::sqrt(0.3 * 0.7 / count));
  EXPECT_NEAR(sum / count, 1, 5 * std::sqrt(0.3 / 0.7 / count));
}

TEST(Random, OneMaskIsTheSameAtAllPositions) {
  Model model(inTraining(kDropout), Form::Fused, hostTarget());
  ASSERT_TRUE(bool(model));
  const int64_t rows = 8, length = 5, width = 18;
  Batch batch = randomBatch(model.signature, {rows, length, false, false}, 0);
  llvm::fill(batch.inputs[0].numbers, 1.0);
  Answer answer = draw(model, batch, length);
  const Memory &once = answer.outputs[1];
  for (int64_t row = 0; row < rows; ++row)
    for (int64_t i = width; i < length * width; ++i)
      ASSERT_EQ(once.get(row * length * width + i),
                once.get(row * length * width + i % width));
  EXPECT_NE(rowOf(once, 0, 1), rowOf(once, 1, 1));
}

TEST(Random, WorkersChangeNoBit) {
  Model model(kDraws, Form::Fused, hostTarget());
  ASSERT_TRUE(bool(model));
  expectSameBits(model, {50, 6, true, false});
}

} // namespace
