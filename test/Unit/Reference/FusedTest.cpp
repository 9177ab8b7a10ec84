//===- FusedTest.cpp - Fused programs against their samples ---------------===//
// Every spelling of a cell that the fusing passes bring into one form gives,
// after each of them, what it gave before, for random weights and lengths; so
// does a loop over a memory in a loop.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/Transforms/Passes.h"
#include "test/Unit/Reference/Programs.h"

#include "mlir/Pass/PassManager.h"
#include "llvm/Support/MemoryBuffer.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>

using namespace seqc;
using namespace seqc::reference;
using runtime::ElementType;

namespace {

constexpr int64_t Inputs = 3, Hidden = 4;

std::string readProgram(llvm::StringRef name) {
  auto file = llvm::MemoryBuffer::getFile(
      (SEQC_SOURCE_DIR "/test/Dialect/Seq/Transforms/Inputs/" + name + ".mlir")
          .str());
  return file ? (*file)->getBuffer().str() : std::string();
}

/// The parameters are those that @main has, in its order.
runtime::Signature signatureOf(mlir::ModuleOp module) {
  runtime::Signature signature;
  signature.dims = {"T"};
  signature.enclosing = {-1};
  signature.inputs = {{"x", ElementType::F32, {-1, Inputs}, {0, -1}}};
  signature.outputs = {{"y", ElementType::F32, {-1, Hidden}, {0, -1}},
                       {"h", ElementType::F32, {Hidden}, {-1}},
                       {"c", ElementType::F32, {Hidden}, {-1}}};
  auto main = module.lookupSymbol<mlir::func::FuncOp>("main");
  for (unsigned i = 0; i < main.getNumArguments(); ++i)
    if (auto name = main.getArgAttrOfType<mlir::StringAttr>(i, "seq.param")) {
      auto shape =
          llvm::cast<mlir::RankedTensorType>(main.getArgument(i).getType())
              .getShape();
      signature.params.push_back(
          param({name.str(), ElementType::F32,
                 std::vector<int64_t>(shape.begin(), shape.end()),
                 std::vector<int64_t>(shape.size(), -1)}));
    }
  return signature;
}

Tensor randomNumbers(llvm::ArrayRef<int64_t> shape, std::mt19937 &random) {
  int64_t count = 1;
  for (int64_t size : shape)
    count *= size;
  std::uniform_real_distribution<double> uniform(-1, 1);
  std::vector<double> values(count);
  for (double &value : values)
    value = uniform(random);
  return numbers(shape, std::move(values));
}

/// Random numbers and lengths, with NaN in the padding.
Batch randomBatch(const runtime::Signature &signature, std::mt19937 &random) {
  Batch batch;
  batch.size = 1 + random() % 4;
  const int64_t length = random() % 6;
  Tensor x = randomNumbers({batch.size, length, Inputs}, random);
  batch.lengths.emplace_back();
  for (int64_t sample = 0; sample < batch.size; ++sample) {
    const int64_t own = random() % (length + 1);
    batch.lengths[0].push_back(own);
    for (int64_t at = own * Inputs; at < length * Inputs; ++at)
      x.numbers[sample * length * Inputs + at] =
          std::numeric_limits<double>::quiet_NaN();
  }
  batch.inputs = {x};
  for (const runtime::ParamSpec &spec : signature.params)
    batch.params.push_back(randomNumbers(spec.tensor.shape, random));
  return batch;
}

class Fused : public testing::TestWithParam<const char *> {};

TEST_P(Fused, GivesWhatTheSamplesGiveAfterEachPass) {
  const std::string text = readProgram(GetParam());
  for (size_t passCount = 1; passCount <= 5; ++passCount) {
    Program samples(text), batched(text);
    ASSERT_TRUE(samples.module);
    mlir::PassManager passes(&batched.context, "builtin.module",
                             mlir::PassManager::Nesting::Implicit);
    passes.addPass(seq::createExpandMapsPass());
    std::unique_ptr<mlir::Pass> all[] = {
        seq::createBatchPass(), seq::createSinkBroadcastsPass(),
        seq::createHoistInPass(), seq::createFuseGatesPass(),
        seq::createOutlinePackPass()};
    for (size_t i = 0; i < passCount; ++i)
      passes.addPass(std::move(all[i]));
    ASSERT_TRUE(mlir::succeeded(passes.run(*batched.module)));
    const runtime::Signature signature = signatureOf(*samples.module);
    std::mt19937 random(1);
    for (int round = 0; round < 20; ++round) {
      const Batch batch = randomBatch(signature, random);
      RunError error;
      auto expected = runSamples(*samples.module, signature, batch, error);
      ASSERT_TRUE(mlir::succeeded(expected)) << error.message;
      auto found = runBatched(*batched.module, signature, batch, error);
      ASSERT_TRUE(mlir::succeeded(found))
          << error.message << " after " << passCount << " passes";
      expectNear(found->outputs, expected->outputs);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Spelling, Fused,
                         testing::Values("lstm-one-weight",
                                         "lstm-eight-weights",
                                         "lstm-other-order",
                                         "lstm-joined-input",
                                         "query-over-memory"));

} // namespace
