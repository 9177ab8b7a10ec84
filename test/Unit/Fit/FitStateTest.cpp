//===- FitStateTest.cpp - Where a training stands -------------------------===//

#include "runtime/fit/fit_state.h"
#include "runtime/services/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

using namespace seqc;
using namespace seqc::fit;
using testing::HasSubstr;
using testing::ThrowsMessage;

namespace {

FitState state() {
  FitState made;
  made.batch = 32;
  made.samples = 900;
  made.validationSamples = 100;
  made.measures = {{0.1, 3}, {1.0 / 3, 3}};
  made.gradientNorms = 1e-300;
  made.updates = 7;
  made.epochs = {{1, {{"loss", 0.7}}, {{"loss", 0.6}}, 1.5, true},
                 {2, {{"loss", 0.5}}, {{"loss", 0.5}}, 1.25, true},
                 {3, {{"loss", 0.4}}, {{"loss", 0.55}}, 1, false}};
  return made;
}

TEST(FitState, ComesBackToTheBit) {
  const FitState found = fitStateOf({{kFitMetadata, toJson(state())}}, "m");
  EXPECT_EQ(toJson(found), toJson(state()));
  EXPECT_EQ(found.measures[1].sum, 1.0 / 3);
  EXPECT_EQ(found.gradientNorms, 1e-300);
  EXPECT_EQ(found.epochs[2].validation.at("loss"), 0.55);
}

TEST(FitState, KnowsTheBestEpoch) {
  EXPECT_EQ(state().best()->number, 2);
  EXPECT_EQ(state().epochsSinceBest(), 1);
  EXPECT_EQ(FitState().best(), nullptr);
  EXPECT_EQ(FitState().epochsSinceBest(), 0);
}

TEST(FitState, KeepsWhatIsNoNumber) {
  FitState made = state();
  made.epochs[0].validation["loss"] = NAN;
  made.epochs[1].validation["loss"] = INFINITY;
  made.measures[0].sum = -INFINITY;
  made.measures[1].weight = NAN;
  const FitState found = fitStateOf({{kFitMetadata, toJson(made)}}, "m");
  EXPECT_TRUE(std::isnan(found.epochs[0].validation.at("loss")));
  EXPECT_EQ(found.epochs[1].validation.at("loss"), INFINITY);
  EXPECT_EQ(found.measures[0].sum, -INFINITY);
  EXPECT_TRUE(std::isnan(found.measures[1].weight));
}

TEST(FitState, IsAnErrorWhereItIsMissingOrDamaged) {
  EXPECT_THAT([] { fitStateOf({}, "m.ckpt"); },
              ThrowsMessage<runtime::Error>(
                  HasSubstr("`m.ckpt` is no checkpoint of a training by")));
  for (const char *text : {"", "[]", "{}", R"({"batch":"x"})"})
    EXPECT_THAT(
        [&] {
          fitStateOf({{kFitMetadata, text}}, "m.ckpt");
        },
        ThrowsMessage<runtime::Error>(HasSubstr("is damaged")))
        << text;
}

} // namespace
