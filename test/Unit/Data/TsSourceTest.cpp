//===- TsSourceTest.cpp - Samples from a .ts file -------------------------===//
// Series of one number a step and of several, their classes and scales.
//===----------------------------------------------------------------------===//

#include "runtime/data/ts_source.h"
#include "test/Unit/Data/Sources.h"

using namespace seqc::data;
using namespace seqc::runtime;
using testing::ElementsAre;
using testing::IsEmpty;

namespace {

const std::string kHeader = "@classLabel true a b\n@data\n";
/// Two dimensions, samples of two steps and of one.
const std::string kPairs = kHeader + "1,3:4,4:b\n-1:8:a\n";
/// One dimension.
const std::string kLines = kHeader + "1,3:b\n-1:a\n";

class TsSourceTest : public SourceTest {
protected:
  SourcePtr read(const std::string &text, const Interface &interface) {
    return readTsSource(write("v.ts", text), interface);
  }
  std::string errorOf(const std::string &text, const Interface &interface) {
    return messageOf([&] { read(text, interface); });
  }

  const Interface classifier = model({series("x"), target(label("label"))});
};

TEST_F(TsSourceTest, GivesSeriesAndClasses) {
  const TensorMap all = batch(*read(kPairs, classifier));
  EXPECT_EQ(all.size(), 3u);
  EXPECT_THAT(all.at("x"),
              HasNumbers(shape({2, 2, 2}), numbers({1, 4, 3, 4, -1, 8, 0, 0})));
  EXPECT_THAT(all.at("x.lengths"), HasTokens(shape({2}), tokens({2, 1})));
  EXPECT_THAT(all.at("label"), HasTokens(shape({2}), tokens({1, 0})));
}

TEST_F(TsSourceTest, GivesLinesWithAnAxisOfOneOrWithout) {
  EXPECT_THAT(batch(*read(kLines, classifier)).at("x"),
              HasNumbers(shape({2, 2, 1}), numbers({1, 3, -1, 0})));
  EXPECT_THAT(batch(*read(kLines, model({line("y")}))).at("y"),
              HasNumbers(shape({2, 2}), numbers({1, 3, -1, 0})));
}

TEST_F(TsSourceTest, GivesOneNumberForTwoClasses) {
  const TensorMap all =
      batch(*read(kPairs, model({series("x"), target(number("isB"))})));
  EXPECT_THAT(all.at("isB"), HasNumbers(shape({2}), numbers({1, 0})));
}

TEST_F(TsSourceTest, LearnsTheClassesOfTheHeader) {
  const Recipe recipe = learn(*read(kPairs, classifier), {0});
  EXPECT_THAT(recipe.classes, ElementsAre("a", "b"));
  EXPECT_THAT(recipe.vocabularies, IsEmpty());
  EXPECT_THAT(recipe.scales, IsEmpty());
}

TEST_F(TsSourceTest, LearnsTheScalesOfTheTrainingPart) {
  options.isNormalised = true;
  const SourcePtr source = read(kPairs, classifier);
  const Recipe recipe = learn(*source, {0});
  ASSERT_EQ(recipe.scales.size(), 2u);
  EXPECT_EQ(recipe.scales[0].column, "0");
  EXPECT_EQ(recipe.scales[0].mean, 2);
  EXPECT_EQ(recipe.scales[0].deviation, 1);
  // It does not vary.
  EXPECT_EQ(recipe.scales[1].column, "1");
  EXPECT_EQ(recipe.scales[1].mean, 4);
  EXPECT_EQ(recipe.scales[1].deviation, 1);
  EXPECT_THAT(
      batch(*source, recipe, {1, 0}).at("x"),
      HasNumbers(shape({2, 2, 2}), numbers({-3, 4, 0, 0, -1, 0, 1, 0})));
}

TEST_F(TsSourceTest, LearnsScalesOfAllSteps) {
  options.isNormalised = true;
  const Recipe recipe = learn(*read(kHeader + "0:a\n6,6,0:b\n", classifier));
  ASSERT_EQ(recipe.scales.size(), 1u);
  EXPECT_DOUBLE_EQ(recipe.scales[0].mean, 3);
  EXPECT_DOUBLE_EQ(recipe.scales[0].deviation, 3);
}

TEST_F(TsSourceTest, KnowsLines) {
  const SourcePtr source = read(kPairs, classifier);
  EXPECT_THAT(source->addresses(), ElementsAre(0, 1));
  EXPECT_FALSE(source->isInTime());
  EXPECT_THAT(source->targetScales(Recipe()), IsEmpty());
  EXPECT_EQ(withoutFolder(source->place(1)), "v.ts:4");
}

//===----------------------------------------------------------------------===//
// Faults
//===----------------------------------------------------------------------===//

const std::string kData = "`v.ts` has series of 2 numbers a step (`x`) and of "
                          "2 classes (`label`: a, b)";

TEST_F(TsSourceTest, TellsThatTheModelTakesNoSeries) {
  EXPECT_EQ(errorOf(kPairs, model({text("x"), label("label")})),
            kData + ", but the model `M` takes no series: its inputs and "
                    "targets are `x`: token<V>[T], `label`: token<C>");
}

TEST_F(TsSourceTest, TellsWidthsThatDiffer) {
  EXPECT_EQ(errorOf(kPairs, model({line("x"), label("label")})),
            kData + ", but `x`: f32[T] takes 1");
  EXPECT_EQ(errorOf(kPairs, model({series("x", written(3)), label("label")})),
            kData + ", but `x`: f32[T, 3] takes 3");
  EXPECT_EQ(
      errorOf(kLines, model({series("x", given("I", 2)), label("label")})),
      "`v.ts` has series of one number a step (`x`) and of 2 classes (`label`: "
      "a, b), but `x`: f32[T, I] takes 2: leave `--set I` out");
}

TEST_F(TsSourceTest, TakesWidthsThatDataDecide) {
  EXPECT_EQ(errorOf(kPairs, model({series("x", usual("I", 3))})), "no error");
  EXPECT_EQ(errorOf(kPairs, model({series("x", written(2))})), "no error");
}

TEST_F(TsSourceTest, TellsThatThereAreTooManyClasses) {
  EXPECT_EQ(errorOf("@classLabel true a b c\n@data\n1:a\n",
                    model({series("x"), number("label")})),
            "`v.ts` has series of one number a step (`x`) and of 3 classes "
            "(`label`: a, b, c), but `label`: f32 is one number, which can "
            "tell two apart: `token<C>` takes one of C classes");
}

TEST_F(TsSourceTest, TellsWhatItCannotFill) {
  EXPECT_EQ(errorOf(kPairs, model({series("x"), text("name")})),
            "the model `M` wants `name`: token<V>[T], but " + kData);
}

} // namespace
