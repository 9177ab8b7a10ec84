//===- TrainingTest.cpp - Gradients and training in C++ -------------------===//
// The faces in Seqc.h, on models small enough to be worked out by hand.
//===----------------------------------------------------------------------===//

#include "compiler/Seqc.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

using namespace seqc;
using testing::ElementsAre;
using testing::FloatNear;
using testing::HasSubstr;
using testing::ThrowsMessage;

namespace {

constexpr const char *kScale = R"(
model Scale[I = 2](x: f32[T, I], bias: f32[I]) -> (y: f32[T, I], total: f32[I]) {
  param scale: f32[I] = 1
  let y = scale * x
  return y, sum(y, over = T) + bias * bias
}

train Scale(x, bias, target: f32[T, I]) -> y {
  loss      = mean(squared_error(y, target), over = I)
  optimizer = SGD(lr = 0.5)
}
)";

std::vector<float> floatsOf(const Tensor &tensor) {
  return {tensor.data<float>(), tensor.data<float>() + tensor.size()};
}

Model makeModel(Goal goal) {
  CompileOptions options;
  options.goal = goal;
  return Model::fromText(kScale, options);
}

TEST(Gradient, IsTheProductOfVectorAndJacobian) {
  Model model = makeModel(Goal::Gradient);
  const Tensor scale = Tensor::of<float>({2}, {2, 3});
  model.setWeights({{"scale", scale}});
  const Tensor x = Tensor::of<float>({2, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8});
  const Tensor bias = Tensor::of<float>({2, 2}, {1, 2, 3, 4});
  const Tensor lengths = Tensor::of<int64_t>({2}, {2, 1});
  const ViewMap inputs = {{"x", x}, {"bias", bias}, {"x.lengths", lengths}};
  const Tensor dy = Tensor::of<float>({2, 2, 2}, {1, 0, 1, 0, 2, 1, NAN, NAN});
  const Tensor dtotal = Tensor::of<float>({2, 2}, {1, 1, 0, 1});

  const RunResult result = model.grad(inputs, {{"y", dy}, {"total", dtotal}});
  EXPECT_EQ(floatsOf(result.outputs.at("total")),
            floatsOf(model.run(inputs).outputs.at("total")));
  EXPECT_THAT(floatsOf(result.gradients.at("x")),
              ElementsAre(4, 3, 4, 3, 4, 6, 0, 0));
  EXPECT_THAT(floatsOf(result.gradients.at("bias")), ElementsAre(2, 4, 0, 8));
  // 2 * (1 + 3) + 2 * 5, and (2 + 4) + 2 * 6.
  EXPECT_THAT(floatsOf(result.gradients.at("scale")), ElementsAre(18, 18));
}

TEST(Gradient, WhatIsLeftOutIsZero) {
  Model model = makeModel(Goal::Gradient);
  model.initializeWeights(0);
  const Tensor x = Tensor::of<float>({1, 1, 2}, {1, 2});
  const Tensor bias = Tensor::of<float>({1, 2}, {1, 2});
  const Tensor dy = Tensor::of<float>({1, 1, 2}, {1, 10});
  const RunResult result = model.grad({{"x", x}, {"bias", bias}}, {{"y", dy}});
  EXPECT_THAT(floatsOf(result.gradients.at("bias")), ElementsAre(0, 0));
  EXPECT_THAT(floatsOf(result.gradients.at("scale")), ElementsAre(1, 20));
}

TEST(Gradient, MistakesAreNamed) {
  const Tensor x = Tensor::of<float>({1, 1, 2}, {1, 2});
  const Tensor bias = Tensor::of<float>({1, 2}, {1, 2});
  const ViewMap inputs = {{"x", x}, {"bias", bias}};
  Model plain = makeModel(Goal::Inference);
  plain.initializeWeights(0);
  EXPECT_THAT([&] { plain.grad(inputs, {}); },
              ThrowsMessage<Error>(HasSubstr("not compiled for gradients")));
  Model model = makeModel(Goal::Gradient);
  EXPECT_THAT([&] { model.grad(inputs, {}); },
              ThrowsMessage<Error>(HasSubstr("has no weights yet")));
  model.initializeWeights(0);
  EXPECT_THAT(
      [&] {
        model.grad(inputs, {{"z", x}});
      },
      ThrowsMessage<Error>(HasSubstr("has no output `z`")));
  EXPECT_THAT(
      [&] {
        model.grad(inputs, {{"y", bias}});
      },
      ThrowsMessage<Error>(HasSubstr("input `y.gradient` is f32[1, 2], "
                                     "but the model's is "
                                     "f32[batch, T, 2]")));
  EXPECT_THAT([&] { makeModel(Goal::Training); },
              ThrowsMessage<Error>(HasSubstr("use Trainer")));
}

TEST(Training, StepsAndMeasures) {
  Trainer trainer = Trainer::fromText(kScale);
  const Tensor x = Tensor::of<float>({1, 2, 2}, {1, 2, 1, 2});
  const Tensor bias = Tensor::of<float>({1, 2}, {0, 0});
  const Tensor target = Tensor::of<float>({1, 2, 2}, {2, 4, 2, 4});
  const ViewMap batch = {{"x", x}, {"bias", bias}, {"target", target}};
  EXPECT_FLOAT_EQ(trainer.means(trainer.measure(batch)).at("loss"), 2.5);
  const StepResult result = trainer.step(batch);
  EXPECT_FLOAT_EQ(result.loss, 2.5);
  EXPECT_EQ(result.scalars.at("lr"), 0.5);
  // The slopes are (1 - 2) * 1 and (2 - 4) * 2.
  EXPECT_THAT(floatsOf(trainer.gradients().at("scale")),
              ElementsAre(FloatNear(-1, 1e-6), FloatNear(-4, 1e-6)));
  EXPECT_THAT(floatsOf(Tensor::copyOf(trainer.weights().at("scale"))),
              ElementsAre(FloatNear(1.5, 1e-6), FloatNear(3, 1e-6)));
  EXPECT_FLOAT_EQ(trainer.means(trainer.measure(batch)).at("loss"),
                  (0.25 + 4) / 2);
}

/// A loss, a metric and an optimizer of the file's own, and the library's that
/// say the same.
TEST(Training, WhatIsTheUsersOwnWorksAsWhatIsTheLibrarys) {
  const std::string model = R"(
model Line(x: f32[T, 3]) -> (y: f32) {
  use rnn = recurrent(RNN[3, 4])
  use fc  = Linear[4, 1]
  let _, final = rnn(x)
  return fc(final.h)[0]
}
)";
  const std::string own = model + R"(
fn distance(y: f32, target: f32) -> f32 {
  let off = y - target
  return off * off
}
fn is_near(y: f32, target: f32) -> bool {
  return abs(y - target) < 0.5
}
cell Heavy[P](_w: f32[P], g: f32[P], lr: f32, drag: f32 = 0.9) -> f32[P] {
  state speed: f32[P] = 0
  speed = drag * speed + g
  return -lr * speed
}
train Line(x, target: f32) -> y {
  loss        = distance(y, target)
  metric near = is_near(y, target)
  metric root = sqrt(mean(distance(y, target)))
  optimizer   = Heavy(lr = 0.05)
}
)";
  const std::string librarys = model + R"(
train Line(x, target: f32) -> y {
  loss        = squared_error(y, target)
  metric near = abs(y - target) < 0.5
  metric root = sqrt(mean(squared_error(y, target)))
  optimizer   = SGD(lr = 0.05, momentum = 0.9)
}
)";
  Tensor x(runtime::ElementType::F32, {4, 3, 3});
  for (int64_t i = 0; i < x.size(); ++i)
    x.data<float>()[i] = std::sin(static_cast<float>(i));
  const Tensor target = Tensor::of<float>({4}, {1, 0, 2, -1});
  const ViewMap batch = {{"x", x}, {"target", target}};
  Trainer mine = Trainer::fromText(own), theirs = Trainer::fromText(librarys);
  float first = 0, last = 0;
  for (int step = 0; step < 40; ++step) {
    const StepResult found = mine.step(batch), expected = theirs.step(batch);
    EXPECT_NEAR(found.loss, expected.loss, 1e-6 + 1e-5 * expected.loss);
    EXPECT_EQ(found.metrics.at("near"), expected.metrics.at("near"));
    EXPECT_NEAR(found.metrics.at("root"), std::sqrt(found.loss), 1e-5);
    (step ? last : first) = static_cast<float>(found.loss);
  }
  EXPECT_LT(last, 0.1f * first);
}

TEST(Training, EqualSeedsGiveEqualWeights) {
  const char *text = R"(
model Noisy[H = 6](x: f32[T, 3]) -> (y: f32) {
  use rnn = recurrent(GRU[3, H], layers = 2, dropout = 0.5)
  use fc  = Linear[H, 1]
  let _, final = rnn(x)
  return fc(final[-1].h)[0]
}
train Noisy(x, target: f32) -> y {
  loss      = squared_error(y, target)
  optimizer = Adam(lr = 0.01)
}
)";
  Tensor x(runtime::ElementType::F32, {5, 4, 3});
  for (int64_t i = 0; i < x.size(); ++i)
    x.data<float>()[i] = std::sin(static_cast<float>(i));
  const Tensor target = Tensor::of<float>({5}, {1, 0, 1, -1, 2});
  std::vector<std::vector<float>> weights;
  for (int32_t threads : {1, 2, 3}) {
    Trainer trainer = Trainer::fromText(text, {}, {/*seed=*/3, threads});
    for (int step = 0; step < 4; ++step)
      trainer.step({{"x", x}, {"target", target}});
    std::vector<float> all;
    for (const auto &[name, view] : trainer.weights())
      for (float value : floatsOf(Tensor::copyOf(view)))
        all.push_back(value);
    weights.push_back(std::move(all));
  }
  EXPECT_EQ(weights[0], weights[1]);
  EXPECT_EQ(weights[0], weights[2]);
}

} // namespace
