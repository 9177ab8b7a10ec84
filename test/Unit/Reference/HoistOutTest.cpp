//===- HoistOutTest.cpp - What leaves a loop, with and without a batch ----===//
// Sums and products that leave a scan give what they gave inside of it: of one
// sample, and of a batch with lengths, whose padding is NaN.
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

/// A loop that runs backwards: sums of products of states, of elements and of
/// one-hot tokens, with signs, moves and factors; of vectors; of a matrix that
/// is no product; a product that only an output reads.
constexpr llvm::StringLiteral Sums = R"(
func.func @main(%text: tensor<?xi64> {seq.input = "text", seq.axes = array<i64: 0>},
                %x: tensor<?x2xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>},
                %w: tensor<3x2xf32> {seq.param = "w"}, %v: tensor<3x3xf32> {seq.param = "v"})
    -> (tensor<3x2xf32> {seq.output = "a", seq.axes = array<i64: -1, -1>},
        tensor<5x3xf32> {seq.output = "b", seq.axes = array<i64: -1, -1>},
        tensor<3xf32> {seq.output = "c", seq.axes = array<i64: -1>},
        tensor<3x2xf32> {seq.output = "d", seq.axes = array<i64: -1, -1>},
        tensor<?x3xf32> {seq.output = "y", seq.axes = array<i64: 0, -1>}) {
  %z3 = arith.constant dense<0.25> : tensor<3xf32>
  %zb = arith.constant dense<0.0> : tensor<5x3xf32>
  %zd = arith.constant dense<0.0> : tensor<3x2xf32>
  %h, %a, %b, %c, %d, %y = seq.scan reverse sequences(%text, %x : tensor<?xi64>, tensor<?x2xf32>)
      states(%z3, %w, %zb, %z3, %zd : tensor<3xf32>, tensor<3x2xf32>, tensor<5x3xf32>, tensor<3xf32>, tensor<3x2xf32>)
      invariants(%w, %v : tensor<3x2xf32>, tensor<3x3xf32>)
      -> tensor<3xf32>, tensor<3x2xf32>, tensor<5x3xf32>, tensor<3xf32>, tensor<3x2xf32>, tensor<?x3xf32> {
  ^bb0(%t: tensor<i64>, %x_t: tensor<2xf32>, %s: tensor<3xf32>, %a0: tensor<3x2xf32>, %b0: tensor<5x3xf32>,
       %c0: tensor<3xf32>, %d0: tensor<3x2xf32>, %w1: tensor<3x2xf32>, %v1: tensor<3x3xf32>):
    %px = seq.contract %w1 [1], %x_t [0] : tensor<3x2xf32>, tensor<2xf32> -> tensor<3xf32>
    %sum = arith.addf %px, %s : tensor<3xf32>
    %n = math.tanh %sum : tensor<3xf32>
    %p = seq.contract %x_t [], %s [] : tensor<2xf32>, tensor<3xf32> -> tensor<2x3xf32>
    %turned = seq.transpose %p [1, 0] : tensor<2x3xf32> -> tensor<3x2xf32>
    %scaled = arith.mulf %turned, %w1 : tensor<3x2xf32>
    %q = seq.contract %n [], %x_t [] : tensor<3xf32>, tensor<2xf32> -> tensor<3x2xf32>
    %a1 = arith.subf %a0, %scaled : tensor<3x2xf32>
    %a2 = arith.addf %q, %a1 : tensor<3x2xf32>
    %hot = seq.one_hot %t : tensor<i64> -> tensor<5xf32>
    %r = seq.contract %hot [], %n [] : tensor<5xf32>, tensor<3xf32> -> tensor<5x3xf32>
    %b1 = arith.addf %b0, %r : tensor<5x3xf32>
    %e = math.exp %n : tensor<3xf32>
    %c1 = arith.addf %c0, %e : tensor<3xf32>
    %wide = seq.broadcast %n dims [0] : tensor<3xf32> -> tensor<3x2xf32>
    %f = arith.mulf %wide, %q : tensor<3x2xf32>
    %d1 = arith.addf %d0, %f : tensor<3x2xf32>
    %d2 = arith.addf %d1, %q : tensor<3x2xf32>
    %o = seq.contract %v1 [1], %n [0] : tensor<3x3xf32>, tensor<3xf32> -> tensor<3xf32>
    %g = seq.sigmoid %o : tensor<3xf32>
    seq.yield %n, %a2, %b1, %c1, %d2, %g : tensor<3xf32>, tensor<3x2xf32>, tensor<5x3xf32>, tensor<3xf32>, tensor<3x2xf32>, tensor<3xf32>
  }
  return %a, %b, %c, %d, %y : tensor<3x2xf32>, tensor<5x3xf32>, tensor<3xf32>, tensor<3x2xf32>, tensor<?x3xf32>
})";

runtime::Signature signatureOfSums() {
  runtime::Signature signature;
  signature.dims = {"T"};
  signature.enclosing = {-1};
  signature.inputs = {{"text", ElementType::Token, {-1}, {0}},
                      {"x", ElementType::F32, {-1, 2}, {0, -1}}};
  signature.outputs = {{"a", ElementType::F32, {3, 2}, {-1, -1}},
                       {"b", ElementType::F32, {5, 3}, {-1, -1}},
                       {"c", ElementType::F32, {3}, {-1}},
                       {"d", ElementType::F32, {3, 2}, {-1, -1}},
                       {"y", ElementType::F32, {-1, 3}, {0, -1}}};
  signature.params = {param({"w", ElementType::F32, {3, 2}, {-1, -1}}),
                      param({"v", ElementType::F32, {3, 3}, {-1, -1}})};
  return signature;
}

Batch batchOfSums(std::mt19937 &random) {
  std::uniform_real_distribution<double> uniform(-1, 1);
  Batch batch;
  batch.size = 1 + random() % 4;
  const int64_t length = random() % 6;
  batch.lengths.emplace_back();
  std::vector<int64_t> text;
  std::vector<double> x;
  for (int64_t sample = 0; sample < batch.size; ++sample) {
    batch.lengths[0].push_back(random() % (length + 1));
    for (int64_t at = 0; at < length; ++at) {
      const bool isThere = at < batch.lengths[0].back();
      text.push_back(isThere ? random() % 5 : 1000);
      for (int k = 0; k < 2; ++k)
        x.push_back(isThere ? uniform(random)
                            : std::numeric_limits<double>::quiet_NaN());
    }
  }
  batch.inputs = {tokens({batch.size, length}, text),
                  numbers({batch.size, length, 2}, x)};
  auto draw = [&](llvm::ArrayRef<int64_t> shape) {
    std::vector<double> values(shape[0] * shape[1]);
    for (double &value : values)
      value = uniform(random);
    return numbers(shape, std::move(values));
  };
  batch.params = {draw({3, 2}), draw({3, 3})};
  return batch;
}

/// Compares the program with itself after `pipeline`.
void expectSame(const char *pipeline, bool isBatched) {
  Program samples(Sums), changed(Sums);
  mlir::PassManager passes(&changed.context, "builtin.module",
                           mlir::PassManager::Nesting::Implicit);
  for (char pass : llvm::StringRef(pipeline)) {
    if (pass == 'b')
      passes.addPass(seq::createBatchPass());
    else if (pass == 'o')
      passes.addPass(seq::createHoistOutPass());
    else if (pass == 'i')
      passes.addPass(seq::createHoistInPass());
    else
      passes.addPass(seq::createSinkSumsPass());
  }
  ASSERT_TRUE(mlir::succeeded(passes.run(*changed.module)));
  std::mt19937 random(1);
  for (int round = 0; round < 50; ++round) {
    const Batch batch = batchOfSums(random);
    RunError error;
    auto run = isBatched ? runBatched : runSamples;
    auto expected =
        runSamples(*samples.module, signatureOfSums(), batch, error);
    ASSERT_TRUE(mlir::succeeded(expected)) << error.message;
    auto found = run(*changed.module, signatureOfSums(), batch, error);
    ASSERT_TRUE(mlir::succeeded(found)) << pipeline << ": " << error.message;
    expectNear(found->outputs, expected->outputs);
  }
}

TEST(HoistOut, OfOneSample) {
  expectSame("o", false);
  expectSame("sos", false);
  expectSame("io", false);
}

TEST(HoistOut, BeforeTheBatch) { expectSame("obs", true); }

TEST(HoistOut, OfABatchWithLengths) {
  expectSame("bo", true);
  expectSame("bosi", true);
}

} // namespace
