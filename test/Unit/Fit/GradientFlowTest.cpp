//===- GradientFlowTest.cpp - How far back a loss is felt -----------------===//

#include "runtime/fit/gradient_flow.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace seqc;
using namespace seqc::fit;
using runtime::Tensor;
using testing::ElementsAre;
using testing::IsEmpty;

namespace {

TEST(GradientFlow, IsTheNormByStepsBack) {
  // Two samples of three steps, two units each.
  const Tensor gradient =
      Tensor::of<float>({2, 3, 2}, {0, 0, 0, 2, 3, 4, 0, 0, 0, 4, 6, 8});
  EXPECT_THAT(gradientFlow(gradient, {}, false), ElementsAre(7.5, 3, 0));
  EXPECT_THAT(gradientFlow(gradient, {}, true), ElementsAre(0, 3, 7.5));
}

TEST(GradientFlow, EndsWhereEachSampleEnds) {
  const Tensor gradient =
      Tensor::of<float>({2, 3}, {1, 2, 3, 4, 5, /*padding*/ 9});
  EXPECT_THAT(gradientFlow(gradient, {3, 2}, false), ElementsAre(4, 3, 1));
  // No sample is so long.
  EXPECT_THAT(gradientFlow(gradient, {1, 1}, false), ElementsAre(2.5));
  EXPECT_THAT(gradientFlow(gradient, {0, 0}, false), IsEmpty());
}

} // namespace
