//===- CheckpointTest.cpp - Trainers that stop and go on ------------------===//
// Files of weights and checkpoints, whole and broken.
//===----------------------------------------------------------------------===//

#include "runtime/services/error.h"
#include "runtime/services/safetensors.h"
#include "runtime/services/trainer.h"
#include "test/Unit/Runtime/FakeTraining.h"
#include "test/Unit/Runtime/TemporaryDirectory.h"

#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iterator>

using namespace seqc::runtime;
using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

namespace {

Trainer makeTrainer(int64_t seed = 7) {
  TrainingPrograms programs = fake::programs();
  programs.spec.scalars.clear();
  programs.schedule = fake::schedule();
  TrainerOptions options;
  options.seed = seed;
  return Trainer(std::move(programs), options);
}

void train(Trainer &trainer, int steps) {
  const Tensor x = Tensor::of<float>({1, 2, 2}, {1, 2, 3, 1});
  const Tensor y = Tensor::of<float>({1, 2}, {2, 20});
  for (int step = 0; step < steps; ++step)
    trainer.step({{"x", x}, {"y", y}});
}

std::string bytesOf(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(Checkpoint, GoesOnAsIfItHadNeverStopped) {
  TemporaryDirectory directory;
  Trainer whole = makeTrainer();
  train(whole, 5);
  whole.saveCheckpoint(directory / "whole");

  Trainer first = makeTrainer();
  train(first, 2);
  first.saveCheckpoint(directory / "first");
  Trainer second = makeTrainer(/*seed=*/0);
  second.loadCheckpoint(directory / "first");
  EXPECT_EQ(second.steps(), 2);
  train(second, 3);
  second.saveCheckpoint(directory / "second");
  EXPECT_EQ(bytesOf(directory / "second"), bytesOf(directory / "whole"));
}

TEST(Checkpoint, HoldsWeightsStatesAndProgress) {
  TemporaryDirectory directory;
  Trainer trainer = makeTrainer();
  train(trainer, 2);
  trainer.saveCheckpoint(directory / "c");
  const Safetensors file = readSafetensors(directory / "c");
  std::vector<std::string> names;
  for (const auto &[name, tensor] : file.tensors)
    names.push_back(name);
  EXPECT_EQ(names, (std::vector<std::string>{
                       "line.bias", "line.weight", "seqc.optim.m.line.bias",
                       "seqc.optim.m.line.weight", "seqc.optim.t.line.bias",
                       "seqc.optim.t.line.weight", "seqc.schedule.last.means",
                "seqc.schedule.worse"}));
  EXPECT_EQ(file.metadata.at("seqc.progress"), R"({"seed":7,"step":2,"batch":2})");
  EXPECT_EQ(file.tensors.at("seqc.optim.t.line.bias").data<float>()[0], 2);
}

TEST(Checkpoint, WeightsAloneBeginAnew) {
  TemporaryDirectory directory;
  Trainer trainer = makeTrainer();
  train(trainer, 2);
  trainer.saveWeights(directory / "w");
  EXPECT_EQ(readSafetensors(directory / "w").tensors.size(), 2u);
  trainer.loadWeights(directory / "w");
  EXPECT_EQ(trainer.steps(), 0);
  // A checkpoint's weights can be taken alone, too.
  trainer.saveCheckpoint(directory / "c");
  trainer.loadWeights(directory / "c");
}

/// A checkpoint of two steps, with one tensor put in or left out.
void writeBroken(const std::string &path, const std::string &name,
                 const Tensor *tensor) {
  TemporaryDirectory directory;
  Trainer trainer = makeTrainer();
  train(trainer, 2);
  trainer.saveCheckpoint(directory / "c");
  Safetensors file = readSafetensors(directory / "c");
  file.tensors.erase(name);
  if (tensor)
    file.tensors.emplace(name, *tensor);
  writeSafetensors(path, viewsOf(file.tensors), file.metadata);
}

void expectRejected(const std::string &path, const std::string &message) {
  Trainer trainer = makeTrainer();
  train(trainer, 1);
  TemporaryDirectory directory;
  trainer.saveCheckpoint(directory / "before");
  EXPECT_THAT([&] { trainer.loadCheckpoint(path); },
              ThrowsMessage<Error>(AllOf(HasSubstr(path), HasSubstr(message))));
  trainer.saveCheckpoint(directory / "after");
  EXPECT_EQ(bytesOf(directory / "before"), bytesOf(directory / "after"));
}

TEST(Checkpoint, AStateOfAnotherShapeIsRejected) {
  TemporaryDirectory directory;
  const Tensor wrong(ElementType::F32, {3});
  writeBroken(directory / "c", "seqc.optim.m.line.weight", &wrong);
  expectRejected(directory / "c",
                 "`seqc.optim.m.line.weight` is f32[3], but the state is "
                 "f32[2]");
}

TEST(Checkpoint, AMissingStateIsRejected) {
  TemporaryDirectory directory;
  writeBroken(directory / "c", "seqc.schedule.worse", nullptr);
  expectRejected(directory / "c", "`seqc.schedule.worse` is missing: f32[]");
}

TEST(Checkpoint, AStateOfAnotherOptimizerIsRejected) {
  TemporaryDirectory directory;
  const Tensor other(ElementType::F32, {2});
  writeBroken(directory / "c", "seqc.optim.v.line.weight", &other);
  expectRejected(directory / "c",
                 "`seqc.optim.v.line.weight` is surplus: f32[2]");
}

TEST(Checkpoint, WeightsOfAnotherShapeAreRejected) {
  TemporaryDirectory directory;
  const Tensor wrong(ElementType::F32, {3});
  writeBroken(directory / "c", "line.weight", &wrong);
  expectRejected(directory / "c",
                 "`line.weight` is f32[3], but the model's is f32[2]");
}

TEST(Checkpoint, AFileOfWeightsIsNone) {
  TemporaryDirectory directory;
  makeTrainer().saveWeights(directory / "w");
  expectRejected(directory / "w", "it has no metadata `seqc.progress`");
}

TEST(Checkpoint, ProgressThatMakesNoSenseIsRejected) {
  TemporaryDirectory directory;
  Trainer trainer = makeTrainer();
  trainer.saveCheckpoint(directory / "c");
  const Safetensors file = readSafetensors(directory / "c");
  for (const char *progress :
       {"", "[]", "{", R"({"seed":1,"step":1})",
        R"({"seed":1,"step":-1,"batch":1})",
        R"({"seed":"1","step":1,"batch":1})",
        R"({"seed":1e99,"step":1,"batch":1})"}) {
    writeSafetensors(directory / "bad", viewsOf(file.tensors),
                     {{"seqc.progress", progress}});
    expectRejected(directory / "bad", "does not give a seed, a step and a batch");
  }
}

TEST(Checkpoint, NotBetweenTheBatchesOfOneUpdate) {
  TemporaryDirectory directory;
  TrainingPrograms programs = fake::programs();
  programs.spec.accumulate = 3;
  Trainer trainer(std::move(programs));
  train(trainer, 2);
  EXPECT_THAT([&] { trainer.saveCheckpoint(directory / "c"); },
              ThrowsMessage<Error>(HasSubstr("2 of 3 batches")));
}

} // namespace
