//===- TrainerTest.cpp - Training steps on tensors ------------------------===//
// Programs written by hand stand for compiled ones; what they compute is
// computed once more here, in the plainest way.
//===----------------------------------------------------------------------===//

#include "runtime/services/trainer.h"
#include "runtime/core/team.h"
#include "runtime/services/error.h"
#include "test/Unit/Runtime/FakeTraining.h"

#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <limits>

using namespace seqc::runtime;
using testing::ElementsAre;
using testing::FloatNear;
using testing::HasSubstr;
using testing::StartsWith;
using testing::ThrowsMessage;

namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

std::vector<float> weightsOf(const Trainer &trainer) {
  std::vector<float> all;
  for (const char *name : {"line.weight", "line.bias"}) {
    const Tensor weight = Tensor::copyOf(trainer.weights().at(name));
    all.insert(all.end(), weight.data<float>(),
               weight.data<float>() + weight.size());
  }
  return all;
}

/// Two samples of three steps.
struct Batch {
  Tensor x = Tensor::of<float>({2, 3, 2}, {1, 2, 0, 1, 2, 0, //
                                           3, 1, 1, 1, 0, 2});
  Tensor y = Tensor::of<float>({2, 3}, {1, 0, 2, 1, 3, 0});

  ViewMap views() const { return {{"x", x}, {"y", y}}; }
  /// One of the samples.
  ViewMap sample(int64_t i) const {
    return {{"x", TensorView(x.data<float>() + i * 6, {1, 3, 2})},
            {"y", TensorView(y.data<float>() + i * 3, {1, 3})}};
  }
};

TEST(Trainer, AStepIsOneUpdateWithTheMeanGradient) {
  Trainer trainer(fake::programs());
  EXPECT_THAT(weightsOf(trainer), ElementsAre(0.5, 0.5, 0.5));
  // Errors of the samples: 1, 2, -0.5 and 1.5, 1.5, 2.5.
  const StepResult result = trainer.step(Batch().views());
  EXPECT_EQ(result.step, 0);
  EXPECT_EQ(result.updates, 1);
  EXPECT_EQ(result.weight, 6);
  EXPECT_FLOAT_EQ(result.loss, (1 + 4 + 0.25 + 2.25 + 2.25 + 6.25) / 6);
}

TEST(Trainer, ReportsWhatItMeasured) {
  Trainer trainer(fake::programs());
  const StepResult result = trainer.step(Batch().views());
  EXPECT_EQ(result.metrics.size(), 1u);
  EXPECT_GT(result.metrics.at("mae"), 0);
  EXPECT_EQ(result.scalars, (Numbers{{"lr", 0.125}}));
  double norm = 0;
  for (const auto &[name, gradient] : trainer.gradients())
    for (int64_t i = 0; i < gradient.size(); ++i)
      norm += gradient.data<float>()[i] * gradient.data<float>()[i];
  EXPECT_FLOAT_EQ(result.gradientNorm, std::sqrt(norm));
  EXPECT_EQ(trainer.steps(), 1);
}

TEST(Trainer, MovesTheWeightsAgainstTheGradient) {
  Trainer trainer(fake::programs());
  trainer.step(Batch().views());
  const TensorMap gradients = trainer.gradients();
  EXPECT_FLOAT_EQ(weightsOf(trainer)[1],
                  0.5f - 0.125f * gradients.at("line.weight").data<float>()[1]);
  EXPECT_FLOAT_EQ(weightsOf(trainer)[2],
                  0.5f - 0.125f * gradients.at("line.bias").data<float>()[0]);
}

TEST(Trainer, AccumulatedBatchesAreOneBatch) {
  Batch batch;
  Trainer whole(fake::programs());
  const StepResult expected = whole.step(batch.views());

  TrainingPrograms programs = fake::programs();
  programs.spec.accumulate = 2;
  Trainer parts(std::move(programs));
  const StepResult first = parts.step(batch.sample(0));
  EXPECT_EQ(first.updates, 0);
  EXPECT_EQ(parts.steps(), 0);
  EXPECT_THAT(weightsOf(parts), ElementsAre(0.5, 0.5, 0.5));
  const StepResult second = parts.step(batch.sample(1));
  EXPECT_EQ(second.updates, 1);
  EXPECT_FLOAT_EQ(second.loss, expected.loss);
  EXPECT_FLOAT_EQ(second.gradientNorm, expected.gradientNorm);
  for (int i = 0; i < 3; ++i)
    EXPECT_FLOAT_EQ(weightsOf(parts)[i], weightsOf(whole)[i]);
}

TEST(Trainer, ClipsTheNormOfAllGradientsTogether) {
  TrainingPrograms programs = fake::programs();
  programs.spec.clipNorm = 0.5;
  Trainer trainer(std::move(programs));
  const StepResult result = trainer.step(Batch().views());
  EXPECT_GT(result.gradientNorm, 0.5);
  double change = 0;
  for (float weight : weightsOf(trainer))
    change += (weight - 0.5) * (weight - 0.5);
  EXPECT_NEAR(std::sqrt(change), 0.125 * 0.5, 1e-6);
}

TEST(Trainer, PaddingChangesNoBit) {
  Batch batch;
  const Tensor lengths = Tensor::of<int64_t>({2}, {3, 2});
  std::vector<std::vector<float>> results;
  for (float padding : {0.0f, kNan}) {
    for (int i : {10, 11})
      batch.x.data<float>()[i] = padding;
    batch.y.data<float>()[5] = padding;
    Trainer trainer(fake::programs());
    ViewMap views = batch.views();
    views.emplace("x.lengths", lengths);
    EXPECT_EQ(trainer.step(views).weight, 5);
    results.push_back(weightsOf(trainer));
  }
  EXPECT_EQ(results[0], results[1]);
}

TEST(Trainer, ThreadsChangeNoBit) {
  std::vector<std::vector<float>> results;
  for (int32_t threads : {1, 2, 3}) {
    TrainerOptions options;
    options.team = seqc_team_create(threads);
    Trainer trainer(fake::programs(), options);
    for (int step = 0; step < 5; ++step)
      trainer.step(Batch().views());
    results.push_back(weightsOf(trainer));
    seqc_team_destroy(options.team);
  }
  EXPECT_EQ(results[0], results[1]);
  EXPECT_EQ(results[0], results[2]);
}

TEST(Trainer, ABatchOfNoWeightChangesNothing) {
  Trainer trainer(fake::programs());
  const Tensor lengths = Tensor::of<int64_t>({2}, {0, 0});
  Batch batch;
  ViewMap views = batch.views();
  views.emplace("x.lengths", lengths);
  const StepResult result = trainer.step(views);
  EXPECT_EQ(result.weight, 0);
  EXPECT_EQ(result.loss, 0);
  EXPECT_EQ(result.updates, 0);
  EXPECT_EQ(trainer.steps(), 1);
  EXPECT_THAT(weightsOf(trainer), ElementsAre(0.5, 0.5, 0.5));
  const Tensor x(ElementType::F32, {0, 3, 2}), y(ElementType::F32, {0, 3});
  EXPECT_EQ(trainer.step({{"x", x}, {"y", y}}).weight, 0);
  EXPECT_THAT(weightsOf(trainer), ElementsAre(0.5, 0.5, 0.5));
}

//===----------------------------------------------------------------------===//
// Chunks
//===----------------------------------------------------------------------===//

/// The model once more, over chunks of `size` steps with an update for each.
std::vector<float> trainInChunks(const Batch &batch,
                                 const std::vector<int64_t> &lengths,
                                 int64_t size) {
  float w[3] = {0.5, 0.5, 0.5}, m[3] = {}, t = 0;
  for (int64_t begin = 0; begin < 3; begin += size) {
    float g[3] = {}, weight = 0;
    for (int sample = 0; sample < 2; ++sample)
      for (int64_t step = begin; step < std::min(begin + size, lengths[sample]);
           ++step) {
        const float *x = batch.x.data<float>() + (sample * 3 + step) * 2;
        const float previous = step > 0 ? x[-2] : 0;
        const float error = w[0] * x[0] + w[1] * x[1] + w[2] + previous -
                            batch.y.data<float>()[sample * 3 + step];
        g[0] += 2 * error * x[0];
        g[1] += 2 * error * x[1];
        g[2] += 2 * error;
        weight += 1;
      }
    if (weight == 0)
      continue;
    t += 1;
    for (int i = 0; i < 3; ++i) {
      m[i] = m[i] / 2 + g[i] / weight;
      w[i] -= 0.125f * m[i] / t;
    }
  }
  return {w[0], w[1], w[2]};
}

TEST(Trainer, ChunksCarryTheStateAndEndWithEachSample) {
  Batch batch;
  for (int64_t size : {1, 2, 3, 5})
    for (int64_t length : {0, 1, 2, 3}) {
      TrainingPrograms programs = fake::programs();
      programs.spec.truncate = size;
      Trainer trainer(std::move(programs));
      const Tensor lengths = Tensor::of<int64_t>({2}, {length, 2});
      ViewMap views = batch.views();
      views.emplace("x.lengths", lengths);
      const StepResult result = trainer.step(views);
      const int64_t longest = std::max<int64_t>(length, 2);
      EXPECT_EQ(result.updates, (longest + size - 1) / size);
      EXPECT_EQ(result.weight, length + 2);
      const std::vector<float> expected =
          trainInChunks(batch, {length, 2}, size);
      EXPECT_THAT(weightsOf(trainer),
                  ElementsAre(FloatNear(expected[0], 1e-5f),
                              FloatNear(expected[1], 1e-5f),
                              FloatNear(expected[2], 1e-5f)))
          << "chunks of " << size << ", length " << length;
    }
}

//===----------------------------------------------------------------------===//
// Schedules and scalars
//===----------------------------------------------------------------------===//

TEST(Trainer, AScheduleGivesScalarsAndFinishesMetrics) {
  TrainingPrograms programs = fake::programs();
  programs.spec.scalars.clear();
  programs.spec.metrics = {"rmse", "mae"};
  programs.schedule = fake::schedule();
  Trainer trainer(std::move(programs));
  const StepResult first = trainer.step(Batch().views());
  EXPECT_EQ(first.scalars.at("lr"), 1);
  EXPECT_FLOAT_EQ(first.metrics.at("rmse"), std::sqrt(first.loss));
  EXPECT_EQ(first.metrics.count("lr"), 0u);
  EXPECT_EQ(trainer.step(Batch().views()).scalars.at("lr"), 0.5);
}

TEST(Trainer, AScheduleSeesTheLossOfTheStepBefore) {
  TrainingPrograms programs = fake::programs();
  programs.spec.scalars.clear();
  programs.schedule = fake::schedule();
  Trainer trainer(std::move(programs));
  Batch batch;
  batch.y.data<float>()[0] = 100;
  EXPECT_EQ(trainer.step(batch.views()).scalars.at("lr"), 1);
  EXPECT_EQ(trainer.step(Batch().views()).scalars.at("lr"), 0.25);
}

TEST(Trainer, ConstantsCanBeSet) {
  Trainer trainer(fake::programs());
  trainer.setScalar("lr", 0);
  trainer.step(Batch().views());
  EXPECT_THAT(weightsOf(trainer), ElementsAre(0.5, 0.5, 0.5));
  EXPECT_THAT([&] { trainer.setScalar("rate", 1); },
              ThrowsMessage<Error>(
                  HasSubstr("the optimizer has no run-time scalar `rate`")));
}

TEST(Trainer, WhatAScheduleGivesCannotBeSet) {
  TrainingPrograms programs = fake::programs();
  programs.spec.scalars.clear();
  programs.schedule = fake::schedule();
  Trainer trainer(std::move(programs));
  EXPECT_THAT([&] { trainer.setScalar("lr", 1); },
              ThrowsMessage<Error>(HasSubstr("`lr` follows a schedule")));
}

TEST(Trainer, AScalarWithoutAValueIsAnError) {
  TrainingPrograms programs = fake::programs();
  programs.spec.scalars.clear();
  EXPECT_THAT([&] { Trainer trainer(std::move(programs)); },
              ThrowsMessage<Error>(HasSubstr("run-time scalar `lr`")));
}

//===----------------------------------------------------------------------===//
// Measuring
//===----------------------------------------------------------------------===//

TEST(Trainer, MeasuresWithoutAnUpdate) {
  TrainingPrograms programs = fake::programs();
  programs.evaluation = fake::evaluation;
  Trainer trainer(std::move(programs));
  Batch batch;
  const Measures before = trainer.measure(batch.views());
  EXPECT_THAT(weightsOf(trainer), ElementsAre(0.5, 0.5, 0.5));
  const StepResult step = trainer.step(batch.views());
  EXPECT_EQ(trainer.means(before).at("loss"), step.loss);
  EXPECT_EQ(trainer.means(before).at("mae"), step.metrics.at("mae"));
  const Measures after = trainer.measure(batch.views());
  EXPECT_LT(trainer.means(after).at("loss"), step.loss);
  Measures both = before;
  add(both, after);
  EXPECT_DOUBLE_EQ(trainer.means(both).at("loss"),
                   (step.loss + trainer.means(after).at("loss")) / 2);
}

TEST(Trainer, WithoutAProgramForItNothingIsMeasured) {
  Trainer trainer(fake::programs());
  EXPECT_THAT([&] { trainer.measure(Batch().views()); },
              ThrowsMessage<Error>(HasSubstr("without a program to evaluate")));
}

//===----------------------------------------------------------------------===//
// Numbers that are not finite
//===----------------------------------------------------------------------===//

void expectStops(Trainer &trainer, const Batch &batch, const char *where) {
  const std::vector<float> before = weightsOf(trainer);
  EXPECT_THAT([&] { trainer.step(batch.views()); },
              ThrowsMessage<Error>(testing::AllOf(StartsWith("step 1: "),
                                                  HasSubstr(where),
                                                  HasSubstr("try: "))));
  EXPECT_EQ(weightsOf(trainer), before);
  // It can go on with another batch.
  trainer.step(Batch().views());
  EXPECT_NE(weightsOf(trainer), before);
}

TEST(Trainer, SaysWhereNumbersStoppedBeingFinite) {
  Trainer trainer(fake::programs());
  trainer.step(Batch().views());
  Batch input;
  input.x.data<float>()[8] = kNan;
  expectStops(trainer, input, "first appears in input `x`, sample 1");
}

TEST(Trainer, SaysThatATargetIsNotFinite) {
  Trainer trainer(fake::programs());
  trainer.step(Batch().views());
  Batch batch;
  batch.y.data<float>()[1] = INFINITY;
  expectStops(trainer, batch, "first appears in input `y`, sample 0");
}

TEST(Trainer, SaysThatTheLossIsNotFinite) {
  Trainer trainer(fake::programs());
  trainer.step(Batch().views());
  Batch batch;
  batch.x.data<float>()[0] = fake::kBadLoss;
  expectStops(trainer, batch, "first appears in the loss");
}

TEST(Trainer, SaysWhichGradientIsNotFinite) {
  Trainer trainer(fake::programs());
  trainer.step(Batch().views());
  Batch batch;
  batch.x.data<float>()[0] = fake::kBadGradient;
  expectStops(trainer, batch, "first appears in the gradient of `line.bias`");
}

TEST(Trainer, SaysWhichParameterIsNotFinite) {
  Trainer trainer(fake::programs());
  const Tensor weight = Tensor::of<float>({2}, {1, kNan});
  const Tensor bias = Tensor::of<float>({}, {0});
  trainer.setWeights({{"line.weight", weight}, {"line.bias", bias}});
  EXPECT_THAT([&] { trainer.step(Batch().views()); },
              ThrowsMessage<Error>(testing::AllOf(
                  StartsWith("step 0: the loss is not finite"),
                  HasSubstr("first appears in parameter `line.weight`"))));
}

TEST(Trainer, AFailureDropsWhatWasAccumulated) {
  TrainingPrograms programs = fake::programs();
  programs.spec.accumulate = 2;
  Trainer trainer(std::move(programs));
  Batch batch;
  trainer.step(batch.sample(0));
  batch.x.data<float>()[0] = kNan;
  EXPECT_THROW(trainer.step(batch.sample(0)), Error);
  EXPECT_EQ(trainer.step(batch.sample(1)).updates, 0);
}

} // namespace
