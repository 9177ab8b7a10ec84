//===- WindowSourceTest.cpp - Samples from windows over a series ----------===//
// Windows, what comes behind them, and what has not come yet.
//===----------------------------------------------------------------------===//

#include "runtime/data/window_source.h"
#include "test/Unit/Data/Sources.h"

using namespace seqc::data;
using namespace seqc::runtime;
using testing::ElementsAre;
using testing::IsEmpty;

namespace {

const std::string kTens = "day,x\nmon,0\ntue,10\nwed,20\nthu,30\nfri,40\n";
const std::string kTwo = "a,b\n0,5\n1,6\n2,7\n3,8\n";

class WindowSourceTest : public SourceTest {
protected:
  WindowSourceTest() { options.window = 3; }

  SourcePtr read(const std::string &text, const Interface &interface) {
    const std::string path = write("t.csv", text);
    return makeWindowSource(CsvTable::read(path), path, interface, options);
  }
  std::string errorOf(const std::string &text, const Interface &interface) {
    return messageOf([&] { read(text, interface); });
  }

  const Interface forecast = model({series("x"), target(number("next"))});
};

TEST_F(WindowSourceTest, GivesWindowsAndTheNumberBehindEach) {
  const SourcePtr source = read(kTens, forecast);
  EXPECT_THAT(source->addresses(), ElementsAre(3, 4));
  const TensorMap all = batch(*source);
  EXPECT_EQ(all.size(), 2u);
  EXPECT_THAT(all.at("x"),
              HasNumbers(shape({2, 3, 1}), numbers({0, 10, 20, 10, 20, 30})));
  EXPECT_THAT(all.at("next"), HasNumbers(shape({2}), numbers({30, 40})));
}

TEST_F(WindowSourceTest, LooksAsFarAsTheHorizon) {
  options.horizon = 2;
  const SourcePtr source = read(kTens, forecast);
  EXPECT_THAT(source->addresses(), ElementsAre(4));
  const TensorMap all = batch(*source);
  EXPECT_THAT(all.at("x"), HasNumbers(shape({1, 3, 1}), numbers({0, 10, 20})));
  EXPECT_THAT(all.at("next"), HasNumbers(shape({1}), numbers({40})));
}

TEST_F(WindowSourceTest, TakesNoAxisOfOneAndNoLength) {
  EXPECT_THAT(
      batch(*read(kTens, model({line("y"), target(number("next"))}))).at("y"),
      HasNumbers(shape({2, 3}), numbers({0, 10, 20, 10, 20, 30})));
  EXPECT_THAT(
      batch(*read(kTens, model({vector("y"), target(number("next"))}))).at("y"),
      HasNumbers(shape({2, 3}), numbers({0, 10, 20, 10, 20, 30})));
}

//===----------------------------------------------------------------------===//
// Targets
//===----------------------------------------------------------------------===//

TEST_F(WindowSourceTest, GivesAllNumbersUpToTheHorizon) {
  options.horizon = 2;
  for (const SizeSpec &size :
       {open("N"), usual("N", 7), given("N", 2), written(2)})
    EXPECT_THAT(
        batch(*read(kTens, model({series("x"), target(vector("next", size))})))
            .at("next"),
        HasNumbers(shape({1, 2}), numbers({30, 40})));
}

TEST_F(WindowSourceTest, GivesTheLastNumberToAVectorOfOne) {
  options.horizon = 2;
  EXPECT_THAT(batch(*read(kTens, model({series("x"),
                                        target(vector("next", written(1)))})))
                  .at("next"),
              HasNumbers(shape({1, 1}), numbers({40})));
  options.horizon = 1;
  EXPECT_THAT(batch(*read(kTens, model({series("x"), target(vector("next"))})))
                  .at("next"),
              HasNumbers(shape({2, 1}), numbers({30, 40})));
}

TEST_F(WindowSourceTest, GivesEachStepItsNumber) {
  options.horizon = 2;
  EXPECT_THAT(batch(*read(kTens, model({series("x"), target(line("next"))})))
                  .at("next"),
              HasNumbers(shape({1, 3}), numbers({20, 30, 40})));
  EXPECT_THAT(batch(*read(kTens, model({series("x"),
                                        target(series("next", written(1)))})))
                  .at("next"),
              HasNumbers(shape({1, 3, 1}), numbers({20, 30, 40})));
}

TEST_F(WindowSourceTest, GivesAllColumnsOrThoseThatAreNamed) {
  const Interface asked = model({series("x"), target(vector("next"))});
  const TensorMap all = batch(*read(kTwo, asked));
  EXPECT_THAT(all.at("x"),
              HasNumbers(shape({1, 3, 2}), numbers({0, 5, 1, 6, 2, 7})));
  EXPECT_THAT(all.at("next"), HasNumbers(shape({1, 2}), numbers({3, 8})));
  options.columns = {{"x", {"b", "a"}}, {"next", {"b"}}};
  const TensorMap named = batch(*read(kTwo, asked));
  EXPECT_THAT(named.at("x"),
              HasNumbers(shape({1, 3, 2}), numbers({5, 0, 6, 1, 7, 2})));
  EXPECT_THAT(named.at("next"), HasNumbers(shape({1, 1}), numbers({8})));
}

//===----------------------------------------------------------------------===//
// Scales and time
//===----------------------------------------------------------------------===//

TEST_F(WindowSourceTest, ScalesByTheRowsOfTheTrainingPart) {
  options.isNormalised = true;
  const SourcePtr source = read("x\n0\n2\n0\n2\n100\n", forecast);
  const Recipe recipe = learn(*source, {3});
  ASSERT_EQ(recipe.scales.size(), 1u);
  EXPECT_EQ(recipe.scales[0].column, "x");
  EXPECT_EQ(recipe.scales[0].mean, 1);
  EXPECT_EQ(recipe.scales[0].deviation, 1);
  const TensorMap last = batch(*source, recipe, {4});
  EXPECT_THAT(last.at("x"), HasNumbers(shape({1, 3, 1}), numbers({1, -1, 1})));
  EXPECT_THAT(last.at("next"), HasNumbers(shape({1}), numbers({99})));
}

TEST_F(WindowSourceTest, KnowsTheScaleOfItsTarget) {
  options.isNormalised = true;
  options.columns = {{"x", {"a"}}, {"next", {"b"}}};
  const SourcePtr source = read("a,b\n0,1\n2,9\n0,1\n2,9\n", forecast);
  const Recipe recipe = learn(*source);
  EXPECT_EQ(recipe.scales.size(), 2u);
  const std::vector<Scale> scales = source->targetScales(recipe);
  ASSERT_EQ(scales.size(), 1u);
  EXPECT_EQ(scales[0].column, "b");
  EXPECT_EQ(scales[0].mean, 5);
  EXPECT_EQ(scales[0].deviation, 4);
  EXPECT_THAT(batch(*source).at("next"), HasNumbers(shape({1}), numbers({1})));
}

TEST_F(WindowSourceTest, LeavesNumbersAsTheyAre) {
  const SourcePtr source = read(kTens, forecast);
  const Recipe recipe = learn(*source);
  EXPECT_THAT(recipe.scales, IsEmpty());
  EXPECT_EQ(source->targetScales(recipe)[0].deviation, 1);
}

TEST_F(WindowSourceTest, IsInTime) {
  const SourcePtr source = read(kTens, forecast);
  EXPECT_TRUE(source->isInTime());
  EXPECT_EQ(withoutFolder(source->place(3)), "t.csv:5");
}

TEST_F(WindowSourceTest, GivesTheFutureAZero) {
  options.isNormalised = true;
  const SourcePtr source = read("x\n0\n2\n0\n2\n", forecast);
  EXPECT_THAT(source->future(), ElementsAre(4));
  EXPECT_EQ(source->place(4), "a step behind the end");
  const TensorMap coming = batch(*source, learn(*source), {4});
  EXPECT_THAT(coming.at("x"),
              HasNumbers(shape({1, 3, 1}), numbers({1, -1, 1})));
  EXPECT_THAT(coming.at("next"), HasNumbers(shape({1}), numbers({0})));
}

TEST_F(WindowSourceTest, GivesAFutureOfSeveralSteps) {
  options.horizon = 2;
  SourcePtr source = read(kTens, model({series("x"), target(vector("next"))}));
  EXPECT_THAT(source->future(), ElementsAre(6));
  EXPECT_EQ(source->place(6), "2 steps behind the end");
  EXPECT_THAT(batch(*source, learn(*source), {6}).at("next"),
              HasNumbers(shape({1, 2}), numbers({0, 0})));
  source = read(kTens, model({series("x"), target(line("next"))}));
  const TensorMap coming = batch(*source, learn(*source), {6});
  EXPECT_THAT(coming.at("x"),
              HasNumbers(shape({1, 3, 1}), numbers({20, 30, 40})));
  EXPECT_THAT(coming.at("next"),
              HasNumbers(shape({1, 3}), numbers({40, 0, 0})));
}

//===----------------------------------------------------------------------===//
// Faults
//===----------------------------------------------------------------------===//

const std::string kData = "`t.csv` has the columns `day`, `x`";

TEST_F(WindowSourceTest, TellsThatThereAreTooFewRows) {
  options.window = 6;
  EXPECT_EQ(errorOf(kTens, forecast), "`t.csv` has 5 rows, but a window has 6");
  // Enough for what comes next, and for nothing that has come.
  options.window = 5;
  const SourcePtr source = read(kTens, forecast);
  EXPECT_THAT(source->addresses(), IsEmpty());
  EXPECT_THAT(source->future(), ElementsAre(5));
}

TEST_F(WindowSourceTest, TellsThatTheModelTakesNoWindow) {
  EXPECT_EQ(errorOf(kTens, model({text("text"), target(line("next"))})),
            kData + ", but the model `M` takes no windows of numbers: its "
                    "inputs and targets are `text`: token<V>[T], `next`: "
                    "f32[T]");
}

TEST_F(WindowSourceTest, TellsThatTheModelHasNoTarget) {
  EXPECT_EQ(errorOf(kTens, model({series("x")})),
            kData + ", but the model `M` takes no numbers to learn from: its "
                    "inputs and targets are `x`: f32[T, I]");
}

TEST_F(WindowSourceTest, TellsWhatItCannotFill) {
  EXPECT_EQ(errorOf(kTens, model({series("x"), target(number("next")),
                                  number("age")})),
            "the model `M` wants `age`: f32, but " + kData);
}

TEST_F(WindowSourceTest, TellsWidthsThatDiffer) {
  const InputSpec next = target(vector("next", open("N")));
  const std::string two = "`a`, `b` are read for each step, but ";
  EXPECT_EQ(errorOf(kTwo, model({line("x"), next})),
            two + "`x`: f32[T] takes 1");
  EXPECT_EQ(errorOf(kTwo, model({series("x", given("I", 1)), next})),
            two + "`x`: f32[T, I] takes 1: leave `--set I` out");
  EXPECT_EQ(errorOf(kTwo, model({vector("x"), next})),
            "`t.csv` has the columns `a`, `b`, but `x`: f32[I] takes one "
            "number a step");
  EXPECT_EQ(errorOf(kTwo, forecast), two + "`next`: f32 takes 1");
}

TEST_F(WindowSourceTest, TellsSizesThatDiffer) {
  EXPECT_EQ(
      errorOf(kTens, model({vector("x", written(4)), target(number("next"))})),
      "a window has 3 steps, but `x`: f32[4] takes 4");
  options.horizon = 2;
  EXPECT_EQ(
      errorOf(kTens, model({vector("x"), target(vector("next", written(3)))})),
      "`x` is read for each step, but `next`: f32[3] takes 3");
}

TEST_F(WindowSourceTest, TellsWhatIsNoNumber) {
  EXPECT_EQ(errorOf("x\n1\n2\n3\nn/a\n", forecast),
            "t.csv:5: column `x`: `n/a` is no number");
  EXPECT_EQ(errorOf("day\nmon\ntue\n", forecast),
            "`t.csv` has the column `day`, and no numbers for `x`: f32[T, I]: "
            "name them: --column x=NAME");
}

} // namespace
