//===- DataSetTest.cpp - Samples by what they are for ---------------------===//
// What is held out, and that nothing is learnt from it.
//===----------------------------------------------------------------------===//

#include "runtime/data/data_set.h"
#include "test/Unit/Data/Sources.h"

#include <fmt/format.h>

using namespace seqc::data;
using namespace seqc::runtime;
using testing::ElementsAre;

namespace {

/// A table with the numbers 0 ... rows-1.
std::string countTo(int64_t rows) {
  std::string text = "x\n";
  for (int64_t row = 0; row < rows; ++row)
    text += fmt::format("{}\n", row);
  return text;
}

class DataSetTest : public SourceTest {
protected:
  DataSet read(const Interface &interface, int64_t seed = 0) {
    set.reading = options;
    return readDataSet(interface, set, seed, warnings);
  }
  std::string errorOf(const Interface &interface) {
    return messageOf([&] { read(interface); });
  }
  /// Texts of three parts; only the held out ones have `c`.
  void writeParts() {
    set.path = folder / "d";
    writeTree(set.path, {{"train/no/1.txt", "a"},
                         {"train/no/2.txt", "a b"},
                         {"train/yes/1.txt", "a"},
                         {"train/yes/2.txt", "b"},
                         {"valid/no/1.txt", "b c"},
                         {"valid/yes/1.txt", "a"},
                         {"test/no/1.txt", "c c"},
                         {"test/yes/1.txt", "b"}});
  }

  DataSetOptions set;
  const Interface rows = model({number("x")});
  const Interface forecast = model({line("x"), target(number("next"))});
  const Interface classifier = model({text("text"), target(label("label"))});
};

//===----------------------------------------------------------------------===//
// Shares
//===----------------------------------------------------------------------===//

TEST_F(DataSetTest, DrawsSharesByTheSeed) {
  set.path = write("t.csv", countTo(10));
  set.test = HeldOut{"", 0.2};
  set.validation = HeldOut{"", 0.25};
  const DataSet found = read(rows, 1);
  EXPECT_THAT(found.test.addresses, ElementsAre(2, 9));
  EXPECT_THAT(found.validation.addresses, ElementsAre(5, 7));
  EXPECT_THAT(found.training.addresses, ElementsAre(0, 1, 3, 4, 6, 8));
  EXPECT_THAT(found.test.samples.batch({0, 1}).at("x"),
              HasNumbers(shape({2}), numbers({2, 9})));
  EXPECT_EQ(read(rows, 1).test.addresses, found.test.addresses);
  EXPECT_NE(read(rows, 2).test.addresses, found.test.addresses);
}

TEST_F(DataSetTest, CutsSharesOffTheEndOfASeries) {
  options.window = 2;
  set.path = write("t.csv", countTo(12));
  set.test = HeldOut{"", 0.2};
  set.validation = HeldOut{"", 0.25};
  for (int64_t seed : {1, 2}) {
    const DataSet found = read(forecast, seed);
    EXPECT_THAT(found.training.addresses, ElementsAre(2, 3, 4, 5, 6, 7));
    EXPECT_THAT(found.validation.addresses, ElementsAre(8, 9));
    EXPECT_THAT(found.test.addresses, ElementsAre(10, 11));
    EXPECT_THAT(found.validation.samples.batch({0, 1}).at("next"),
                HasNumbers(shape({2}), numbers({8, 9})));
  }
}

TEST_F(DataSetTest, HoldsNothingOutUnlessAsked) {
  set.path = write("t.csv", countTo(10));
  const DataSet found = read(rows);
  EXPECT_EQ(found.training.samples.count(), 10);
  EXPECT_FALSE(found.validation);
  EXPECT_FALSE(found.test);
}

TEST_F(DataSetTest, HasADefaultForValidation) {
  set.path = write("t.csv", countTo(10));
  set.defaultValidation = 0.3;
  EXPECT_EQ(read(rows).validation.samples.count(), 3);
  set.validation = HeldOut{"", 0.5};
  EXPECT_EQ(read(rows).validation.samples.count(), 5);
}

TEST_F(DataSetTest, TellsSharesThatAreNoneOrAll) {
  set.path = write("t.csv", countTo(4));
  set.test = HeldOut{"", 0.1};
  EXPECT_EQ(errorOf(rows), "0.1 of 4 samples is none of them");
  set.test = HeldOut{"", 0.9};
  EXPECT_EQ(errorOf(rows), "0.9 of 4 samples is all of them");
  set.test = HeldOut{"", 2};
  EXPECT_EQ(errorOf(rows), "2 of 4 samples is all of them");
  set.test = HeldOut{"", -1};
  EXPECT_EQ(errorOf(rows), "-1 of 4 samples is none of them");
  set.test = HeldOut{"", 0};
  set.validation = HeldOut{"", 0.05};
  EXPECT_EQ(errorOf(rows), "0.05 of 4 samples is none of them");
}

//===----------------------------------------------------------------------===//
// Parts
//===----------------------------------------------------------------------===//

TEST_F(DataSetTest, TakesThePartsThatThereAre) {
  writeParts();
  set.defaultValidation = 0.5;
  const DataSet found = read(classifier);
  EXPECT_EQ(found.training.samples.count(), 4);
  EXPECT_EQ(found.validation.samples.count(), 2);
  EXPECT_EQ(found.validation.source->place(0), "valid/no/1.txt");
  EXPECT_EQ(found.test.source->place(0), "test/no/1.txt");
}

TEST_F(DataSetTest, TakesASharesWordBeforeTheParts) {
  writeParts();
  set.validation = HeldOut{"", 0.25};
  const DataSet found = read(classifier);
  EXPECT_EQ(found.training.samples.count(), 3);
  EXPECT_EQ(found.validation.samples.count(), 1);
  EXPECT_EQ(found.validation.source, found.training.source);
  EXPECT_EQ(found.test.samples.count(), 2);
}

TEST_F(DataSetTest, TakesAPathOfItsOwn) {
  set.path = write("t.csv", countTo(4));
  set.validation = HeldOut{write("valid.csv", "x\n7\n"), 0};
  set.test = HeldOut{write("test.csv", "x\n8\n9\n"), 0};
  const DataSet found = read(rows);
  EXPECT_EQ(found.training.samples.count(), 4);
  EXPECT_THAT(found.validation.samples.batch({0}).at("x"),
              HasNumbers(shape({1}), numbers({7})));
  EXPECT_THAT(found.test.samples.batch({0, 1}).at("x"),
              HasNumbers(shape({2}), numbers({8, 9})));
}

TEST_F(DataSetTest, TakesTheTestPartOfAPath) {
  writeParts();
  set.test = HeldOut{set.path, 0};
  set.path = folder / "e";
  writeTree(set.path, {{"no/1.txt", "a"}, {"yes/1.txt", "b"}});
  const DataSet found = read(classifier);
  EXPECT_EQ(found.training.source->place(0), "no/1.txt");
  EXPECT_EQ(found.test.source->place(0), "test/no/1.txt");
}

TEST_F(DataSetTest, TellsThatThereIsNothingToTrainOn) {
  set.path = folder / "d";
  writeTree(set.path, {{"valid/no/1.txt", "a"},
                       {"valid/yes/1.txt", "a"},
                       {"test/no/1.txt", "a"},
                       {"test/yes/1.txt", "a"}});
  EXPECT_EQ(errorOf(classifier), "`d` has no part to train on");
}

//===----------------------------------------------------------------------===//
// Learning
//===----------------------------------------------------------------------===//

TEST_F(DataSetTest, LearnsNoWordsOfOtherParts) {
  writeParts();
  const DataSet found = read(classifier);
  EXPECT_THAT(found.recipe.vocabularies.at("V").tokens(),
              ElementsAre("<unk>", "a", "b"));
  EXPECT_THAT(found.validation.samples.batch({0}).at("text"),
              HasTokens(shape({1, 2}), tokens({2, 0})));
}

TEST_F(DataSetTest, LearnsNoWordsOfAShare) {
  options.maxTokens = 2;
  set.path = write("t.txt", "a b a b c d c d e");
  set.validation = HeldOut{"", 0.5};
  const DataSet found = read(model({text("text")}));
  EXPECT_THAT(found.recipe.vocabularies.at("V").tokens(),
              ElementsAre("<unk>", "a", "b"));
  EXPECT_THAT(found.validation.samples.batch({0}).at("text"),
              HasTokens(shape({1, 2}), tokens({0, 0})));
}

TEST_F(DataSetTest, LearnsNoScalesOfAShare) {
  options.window = 1;
  options.isNormalised = true;
  set.path = write("t.csv", "x\n0\n2\n0\n2\n70\n80\n90\n");
  set.test = HeldOut{"", 0.5};
  const DataSet found = read(forecast);
  EXPECT_EQ(found.recipe.scaleOf("x").mean, 1);
  EXPECT_EQ(found.recipe.scaleOf("x").deviation, 1);
  EXPECT_THAT(found.test.samples.batch({0}).at("next"),
              HasNumbers(shape({1}), numbers({69})));
}

TEST_F(DataSetTest, KeepsWhatTheUserChose) {
  options.maxTokens = 17;
  set.path = write("t.csv", countTo(2));
  EXPECT_EQ(read(rows).recipe.options.maxTokens, 17);
}

//===----------------------------------------------------------------------===//
// What a trained model is judged by
//===----------------------------------------------------------------------===//

TEST_F(DataSetTest, JudgesByTheTestPart) {
  writeParts();
  const Recipe recipe = read(classifier).recipe;
  const Part part = readTestPart(classifier, set, recipe, warnings);
  EXPECT_THAT(part.addresses, ElementsAre(0, 1));
  EXPECT_EQ(part.source->place(0), "test/no/1.txt");
  EXPECT_THAT(part.samples.batch({0, 1}).at("text"),
              HasTokens(shape({2, 2}), tokens({0, 0, 2, 0})));
}

TEST_F(DataSetTest, JudgesByAllWhereThereAreNoParts) {
  set.path = write("t.csv", countTo(3));
  const Part part = readTestPart(rows, set, Recipe(), warnings);
  EXPECT_THAT(part.samples.batch({0, 1, 2}).at("x"),
              HasNumbers(shape({3}), numbers({0, 1, 2})));
}

TEST_F(DataSetTest, JudgesByTheEndOfASeries) {
  set.reading.window = 2;
  set.path = write("t.csv", countTo(12));
  set.test = HeldOut{"", 0.2};
  const Part part = readTestPart(forecast, set, Recipe(), warnings);
  EXPECT_THAT(part.addresses, ElementsAre(10, 11));
  EXPECT_EQ(part.samples.count(), 2);
}

} // namespace
