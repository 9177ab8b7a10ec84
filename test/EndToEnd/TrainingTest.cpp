//===- TrainingTest.cpp - Trained models and PyTorch's --------------------===//
// Loss curves and last weights against training.safetensors, and the same bits
// for the same seed.
//===----------------------------------------------------------------------===//

#include "compiler/Driver/Training.h"
#include "runtime/core/team.h"
#include "test/EndToEnd/Checks.h"
#include "test/EndToEnd/Draw.h"
#include "test/EndToEnd/TrainModels.h"
#include "test/Unit/Runtime/TemporaryDirectory.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>

using namespace seqc::runtime;

namespace seqc::endtoend {
namespace {

CompileOptions optionsOf(const TrainedModel &trained) {
  CompileOptions options;
  options.settings = trained.model.settings;
  options.model = trained.model.chosen;
  return options;
}

std::string nameOfTrained(const testing::TestParamInfo<TrainedModel> &info) {
  return info.param.model.name;
}

//===----------------------------------------------------------------------===//
// PyTorch's curves
//===----------------------------------------------------------------------===//

class LossCurve : public testing::TestWithParam<TrainedModel> {};

/// The batch of a step, of which there are five in turn.
Case caseOf(int64_t step) {
  const int64_t batch = step % 5;
  Case call;
  call.ordinal = 600 + batch;
  call.batch = 5;
  call.length = 7;
  call.isRagged = batch % 2 == 0;
  return call;
}

/// |a - b| <= 1e-3 of the largest number of the tensor.
void expectNear(const TensorView &found, const Tensor &expected,
                const std::string &name) {
  const Tensor whole = Tensor::copyOf(found);
  const std::vector<int64_t> places = storedPlaces(whole.size());
  ASSERT_EQ(expected.size(), static_cast<int64_t>(places.size())) << name;
  float largest = 0;
  for (int64_t i = 0; i < expected.size(); ++i)
    largest = std::max(largest, std::abs(expected.data<float>()[i]));
  for (size_t i = 0; i < places.size(); ++i)
    ASSERT_NEAR(whole.data<float>()[places[i]], expected.data<float>()[i],
                1e-3 * largest)
        << name << " at " << places[i];
}

void expectPyTorchs(const TrainedModel &trained, const std::string &optimizer,
                    const std::string &golden) {
  const TensorMap expected = readGolden("training");
  seqc::Trainer trainer = seqc::Trainer::fromText(
      trained.source(optimizer, /*isDropping=*/false), optionsOf(trained));
  trainer.setWeights(viewsOf(trained.weights()));
  const Tensor &losses = expected.at(golden + "/losses");
  for (int64_t step = 0; step < losses.size(); ++step) {
    const TensorMap batch = trained.batch(caseOf(step));
    const float wanted = losses.data<float>()[step];
    ASSERT_NEAR(trainer.step(viewsOf(batch)).loss, wanted, 1e-3 * wanted)
        << golden << " at step " << step;
  }
  const ViewMap weights = trainer.weights();
  size_t ordinal = 0;
  for (const auto &[name, shape] : trained.model.params)
    ASSERT_NO_FATAL_FAILURE(expectNear(
        weights.at(name), expected.at(golden + "/" + std::to_string(ordinal++)),
        name));
}

TEST_P(LossCurve, IsPyTorchsWithSGD) {
  expectPyTorchs(GetParam(), GetParam().sgd, GetParam().model.prefix + "sgd");
}

TEST_P(LossCurve, IsPyTorchsWithAdam) {
  expectPyTorchs(GetParam(), GetParam().adam, GetParam().model.prefix + "adam");
}

INSTANTIATE_TEST_SUITE_P(, LossCurve,
                         testing::Values(trainedSentiment(),
                                         trainedTimeSeries(), trainedWords()),
                         nameOfTrained);

//===----------------------------------------------------------------------===//
// The same bits
//===----------------------------------------------------------------------===//

class SameSeed : public testing::TestWithParam<TrainedModel> {};

/// What a training has left.
struct Trained {
  std::string checkpoint;
  TensorMap gradients;
};

std::string checkpointOf(const runtime::Trainer &trainer) {
  const runtime::TemporaryDirectory folder;
  trainer.saveCheckpoint(folder / "saved.safetensors");
  return folder.read("saved.safetensors");
}

TrainingPrograms compiled(const TrainedModel &trained, bool isDropping) {
  const char *optimizer = "Adam(lr = 0.01)\n  clip_norm = 1";
  return compileTraining({"model.seq", trained.source(optimizer, isDropping)},
                         optionsOf(trained));
}

Trained trainThreeSteps(const TrainedModel &trained,
                        const TrainingPrograms &programs, int32_t threads) {
  std::unique_ptr<seqc_team, void (*)(seqc_team *)> team(
      seqc_team_create(threads), seqc_team_destroy);
  TrainerOptions options;
  options.seed = 7;
  options.team = team.get();
  runtime::Trainer trainer(programs, options);
  for (int64_t step = 0; step < 3; ++step) {
    // Rows for several tiles, whatever their size, and a last one that is not
    // full.
    Case call = caseOf(step);
    call.batch = 201;
    trainer.step(viewsOf(trained.batch(call)));
  }
  for (int32_t worker = 0; worker < threads; ++worker)
    EXPECT_GT(seqc_team_tiles(team.get(), worker), 0)
        << "worker " << worker << " of " << threads;
  return {checkpointOf(trainer), trainer.gradients()};
}

TEST_P(SameSeed, GivesTheSameBits) {
  const TrainedModel &trained = GetParam();
  const TrainingPrograms programs = compiled(trained, /*isDropping=*/true);
  const Trained first = trainThreeSteps(trained, programs, /*threads=*/1);
  ASSERT_FALSE(first.checkpoint.empty());
  auto expectSame = [&](const TrainingPrograms &again, int32_t threads,
                        const std::string &what) {
    const Trained other = trainThreeSteps(trained, again, threads);
    EXPECT_TRUE(other.checkpoint == first.checkpoint) << what;
    expectSameBits(other.gradients, first.gradients, what);
  };
  expectSame(programs, 1, "once more");
  expectSame(programs, 2, "2 threads");
  expectSame(programs, 3, "3 threads");
  expectSame(compiled(trained, /*isDropping=*/true), 1, "compiled anew");
  // It is not that dropout was left out.
  const Trained plain = trainThreeSteps(
      trained, compiled(trained, /*isDropping=*/false), /*threads=*/1);
  EXPECT_FALSE(plain.checkpoint == first.checkpoint);
}

INSTANTIATE_TEST_SUITE_P(, SameSeed,
                         testing::Values(trainedStack(), trainedSentiment(),
                                         trainedTimeSeries(), trainedWords()),
                         nameOfTrained);

} // namespace
} // namespace seqc::endtoend
