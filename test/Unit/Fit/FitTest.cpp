//===- FitTest.cpp - Training by epochs -----------------------------------===//
// A model with one weight, whose every step can be followed.
//===----------------------------------------------------------------------===//

#include "runtime/fit/fit.h"
#include "compiler/Seqc.h"
#include "runtime/services/safetensors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include <unistd.h>

using namespace seqc;
using namespace seqc::fit;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

namespace {

constexpr const char *kModel = R"(
model Scale(x: f32) -> (y: f32) {
  param w: f32 = 0
  return w * x
}

train Scale(x, target: f32) -> y {
  loss      = squared_error(y, target)
  optimizer = SGD(lr = 0.1)
}
)";

data::Samples samplesOf(std::vector<float> x, std::vector<float> target) {
  data::Samples samples;
  samples.addNumbers("x", std::move(x));
  samples.addNumbers("target", std::move(target));
  return samples;
}

/// What was heard, in order.
struct Heard : Listener {
  void onBatch(const Progress &progress) override {
    batches.push_back(progress.epoch * 100 + progress.batch);
    losses.push_back(progress.epochLoss);
    if (stopAfter > 0 && std::ssize(batches) == stopAfter)
      stop = true;
  }
  void onEpoch(const Epoch &epoch) override { epochs.push_back(epoch); }

  std::vector<int64_t> batches;
  std::vector<double> losses;
  std::vector<Epoch> epochs;
  int64_t stopAfter = 0;
  std::atomic<bool> stop = false;
};

class FitTest : public testing::Test {
protected:
  FitTest()
      : folder(std::filesystem::path(testing::TempDir()) /
               ("seqc-fit-" + std::to_string(getpid()))) {
    std::filesystem::create_directories(folder);
  }
  ~FitTest() override { std::filesystem::remove_all(folder); }

  std::string path(const std::string &name) const {
    return (folder / name).string();
  }
  static Trainer trainer() {
    CompileOptions options;
    options.onWarnings = [](const std::string &) {};
    return Trainer::fromText(kModel, options);
  }
  FitOptions options(const std::string &out) {
    FitOptions made;
    made.epochs = 3;
    made.batch = 2;
    made.out = path(out);
    made.metadata = {{"seqc.source", kModel}};
    made.stop = &heard.stop;
    return made;
  }
  float weightIn(const std::string &name) const {
    return runtime::readSafetensors(path(name))
        .tensors.at("w")
        .data<float>()[0];
  }

  std::filesystem::path folder;
  Heard heard;
  const data::Samples training = samplesOf({1, 1, 1, 1}, {1, 1, 1, 1});
};

TEST_F(FitTest, GoesThroughBatchesAndEpochs) {
  Trainer trained = trainer();
  const FitResult result =
      fit::fit(trained, training, nullptr, options("m"), heard);
  EXPECT_EQ(result.ending, Ending::Complete);
  EXPECT_THAT(heard.batches, ElementsAre(0, 1, 100, 101, 200, 201));
  // w is 0, 0.2, 0.36, ... and the loss the square of what is left to 1.
  ASSERT_EQ(heard.epochs.size(), 3u);
  EXPECT_NEAR(heard.epochs[0].training.at("loss"), (1 + 0.64) / 2, 1e-6);
  EXPECT_NEAR(heard.losses[1], (1 + 0.64) / 2, 1e-6);
  EXPECT_NEAR(heard.epochs[0].gradientNorm, (2 + 1.6) / 2, 1e-6);
  EXPECT_TRUE(heard.epochs[0].validation.empty());
  // Without validation the last epoch is the best.
  EXPECT_EQ(result.best, 3);
  EXPECT_NEAR(weightIn("m"), 1 - std::pow(0.8, 6), 1e-6);
  EXPECT_EQ(weightIn("m"), weightIn("m.last"));
}

TEST_F(FitTest, KeepsTheBestEpochAndTheLast) {
  // What is trained leads away from what is validated.
  const data::Samples validation = samplesOf({1}, {0.4f});
  Trainer trained = trainer();
  const FitResult result =
      fit::fit(trained, training, &validation, options("m.safetensors"), heard);
  EXPECT_EQ(result.best, 1);
  EXPECT_NEAR(heard.epochs[0].validation.at("loss"), 0.04 * 0.04, 1e-6);
  EXPECT_NEAR(weightIn("m.safetensors"), 0.36, 1e-6);
  EXPECT_NEAR(weightIn("m.last.safetensors"), 1 - std::pow(0.8, 6), 1e-6);
  // The trainer goes back to the best, too.
  EXPECT_NEAR(*static_cast<const float *>(trained.weights().at("w").data), 0.36,
              1e-6);
}

TEST_F(FitTest, StopsEarly) {
  const data::Samples validation = samplesOf({1}, {0.4f});
  FitOptions patient = options("m");
  patient.epochs = 100;
  patient.patience = 2;
  Trainer trained = trainer();
  const FitResult result =
      fit::fit(trained, training, &validation, patient, heard);
  EXPECT_EQ(result.ending, Ending::Early);
  EXPECT_EQ(result.epochs.size(), 3u);
  EXPECT_EQ(result.best, 1);
}

TEST_F(FitTest, StopsWhenAskedAndGoesOn) {
  const data::Samples validation = samplesOf({1}, {0.6f});
  Trainer whole = trainer();
  fit::fit(whole, training, &validation, options("whole"), heard);

  heard.stopAfter = std::ssize(heard.batches) + 3;
  Trainer first = trainer();
  const FitResult stopped =
      fit::fit(first, training, &validation, options("part"), heard);
  EXPECT_EQ(stopped.ending, Ending::Stopped);
  heard.stop = false;
  Trainer second = trainer();
  const FitResult result = fit::fit(second, training, &validation,
                                    options("part"), heard, path("part.ckpt"));
  EXPECT_EQ(result.ending, Ending::Complete);
  EXPECT_EQ(result.epochs.size(), 3u);
  for (const char *name : {"", ".last", ".ckpt"}) {
    const auto one =
        runtime::readSafetensors(path("whole" + std::string(name)));
    const auto other =
        runtime::readSafetensors(path("part" + std::string(name)));
    EXPECT_EQ(one.metadata, other.metadata);
    EXPECT_EQ(one.tensors.at("w").data<float>()[0],
              other.tensors.at("w").data<float>()[0]);
  }
}

TEST_F(FitTest, RefusesTheCheckpointOfAnotherTraining) {
  Trainer trained = trainer();
  fit::fit(trained, training, nullptr, options("m"), heard);
  const auto resume = [&](const FitOptions &given) {
    Trainer other = trainer();
    fit::fit(other, training, nullptr, given, heard, path("m.ckpt"));
  };
  FitOptions otherBatch = options("m");
  otherBatch.batch = 3;
  EXPECT_THAT([&] { resume(otherBatch); },
              ThrowsMessage<Error>(
                  HasSubstr("it has 2 samples of a batch, and there are 3")));
  FitOptions otherText = options("m");
  otherText.metadata["seqc.source"] = "model Other";
  EXPECT_THAT([&] { resume(otherText); },
              ThrowsMessage<Error>(HasSubstr("it has another model")));
}

TEST_F(FitTest, SaysHowToGoOnWhereTheLossIsNotFinite) {
  const data::Samples wrong = samplesOf({1, INFINITY}, {1, 1});
  Trainer trained = trainer();
  EXPECT_THAT([&] { fit::fit(trained, wrong, nullptr, options("m"), heard); },
              ThrowsMessage<Error>(testing::AllOf(HasSubstr("step 0"),
                                                  HasSubstr("--resume"),
                                                  HasSubstr("m.ckpt"))));
  EXPECT_TRUE(std::filesystem::exists(path("m.ckpt")));
}

TEST_F(FitTest, WritesNothingWithoutAPlace) {
  FitOptions none = options("m");
  none.out.clear();
  Trainer trained = trainer();
  fit::fit(trained, training, nullptr, none, heard);
  EXPECT_TRUE(std::filesystem::is_empty(folder));
}

} // namespace
