//===- TokenSamplerTest.cpp - Drawing tokens ------------------------------===//
// What is never drawn, how often what is drawn comes, and that it can be
// repeated.
//===----------------------------------------------------------------------===//

#include "runtime/fit/token_sampler.h"

#include "runtime/services/error.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace seqc::fit {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

std::vector<int> countsOf(const SamplerOptions &options,
                          const std::vector<float> &scores, int draws) {
  TokenSampler sampler(options);
  std::vector<int> counts(scores.size());
  for (int i = 0; i < draws; ++i)
    ++counts[static_cast<size_t>(sampler.draw(scores))];
  return counts;
}

TEST(TokenSampler, DrawsWithTheProbabilitiesOfASoftmax) {
  const std::vector<float> scores = {std::log(1.f), std::log(2.f),
                                     std::log(5.f)};
  const std::vector<int> counts = countsOf({}, scores, 8000);
  // Within five standard deviations.
  EXPECT_NEAR(counts[0], 1000, 150);
  EXPECT_NEAR(counts[1], 2000, 200);
  EXPECT_NEAR(counts[2], 5000, 220);
}

TEST(TokenSampler, SharpensBelowATemperatureOfOne) {
  const std::vector<float> scores = {0, std::log(2.f)};
  const std::vector<int> counts = countsOf({.temperature = 0.5}, scores, 5000);
  EXPECT_NEAR(counts[1], 4000, 150) << "2 to 1 squared is 4 to 1";
}

TEST(TokenSampler, TakesTheFirstOfTheHighestAtZero) {
  EXPECT_EQ(countsOf({.temperature = 0}, {1, 3, 3, 2}, 20)[1], 20);
}

TEST(TokenSampler, DrawsFromTheLikeliestAlone) {
  const std::vector<int> counts = countsOf({.most = 2}, {1, 1.5, 0.9f, 2}, 500);
  EXPECT_EQ(counts[0] + counts[2], 0);
  EXPECT_GT(counts[1], 0);
  EXPECT_GT(counts[3], 0);
}

TEST(TokenSampler, NeverDrawsWhatStandsInNoText) {
  EXPECT_EQ(countsOf({.special = 1}, {100, 0, 0}, 100)[0], 0);
  EXPECT_EQ(countsOf({.temperature = 0, .special = 1}, {100, 0, 1}, 3)[2], 3);
}

TEST(TokenSampler, DrawsTheEndOfAText) {
  const std::vector<int> counts =
      countsOf({.special = 2, .end = 1}, {100, 3, 3}, 200);
  EXPECT_EQ(counts[0], 0);
  EXPECT_GT(counts[1], 50);
  EXPECT_GT(counts[2], 50);
}

TEST(TokenSampler, LeavesOutWhatIsNoNumber) {
  EXPECT_EQ(countsOf({}, {kNaN, 0, kNaN}, 50)[1], 50);
  EXPECT_EQ(countsOf({}, {0, kInfinity, 1}, 50)[1], 50);
  EXPECT_EQ(countsOf({}, {-kInfinity, 0, -kInfinity}, 50)[1], 50);
  TokenSampler sampler({});
  EXPECT_THROW(sampler.draw({kNaN, kNaN}), runtime::Error);
  TokenSampler special({.special = 2});
  EXPECT_THROW(special.draw({1, 2}), runtime::Error);
}

TEST(TokenSampler, RefusesATemperatureThatIsNone) {
  EXPECT_THROW(TokenSampler({.temperature = -1}), runtime::Error);
  EXPECT_THROW(TokenSampler({.temperature = kNaN}), runtime::Error);
}

TEST(TokenSampler, RepeatsItselfWithASeed) {
  const std::vector<float> scores(50, 0.f);
  TokenSampler a({.seed = 3}), b({.seed = 3}), c({.seed = 4});
  bool differs = false;
  for (int i = 0; i < 20; ++i) {
    const int64_t drawn = a.draw(scores);
    EXPECT_EQ(b.draw(scores), drawn);
    differs |= c.draw(scores) != drawn;
  }
  EXPECT_TRUE(differs);
}

} // namespace
} // namespace seqc::fit
