//===- StateGradientsTest.cpp - Gradients by states at each step ----------===//
// A recurrence that can be worked out by hand: h' = a h + x, and a loss of the
// last h.
//===----------------------------------------------------------------------===//

#include "compiler/Seqc.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace seqc;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

namespace {

constexpr const char *kModel = R"(
cell Leak(x: f32[1]) -> f32[1] {
  param a: f32 = 0.5
  state h: f32[1] = 0
  h = a * h + x
  return h
}

model Sum(x: f32[T, 1]) -> (y: f32) {
  use leak = recurrent(Leak, bidirectional)
  let _, final = leak(x)
  return final.forward.h[0] + dropout(final.backward.h, 0.9)[0]
}

train Sum(x, target: f32) -> y {
  loss      = squared_error(y, target)
  optimizer = SGD(lr = 0.1)
}
)";

std::vector<float> valuesOf(const Tensor &tensor) {
  return {tensor.data<float>(), tensor.data<float>() + tensor.size()};
}

TEST(StateGradients, AreThoseOfEachStep) {
  StateGradients gradients = StateGradients::fromSource({"sum.seq", kModel});
  gradients.initializeWeights(0);
  // Forward and backward h end at 1 + 0.5 + 0.25, in the second sample at
  // 1 + 0.5; the loss's gradient by y is 2 (y - target). Without dropout.
  const Tensor x = Tensor::of<float>({2, 3, 1}, {1, 1, 1, 1, 1, 9});
  const Tensor lengths = Tensor::of<int64_t>({2}, {3, 2});
  const Tensor target = Tensor::of<float>({2}, {3, 2});
  const auto found =
      gradients.run({{"x", x}, {"x.lengths", lengths}, {"target", target}});
  ASSERT_EQ(found.size(), 2u);
  const StateGradients::OfState &forward = found.at("leak.h_l0");
  EXPECT_THAT(valuesOf(forward.gradient), ElementsAre(0.25, 0.5, 1, 1, 2, 0));
  EXPECT_THAT(forward.lengths, ElementsAre(3, 2));
  EXPECT_FALSE(forward.isBackward);
  const StateGradients::OfState &backward = found.at("leak.h_l0_reverse");
  EXPECT_THAT(valuesOf(backward.gradient), ElementsAre(1, 0.5, 0.25, 2, 1, 0));
  EXPECT_TRUE(backward.isBackward);
}

TEST(StateGradients, TakeWhatTheTrainBlockTakes) {
  StateGradients gradients = StateGradients::fromSource({"sum.seq", kModel});
  ASSERT_EQ(gradients.signature().inputs.size(), 2u);
  const Tensor x = Tensor::of<float>({1, 1, 1}, {1});
  EXPECT_THAT(
      [&] {
        gradients.run({{"x", x}});
      },
      ThrowsMessage<Error>(HasSubstr("has no weights yet")));
  gradients.initializeWeights(0);
  EXPECT_THAT(
      [&] {
        gradients.run({{"x", x}});
      },
      ThrowsMessage<Error>(HasSubstr("target")));
}

} // namespace
