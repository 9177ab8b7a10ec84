//===- SamplesTest.cpp - A batch, one unpadded sample at a time -----------===//
// Numbers worked out by hand, with NaN in all padding.
//===----------------------------------------------------------------------===//

#include "test/Unit/Reference/Programs.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

using namespace seqc;
using namespace seqc::reference;

namespace {

constexpr double NaN = std::numeric_limits<double>::quiet_NaN();

/// Running sums that are carried from call to call and begin at `w`.
constexpr llvm::StringLiteral RunningSum = R"(
func.func @init(%w: tensor<1xf32> {seq.param = "w"}) -> tensor<1xf32> {
  return %w : tensor<1xf32>
}
func.func @main(%h0: tensor<1xf32> {seq.state = "h"}, %x: tensor<?x1xf32> {seq.input = "x"})
    -> (tensor<1xf32> {seq.state = "h"}, tensor<?x1xf32> {seq.output = "y"}) {
  %h, %y = seq.scan sequences(%x : tensor<?x1xf32>) states(%h0 : tensor<1xf32>) -> tensor<1xf32>, tensor<?x1xf32> {
  ^bb0(%x_t: tensor<1xf32>, %s: tensor<1xf32>):
    %next = arith.addf %s, %x_t : tensor<1xf32>
    seq.yield %next, %next : tensor<1xf32>, tensor<1xf32>
  }
  return %h, %y : tensor<1xf32>, tensor<?x1xf32>
})";

runtime::Signature runningSumSignature() {
  using runtime::ElementType;
  runtime::Signature signature;
  signature.dims = {"T"};
  signature.enclosing = {-1};
  signature.inputs = {{"x", ElementType::F32, {-1, 1}, {0, -1}}};
  signature.outputs = {{"y", ElementType::F32, {-1, 1}, {0, -1}}};
  signature.params = {param({"w", ElementType::F32, {1}, {-1}})};
  signature.states = {{"h", ElementType::F32, {1}, {-1}}};
  return signature;
}

Batch runningSumBatch() {
  Batch batch;
  batch.size = 3;
  batch.inputs = {numbers({3, 2, 1}, {1, 2, 3, NaN, NaN, NaN})};
  batch.params = {numbers({1}, {10})};
  batch.lengths = {{2, 1, 0}};
  return batch;
}

TEST(Samples, BeginAtInitAndEndInZeros) {
  Program program(RunningSum);
  RunError error;
  auto results = runSamples(*program.module, runningSumSignature(),
                            runningSumBatch(), error);
  ASSERT_TRUE(mlir::succeeded(results)) << error.message;
  EXPECT_EQ(results->outputs[0].numbers,
            (std::vector<double>{11, 13, 13, 0, 0, 0}));
  EXPECT_EQ(results->states[0].numbers, (std::vector<double>{13, 13, 10}));
}

TEST(Samples, BeginAtTheStatesThatAreGiven) {
  Program program(RunningSum);
  Batch batch = runningSumBatch();
  batch.states = {numbers({3, 1}, {100, 200, 300})};
  RunError error;
  auto results =
      runSamples(*program.module, runningSumSignature(), batch, error);
  ASSERT_TRUE(mlir::succeeded(results)) << error.message;
  EXPECT_EQ(results->states[0].numbers, (std::vector<double>{103, 203, 300}));
}

TEST(Samples, AreFullWithoutLengths) {
  Program program(RunningSum);
  Batch batch = runningSumBatch();
  batch.lengths.clear();
  RunError error;
  auto results =
      runSamples(*program.module, runningSumSignature(), batch, error);
  ASSERT_TRUE(mlir::succeeded(results)) << error.message;
  EXPECT_EQ(results->states[0].numbers[0], 13);
  EXPECT_TRUE(std::isnan(results->states[0].numbers[1]));
}

TEST(Samples, NameTheOneThatFails) {
  Program program(R"(
    func.func @main(%t: tensor<?xi64> {seq.input = "t"}, %e: tensor<2x1xf32> {seq.param = "e"})
        -> (tensor<?x1xf32> {seq.output = "y"}) {
      %y = seq.gather %e[%t] : tensor<2x1xf32>, tensor<?xi64> -> tensor<?x1xf32>
      return %y : tensor<?x1xf32>
    })");
  using runtime::ElementType;
  runtime::Signature signature;
  signature.dims = {"T"};
  signature.enclosing = {-1};
  signature.inputs = {{"t", ElementType::Token, {-1}, {0}}};
  signature.outputs = {{"y", ElementType::F32, {-1, 1}, {0, -1}}};
  signature.params = {param({"e", ElementType::F32, {2, 1}, {-1, -1}})};
  Batch batch;
  batch.size = 2;
  batch.inputs = {tokens({2, 3}, {0, 1, 99, 0, 1, 2})};
  batch.params = {numbers({2, 1}, {5, 6})};
  batch.lengths = {{2, 3}};
  RunError error;
  EXPECT_TRUE(
      mlir::failed(runSamples(*program.module, signature, batch, error)));
  EXPECT_EQ(error.record.kind, SEQC_ERROR_TOKEN);
  EXPECT_EQ(error.record.sample, 1);
  EXPECT_EQ(error.record.position, 2);
  EXPECT_EQ(error.record.value, 2);
  EXPECT_EQ(error.record.bound, 2);
}

TEST(Samples, RefuseWhatTheSignatureDoesNotSay) {
  Program program(RunningSum);
  auto messageOf = [&](const Batch &batch) {
    RunError error;
    EXPECT_TRUE(mlir::failed(
        runSamples(*program.module, runningSumSignature(), batch, error)));
    return error.message;
  };
  Batch batch = runningSumBatch();
  batch.lengths = {{2, 3, 0}};
  EXPECT_EQ(messageOf(batch), "a length of `T` is not from 0 to 2");
  batch.lengths = {{2}};
  EXPECT_EQ(messageOf(batch), "`T` does not have one length for each row");
  batch = runningSumBatch();
  batch.params = {numbers({2}, {1, 2})};
  EXPECT_EQ(messageOf(batch), "`w` has another shape or type");
  batch.params.clear();
  EXPECT_EQ(messageOf(batch),
            "the call does not have what the signature asks for");
}

} // namespace
