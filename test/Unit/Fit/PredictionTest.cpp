//===- PredictionTest.cpp - What a model's results say --------------------===//

#include "runtime/fit/prediction.h"
#include "runtime/services/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

using namespace seqc;
using namespace seqc::fit;
using runtime::Reading;
using runtime::Tensor;
using testing::DoubleNear;
using testing::ElementsAre;
using testing::IsEmpty;

namespace {

runtime::SizeSpec length() {
  runtime::SizeSpec size;
  size.text = "T";
  size.isLength = true;
  return size;
}

runtime::Interface interfaceOf(Reading reading,
                               std::vector<runtime::SizeSpec> axes) {
  runtime::Interface interface;
  interface.model = "M";
  interface.results = {{"other", "f32", {}, Reading::Value, ""},
                       {"said", "f32", std::move(axes), reading, "label"}};
  return interface;
}

TEST(Prediction, IsOfTheResultThatIsCompared) {
  const PredictionReader reader(interfaceOf(Reading::Logit, {}), {});
  EXPECT_EQ(reader.result().name, "said");
}

TEST(Prediction, OfALogitIsOneOfTwoClasses) {
  const PredictionReader reader(interfaceOf(Reading::Logit, {}), {});
  const auto found = reader.read(Tensor::of<float>({2}, {2, -1}), {});
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].label, 1);
  EXPECT_EQ(found[1].label, 0);
  const double p = 1 / (1 + std::exp(-2));
  EXPECT_THAT(found[0].probabilities,
              ElementsAre(DoubleNear(1 - p, 1e-12), DoubleNear(p, 1e-12)));
}

TEST(Prediction, OfStepsHasAClassForEach) {
  runtime::SizeSpec classes;
  classes.value = 2;
  runtime::Interface interface =
      interfaceOf(Reading::Scores, {length(), classes});
  const Tensor said =
      Tensor::of<float>({2, 3, 2}, {1, 0, 0, 1, 0, 2, 0, 1, 1, 0, 0, 1});
  // One label for all.
  EXPECT_THAT(PredictionReader(interface, {}).read(said, {})[0].labels,
              IsEmpty());
  runtime::InputSpec label;
  label.name = "label";
  label.axes = {length()};
  interface.inputs = {label};
  const auto found = PredictionReader(interface, {}).read(said, {3, 2});
  EXPECT_THAT(found[0].labels, ElementsAre(0, 1, 1));
  EXPECT_EQ(found[0].label, 1);
  EXPECT_THAT(found[1].labels, ElementsAre(1, 0));
  EXPECT_EQ(found[1].label, 0);
}

TEST(Prediction, OfScoresIsTheHighest) {
  runtime::SizeSpec classes;
  classes.value = 3;
  const PredictionReader reader(interfaceOf(Reading::Scores, {classes}), {});
  const auto found =
      reader.read(Tensor::of<float>({2, 3}, {1, 3, 2, 1000, 0, 0}), {});
  EXPECT_EQ(found[0].label, 1);
  const double sum = std::exp(-2) + 1 + std::exp(-1);
  EXPECT_THAT(found[0].probabilities,
              ElementsAre(DoubleNear(std::exp(-2) / sum, 1e-12),
                          DoubleNear(1 / sum, 1e-12),
                          DoubleNear(std::exp(-1) / sum, 1e-12)));
  EXPECT_THAT(found[1].probabilities, ElementsAre(1, 0, 0));
}

TEST(Prediction, OfAValueHasTheUnitsOfTheData) {
  const PredictionReader reader(interfaceOf(Reading::Value, {}),
                                {{"height", 100, 10}});
  const auto found = reader.read(Tensor::of<float>({2}, {0.5, -1}), {});
  EXPECT_EQ(found[0].label, std::nullopt);
  EXPECT_THAT(found[0].probabilities, IsEmpty());
  EXPECT_THAT(found[0].values, ElementsAre(105));
  EXPECT_THAT(found[1].values, ElementsAre(90));
}

TEST(Prediction, OfASequenceIsItsLastStep) {
  runtime::SizeSpec two;
  two.value = 2;
  const PredictionReader reader(interfaceOf(Reading::Value, {length(), two}),
                                {});
  const Tensor said =
      Tensor::of<float>({2, 3, 2}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
  EXPECT_THAT(reader.read(said, {})[1].values, ElementsAre(11, 12));
  const auto found = reader.read(said, {3, 1});
  EXPECT_THAT(found[0].values, ElementsAre(5, 6));
  EXPECT_THAT(found[1].values, ElementsAre(7, 8));
}

TEST(Prediction, HasAScaleForEachColumn) {
  runtime::SizeSpec three;
  three.value = 3;
  const PredictionReader reader(
      interfaceOf(Reading::Value, {three}),
      {{"height", 100, 10}, {"width", 1, 2}, {"depth", 0, 1}});
  EXPECT_THAT(reader.read(Tensor::of<float>({1, 3}, {1, 1, 1}), {})[0].values,
              ElementsAre(110, 3, 1));
}

TEST(Prediction, TakesAStepThatIsThere) {
  const PredictionReader reader(interfaceOf(Reading::Value, {length()}), {});
  // A length beyond the result's, as of another axis.
  EXPECT_THAT(reader.read(Tensor::of<float>({1, 2}, {1, 2}), {9})[0].values,
              ElementsAre(2));
  EXPECT_THROW(reader.read(Tensor::of<float>({1, 0}, {}), {}), runtime::Error);
}

TEST(Prediction, NeedsAResult) {
  EXPECT_THROW(PredictionReader({}, {}), runtime::Error);
}

} // namespace
