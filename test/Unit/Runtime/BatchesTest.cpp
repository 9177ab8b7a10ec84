//===- BatchesTest.cpp - Batches out of tensors of all samples ------------===//

#include "runtime/services/batches.h"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace seqc::runtime;
using testing::ElementsAre;

namespace {

TEST(SampleOrder, EachEpochHoldsEachSampleOnce) {
  SampleOrder order(/*seed=*/3, /*samples=*/10, /*batch=*/4);
  std::vector<int64_t> drawn;
  for (int64_t number = 0; number < 5; ++number)
    for (int64_t sample : order.draw(number))
      drawn.push_back(sample);
  EXPECT_FALSE(std::equal(drawn.begin(), drawn.begin() + 10,
                          drawn.begin() + 10));
  for (int epoch = 0; epoch < 2; ++epoch) {
    std::vector<int64_t> part(drawn.begin() + epoch * 10,
                              drawn.begin() + epoch * 10 + 10);
    std::sort(part.begin(), part.end());
    EXPECT_THAT(part, ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
  }
}

TEST(SampleOrder, DependsOnSeedAndNumberAlone) {
  SampleOrder order(3, 100, 7), again(3, 100, 7), other(4, 100, 7);
  for (int64_t number : {0, 1, 2, 3})
    order.draw(number);
  EXPECT_EQ(order.draw(40), again.draw(40));
  EXPECT_NE(order.draw(40), other.draw(40));
}

TEST(SampleOrder, ABatchMayBeLargerThanAllSamples) {
  SampleOrder order(0, 2, 5);
  const std::vector<int64_t> drawn = order.draw(0);
  ASSERT_EQ(drawn.size(), 5u);
  EXPECT_NE(drawn[0], drawn[1]);
  EXPECT_NE(drawn[2], drawn[3]);
}

TEST(TakeRows, CopiesWholeRows) {
  const float x[] = {0, 1, 2, 3, 4, 5};
  // Columns lie behind each other.
  const TensorMap taken =
      takeRows({{"x", {ElementType::F32, x, {3, 2}, {1, 3}}}}, {2, 0, 2});
  const Tensor &rows = taken.at("x");
  EXPECT_THAT(rows.shape(), ElementsAre(3, 2));
  EXPECT_THAT(std::vector<float>(rows.data<float>(), rows.data<float>() + 6),
              ElementsAre(2, 5, 0, 3, 2, 5));
}

} // namespace
