//===- TrainBlockTest.cpp - The programs that a `train` block makes -------===//
// What a trainer is told of the step, of the optimizer and of the schedule.
//===----------------------------------------------------------------------===//

#include "compiler/Driver/Compilation.h"

#include <gtest/gtest.h>

using namespace seqc;

namespace {

constexpr const char *kText = R"(
model Line[I = 2](x: f32[T, I]) -> (y: f32[T]) {
  use fc = Linear[I, 1]
  return fc(x)[:, 0]
}

train Line(x, target: f32[T]) -> y {
  let error   = squared_error(y, target)
  loss        = error
  metric mae  = absolute_error(y, target)
  metric rmse = rmse(mean(error))
  optimizer   = RMSprop(lr = 0.5, alpha = 0.9, momentum = warmup(step, 10) * Plateau(loss))
  clip_norm   = 2
  clip_value  = 1 / I
  accumulate  = 3
}
)";

Compilation start(Goal goal) {
  CompileOptions options;
  options.goal = goal;
  return Compilation(SourceText{"line.seq", kText}, options);
}

std::vector<std::string>
namesOf(const std::vector<runtime::TensorSpec> &specs) {
  std::vector<std::string> names;
  for (const runtime::TensorSpec &spec : specs)
    names.push_back(spec.name);
  return names;
}

using Names = std::vector<std::string>;

TEST(TrainBlock, IsToldByTheBlock) {
  Compilation step = start(Goal::Training);
  step.advance(Phase::Seq);
  const runtime::TrainingSpec &spec = step.training();
  EXPECT_EQ(spec.measures, (Names{"loss", "mae", "rmse"}));
  EXPECT_EQ(spec.metrics, (Names{"mae", "rmse"}));
  EXPECT_EQ(spec.clipNorm, 2);
  EXPECT_EQ(spec.clipValue, 0.5);
  EXPECT_EQ(spec.accumulate, 3);
  EXPECT_EQ(spec.truncate, 0);
  ASSERT_EQ(spec.scalars.size(), 1u);
  EXPECT_EQ(spec.scalars[0].name, "lr");
  EXPECT_EQ(spec.scalars[0].value, 0.5);
  const runtime::Signature &signature = step.signature();
  EXPECT_EQ(namesOf(signature.inputs), (Names{"x", "target"}));
  EXPECT_EQ(namesOf(signature.outputs),
            (Names{"loss.sum", "loss.weight", "mae.sum", "mae.weight",
                   "rmse.sum", "rmse.weight"}));
  EXPECT_EQ(signature.params[0].tensor.name, "fc.weight");
}

TEST(TrainBlock, HasAnOptimizerOfItsOwn) {
  Compilation step = start(Goal::Training);
  step.advance(Phase::Obj);
  ASSERT_TRUE(step.optimizer());
  const runtime::Signature &signature = *step.optimizer();
  EXPECT_EQ(namesOf(signature.inputs), (Names{"g", "scale", "lr", "momentum"}));
  EXPECT_EQ(namesOf(signature.states),
            (Names{"w", "square", "mean_g", "average"}));
  EXPECT_EQ(signature.stateInit, (std::vector<double>{0, 0, 0, 0}));
}

TEST(TrainBlock, HasAScheduleWhereSomethingChanges) {
  Compilation step = start(Goal::Training);
  step.advance(Phase::Obj);
  ASSERT_TRUE(step.schedule());
  const runtime::Signature &signature = *step.schedule();
  EXPECT_EQ(namesOf(signature.inputs), (Names{"step", "loss", "rmse"}));
  EXPECT_EQ(namesOf(signature.outputs), (Names{"rmse", "momentum"}));
  EXPECT_EQ(namesOf(signature.states),
            (Names{"Plateau.best", "Plateau.bad", "Plateau.rate"}));
}

TEST(TrainBlock, IsNothingToInference) {
  Compilation model = start(Goal::Inference);
  EXPECT_TRUE(model.hasTraining());
  model.advance(Phase::Seq);
  EXPECT_EQ(namesOf(model.signature().outputs), Names{"y"});
  EXPECT_TRUE(model.training().measures.empty());
  EXPECT_FALSE(model.optimizer());
  EXPECT_FALSE(model.schedule());
  EXPECT_THROW(model.evaluation(), runtime::Error);
}

} // namespace
