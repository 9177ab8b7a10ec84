//===- StepTest.cpp - The compiled training step --------------------------===//
// What an update does to weights and states, computed once more from the
// gradients in the plainest way; parameters of more elements than a chunk has.
//===----------------------------------------------------------------------===//

#include "compiler/Seqc.h"
#include "test/Unit/Runtime/TemporaryDirectory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

using testing::HasSubstr;
using testing::StartsWith;
using testing::ThrowsMessage;

namespace seqc::endtoend {
namespace {

constexpr int64_t kWidth = 40001;

constexpr const char *kModel = R"(
model Line[N = 40001](x: f32[N]) -> (y: f32) {
  param w: f32[N] ~ uniform(0.01)
  param b: f32 = 0.5
  return sum(w * x, over = N) + b * b
}
)";

/// An element's next weight depends on no other; `t` and `rate` belong to the
/// parameter as a whole.
constexpr const char *kChunked = R"(
cell Own[P](_w: f32[P], g: f32[P], lr: f32) -> f32[P] {
  state m: f32[P] = 0
  state t: f32 = 0
  state rate: f32 = 1
  t = t + 1
  m = m / 2 + g
  rate = rate / 2
  return -lr * rate * m / t
}
)";

/// All elements of a parameter share the length of its gradient.
constexpr const char *kWhole = R"(
cell Own[P](w: f32[P], g: f32[P], lr: f32) -> f32[P] {
  state m: f32[P] = 0
  state t: f32 = 0
  state longest: f32 = 0
  let length = sqrt(sum(g * g, over = P))
  t = t + 1
  longest = max(longest, length)
  m = m / 2 + g / (longest + 1)
  return -lr * (m + 0.01 * w) / t
}
)";

Trainer makeTrainer(const std::string &optimizer, const std::string &settings,
                    int32_t threads = 1) {
  const std::string train = "train Line(x, target: f32) -> y {\n"
                            "  loss = squared_error(y, target)\n"
                            "  optimizer = " +
                            settings + "\n}\n";
  return Trainer::fromText(optimizer + kModel + train, {},
                           {/*seed=*/3, threads});
}

/// Numbers that differ, of about 1.
struct Batch {
  explicit Batch(int64_t samples)
      : x(runtime::ElementType::F32, {samples, kWidth}),
        target(runtime::ElementType::F32, {samples}) {
    for (int64_t i = 0; i < x.size(); ++i)
      x.data<float>()[i] = static_cast<float>((i * 37) % 1009) / 500 - 1;
    for (int64_t i = 0; i < samples; ++i)
      target.data<float>()[i] = static_cast<float>(i + 1);
  }
  ViewMap views() const { return {{"x", x}, {"target", target}}; }
  /// Samples [begin, end).
  ViewMap part(int64_t begin, int64_t end) const {
    return {
        {"x",
         TensorView(x.data<float>() + begin * kWidth, {end - begin, kWidth})},
        {"target", TensorView(target.data<float>() + begin, {end - begin})}};
  }

  Tensor x, target;
};

std::vector<float> floatsOf(const TensorView &view) {
  const Tensor tensor = Tensor::copyOf(view);
  return {tensor.data<float>(), tensor.data<float>() + tensor.size()};
}

std::vector<float> weightsOf(const Trainer &trainer) {
  std::vector<float> all;
  for (const auto &[name, view] : trainer.weights())
    for (float value : floatsOf(view))
      all.push_back(value);
  return all;
}

/// Weights, states, counts.
std::string checkpointOf(const Trainer &trainer) {
  const runtime::TemporaryDirectory folder;
  trainer.saveCheckpoint(folder / "saved.safetensors");
  return folder.read("saved.safetensors");
}

//===----------------------------------------------------------------------===//
// What an update does
//===----------------------------------------------------------------------===//

TEST(Step, AnUpdateIsTheFormulaInEveryChunk) {
  Trainer trainer = makeTrainer(kChunked, "Own(lr = 0.125)");
  const Batch batch(3);
  std::vector<float> w = floatsOf(trainer.weights().at("w")), m(w.size());
  float rate = 1;
  for (int step = 1; step <= 3; ++step) {
    trainer.step(batch.views());
    const std::vector<float> g = floatsOf(trainer.gradients().at("w"));
    const std::vector<float> found = floatsOf(trainer.weights().at("w"));
    rate /= 2;
    for (size_t i = 0; i < w.size(); ++i) {
      m[i] = m[i] / 2 + g[i];
      const float expected =
          w[i] - 0.125f * rate * m[i] / static_cast<float>(step);
      ASSERT_NEAR(found[i], expected, 1e-5f * (1 + std::abs(expected)))
          << "step " << step << ", element " << i;
      w[i] = found[i];
    }
  }
}

TEST(Step, AnOptimizerMayMixAParametersElements) {
  Trainer trainer = makeTrainer(kWhole, "Own(lr = 0.5)");
  const Batch batch(2);
  const std::vector<float> before = floatsOf(trainer.weights().at("w"));
  trainer.step(batch.views());
  const std::vector<float> g = floatsOf(trainer.gradients().at("w"));
  double length = 0;
  for (float value : g)
    length += static_cast<double>(value) * value;
  length = std::sqrt(length);
  const std::vector<float> after = floatsOf(trainer.weights().at("w"));
  for (size_t i = 0; i < g.size(); ++i) {
    const double expected =
        before[i] - 0.5 * (g[i] / (length + 1) + 0.01 * before[i]);
    ASSERT_NEAR(after[i], expected, 1e-6) << i;
  }
}

class Bits : public testing::TestWithParam<const char *> {};

TEST_P(Bits, AreThoseOfOneThread) {
  const Batch batch(40);
  std::vector<std::string> results;
  for (int32_t threads : {1, 2, 3}) {
    Trainer trainer = makeTrainer(
        GetParam(), "Own(lr = 0.01)\n  clip_norm = 2\n  accumulate = 2",
        threads);
    for (int step = 0; step < 4; ++step)
      trainer.step(batch.part(step * 10, step * 10 + 10));
    EXPECT_EQ(trainer.steps(), 2);
    results.push_back(checkpointOf(trainer));
  }
  EXPECT_TRUE(results[0] == results[1]) << "2 threads";
  EXPECT_TRUE(results[0] == results[2]) << "3 threads";
}

INSTANTIATE_TEST_SUITE_P(Step, Bits, testing::Values(kChunked, kWhole),
                         [](const auto &info) {
                           return info.index == 0 ? "chunked" : "whole";
                         });

//===----------------------------------------------------------------------===//
// Norms
//===----------------------------------------------------------------------===//

double normOf(const TensorMap &gradients) {
  double squares = 0;
  for (const auto &[name, gradient] : gradients)
    for (int64_t i = 0; i < gradient.size(); ++i)
      squares += static_cast<double>(gradient.data<float>()[i]) *
                 gradient.data<float>()[i];
  return std::sqrt(squares);
}

TEST(Step, ClipsTheNormOfAllGradientsTogether) {
  const Batch batch(2);
  for (double bound : {0.5, 1e6}) {
    Trainer trainer =
        makeTrainer("", "SGD(lr = 1)\n  clip_norm = " + std::to_string(bound));
    const std::vector<float> before = weightsOf(trainer);
    const StepResult result = trainer.step(batch.views());
    EXPECT_NEAR(result.gradientNorm, normOf(trainer.gradients()),
                1e-5 * result.gradientNorm);
    const std::vector<float> after = weightsOf(trainer);
    double change = 0;
    for (size_t i = 0; i < after.size(); ++i)
      change += std::pow(static_cast<double>(after[i]) - before[i], 2);
    const double expected = std::min(bound, result.gradientNorm);
    EXPECT_NEAR(std::sqrt(change), expected, 1e-4 * expected);
  }
}

//===----------------------------------------------------------------------===//
// Several batches
//===----------------------------------------------------------------------===//

TEST(Step, AccumulatedBatchesAreOneBatch) {
  const Batch batch(5);
  Trainer whole = makeTrainer("", "SGD(lr = 0.001)");
  const StepResult expected = whole.step(batch.views());
  // The last one is of no sample.
  Trainer parts = makeTrainer("", "SGD(lr = 0.001)\n  accumulate = 4");
  EXPECT_EQ(parts.step(batch.part(0, 2)).updates, 0);
  EXPECT_EQ(parts.step(batch.part(2, 2)).updates, 0);
  EXPECT_EQ(parts.step(batch.part(2, 5)).updates, 0);
  const StepResult found = parts.step(batch.part(5, 5));
  EXPECT_EQ(found.updates, 1);
  EXPECT_EQ(found.weight, 5);
  EXPECT_NEAR(found.loss, expected.loss, 1e-5 * expected.loss);
  EXPECT_NEAR(found.gradientNorm, expected.gradientNorm,
              1e-5 * expected.gradientNorm);
  const std::vector<float> a = weightsOf(whole), b = weightsOf(parts);
  for (size_t i = 0; i < a.size(); ++i)
    ASSERT_NEAR(a[i], b[i], 1e-5f * (1 + std::abs(a[i]))) << i;
}

TEST(Step, BatchesOfNoWeightChangeNothing) {
  Trainer trainer = makeTrainer(kChunked, "Own(lr = 0.125)");
  const Batch batch(1);
  trainer.step(batch.views());
  const std::vector<float> before = weightsOf(trainer);
  EXPECT_EQ(trainer.step(batch.part(0, 0)).updates, 0);
  EXPECT_EQ(weightsOf(trainer), before);
  EXPECT_EQ(trainer.steps(), 2);
}

//===----------------------------------------------------------------------===//
// Numbers that are not finite
//===----------------------------------------------------------------------===//

TEST(Step, WhatIsNotFiniteLeavesWeightsAndStates) {
  Trainer trainer = makeTrainer(kChunked, "Own(lr = 0.001)", /*threads=*/2);
  trainer.step(Batch(2).views());
  Batch bad(2);
  bad.target.data<float>()[1] = NAN;
  EXPECT_THAT([&] { trainer.step(bad.views()); },
              ThrowsMessage<Error>(testing::AllOf(
                  StartsWith("step 1: the loss is not finite"),
                  HasSubstr("first appears in input `target`, sample 1"))));
  Trainer again = makeTrainer(kChunked, "Own(lr = 0.001)", /*threads=*/2);
  again.step(Batch(2).views());
  EXPECT_EQ(weightsOf(trainer), weightsOf(again));
  trainer.step(Batch(2).views());
  again.step(Batch(2).views());
  EXPECT_EQ(weightsOf(trainer), weightsOf(again));
}

TEST(Step, AGradientThatIsNotFiniteIsFoundInTheLastChunk) {
  Trainer trainer = makeTrainer(kChunked, "Own(lr = 0.001)", /*threads=*/3);
  const Tensor w(runtime::ElementType::F32, {kWidth});
  const Tensor b(runtime::ElementType::F32, {});
  trainer.setWeights({{"w", w}, {"b", b}});
  // The product of both, but not the square of one, is more than a float.
  Batch bad(1);
  bad.x.data<float>()[kWidth - 1] = 1e25f;
  bad.target.data<float>()[0] = 1e15f;
  EXPECT_THAT([&] { trainer.step(bad.views()); },
              ThrowsMessage<Error>(testing::AllOf(
                  StartsWith("step 0: the gradients are not finite"),
                  HasSubstr("first appears in the gradient of `w`"))));
  EXPECT_EQ(weightsOf(trainer), std::vector<float>(kWidth + 1, 0.0f));
}

TEST(Step, ABatchThatIsNotFiniteDropsWhatWasAccumulated) {
  Trainer trainer = makeTrainer("", "SGD(lr = 0.001)\n  accumulate = 2");
  const Batch batch(1);
  trainer.step(batch.views());
  Batch bad(1);
  bad.target.data<float>()[0] = INFINITY;
  EXPECT_THROW(trainer.step(bad.views()), Error);
  EXPECT_EQ(trainer.step(batch.views()).updates, 0);
  EXPECT_EQ(trainer.step(batch.views()).updates, 1);
  Trainer other = makeTrainer("", "SGD(lr = 0.001)\n  accumulate = 2");
  other.step(batch.views());
  other.step(batch.views());
  EXPECT_EQ(weightsOf(trainer), weightsOf(other));
}

} // namespace
} // namespace seqc::endtoend
