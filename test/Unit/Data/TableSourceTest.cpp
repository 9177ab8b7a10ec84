//===- TableSourceTest.cpp - Samples from the rows of a table -------------===//
// Which columns go where, and what is learnt of them.
//===----------------------------------------------------------------------===//

#include "runtime/data/table_source.h"
#include "test/Unit/Data/Sources.h"

using namespace seqc::data;
using namespace seqc::runtime;
using testing::ElementsAre;
using testing::IsEmpty;

namespace {

class TableSourceTest : public SourceTest {
protected:
  SourcePtr read(const std::string &text, const Interface &interface) {
    const std::string path = write("t.csv", text);
    return makeTableSource(CsvTable::read(path), path, interface, options);
  }
  std::string errorOf(const std::string &text, const Interface &interface) {
    return messageOf([&] { learn(*read(text, interface)); });
  }
};

//===----------------------------------------------------------------------===//
// Texts and classes
//===----------------------------------------------------------------------===//

const std::string kReviews = "label,text\nbad,no no fun\ngood,fun\n";

TEST_F(TableSourceTest, ReadsTextsAndClasses) {
  const SourcePtr source =
      read(kReviews, model({text("text"), target(label("label"))}));
  const Recipe recipe = learn(*source);
  EXPECT_THAT(recipe.vocabularies.at("V").tokens(),
              ElementsAre("<unk>", "fun", "no"));
  EXPECT_THAT(recipe.classes, ElementsAre("bad", "good"));
  const TensorMap all = batch(*source);
  EXPECT_EQ(all.size(), 3u);
  EXPECT_THAT(all.at("text"),
              HasTokens(shape({2, 3}), tokens({2, 2, 1, 1, 0, 0})));
  EXPECT_THAT(all.at("text.lengths"), HasTokens(shape({2}), tokens({3, 1})));
  EXPECT_THAT(all.at("label"), HasTokens(shape({2}), tokens({0, 1})));
}

TEST_F(TableSourceTest, LearnsFromSomeRows) {
  const SourcePtr source =
      read(kReviews, model({text("text"), target(label("label"))}));
  const Recipe recipe = learn(*source, {1});
  EXPECT_THAT(recipe.vocabularies.at("V").tokens(),
              ElementsAre("<unk>", "fun"));
  EXPECT_THAT(recipe.classes, ElementsAre("good"));
  EXPECT_EQ(withoutFolder(messageOf([&] { batch(*source, recipe, {0}); })),
            "t.csv:2: the class `bad` was not among those that were learnt: "
            "good");
}

TEST_F(TableSourceTest, ReadsTextsOfOneVocabulary) {
  const SourcePtr source = read("a,b\nx y,y\n", model({text("a"), text("b")}));
  EXPECT_THAT(learn(*source).vocabularies.at("V").tokens(),
              ElementsAre("<unk>", "y", "x"));
  EXPECT_THAT(batch(*source).at("a"), HasTokens(shape({1, 2}), tokens({2, 1})));
}

TEST_F(TableSourceTest, ReadsTextsOfTwoVocabularies) {
  const SourcePtr source =
      read("a,b\nx y,y\n", model({text("a"), text("b", open("W"))}));
  const Recipe recipe = learn(*source);
  EXPECT_THAT(recipe.vocabularies.at("V").tokens(),
              ElementsAre("<unk>", "x", "y"));
  EXPECT_THAT(recipe.vocabularies.at("W").tokens(), ElementsAre("<unk>", "y"));
}

TEST_F(TableSourceTest, EndsTextsWithATokenOfItsOwn) {
  options.endToken = "</s>";
  options.vocabulary.special = {"<unk>", "</s>"};
  options.maxTokens = 3;
  const SourcePtr source =
      read("a,b\nx y,</s>\nx y x y,\n", model({text("a"), text("b")}));
  const TensorMap all = batch(*source);
  EXPECT_THAT(all.at("a"),
              HasTokens(shape({2, 3}), tokens({2, 3, 1, 2, 3, 1})));
  // What a text says is no end.
  EXPECT_THAT(all.at("b"), HasTokens(shape({2, 2}), tokens({0, 1, 1, 0})));
  EXPECT_THAT(all.at("b.lengths"), HasTokens(shape({2}), tokens({2, 1})));
  EXPECT_THAT(warnings.lines(),
              ElementsAre(testing::HasSubstr("more than 3 tokens"),
                          testing::HasSubstr("has the token `</s>`")));
}

TEST_F(TableSourceTest, SortsClassesAsNumbersWhereAllAre) {
  const Interface asked = model({label("c")});
  const SourcePtr source = read("c\n10\n9\n9\n-1\n", asked);
  EXPECT_THAT(learn(*source).classes, ElementsAre("-1", "9", "10"));
  EXPECT_THAT(batch(*source).at("c"),
              HasTokens(shape({4}), tokens({2, 1, 1, 0})));
  EXPECT_THAT(learn(*read("c\n10\n9\nx\n", asked)).classes,
              ElementsAre("10", "9", "x"));
}

TEST_F(TableSourceTest, ReadsANumberOrOneOfTwoClasses) {
  const Interface asked = model({target(number("y"))});
  SourcePtr source = read("y\n2.5\n-1\n", asked);
  EXPECT_THAT(learn(*source).classes, IsEmpty());
  EXPECT_THAT(batch(*source).at("y"),
              HasNumbers(shape({2}), numbers({2.5, -1})));
  source = read("y\nyes\nno\n", asked);
  EXPECT_THAT(learn(*source).classes, ElementsAre("no", "yes"));
  EXPECT_THAT(batch(*source).at("y"), HasNumbers(shape({2}), numbers({1, 0})));
}

TEST_F(TableSourceTest, KnowsLines) {
  const SourcePtr source = read("y\n1\n\n2\n", model({number("y")}));
  EXPECT_THAT(source->addresses(), ElementsAre(0, 1));
  EXPECT_FALSE(source->isInTime());
  EXPECT_EQ(withoutFolder(source->place(1)), "t.csv:4");
}

//===----------------------------------------------------------------------===//
// Numbers
//===----------------------------------------------------------------------===//

const std::string kFlowers = "name,a,b,y\nrose,1,2,0\nlily,3,6,1\n";

TEST_F(TableSourceTest, GivesAVectorTheNumbersThatAreLeft) {
  const Interface asked = model({vector("x"), target(number("y"))});
  EXPECT_THAT(batch(*read(kFlowers, asked)).at("x"),
              HasNumbers(shape({2, 2}), numbers({1, 2, 3, 6})));
}

TEST_F(TableSourceTest, GivesColumnsThatAreNamed) {
  options.columns = {{"x", {"y", "a"}}, {"kind", {"name"}}};
  const TensorMap all =
      batch(*read(kFlowers, model({vector("x"), label("kind")})));
  EXPECT_THAT(all.at("x"), HasNumbers(shape({2, 2}), numbers({0, 1, 1, 3})));
  EXPECT_THAT(all.at("kind"), HasTokens(shape({2}), tokens({1, 0})));
}

TEST_F(TableSourceTest, GivesAVectorTheColumnOfItsName) {
  EXPECT_THAT(batch(*read(kFlowers, model({vector("b")}))).at("b"),
              HasNumbers(shape({2, 1}), numbers({2, 6})));
}

TEST_F(TableSourceTest, ScalesInputsAndNoTargets) {
  options.isNormalised = true;
  const SourcePtr source =
      read("a,n,y\n1,0,5\n3,4,7\n9,9,9\n",
           model({vector("x"), number("n"), target(number("y"))}));
  const Recipe recipe = learn(*source, {0, 1});
  ASSERT_EQ(recipe.scales.size(), 2u);
  EXPECT_EQ(recipe.scaleOf("a").mean, 2);
  EXPECT_EQ(recipe.scaleOf("n").mean, 2);
  EXPECT_EQ(recipe.scaleOf("n").deviation, 2);
  const TensorMap all = batch(*source, recipe, {0, 2});
  EXPECT_THAT(all.at("x"), HasNumbers(shape({2, 1}), numbers({-1, 7})));
  EXPECT_THAT(all.at("n"), HasNumbers(shape({2}), numbers({-1, 3.5})));
  EXPECT_THAT(all.at("y"), HasNumbers(shape({2}), numbers({5, 9})));
}

//===----------------------------------------------------------------------===//
// Rows of one sample
//===----------------------------------------------------------------------===//

const std::string kWalks = "id,kind,a,b\n7,run,1,2\n8,sit,3,4\n7,run,5,6\n";

TEST_F(TableSourceTest, GivesAStepOfASeriesFromEachRow) {
  options.group = "id";
  const SourcePtr source =
      read(kWalks, model({series("x"), target(label("kind"))}));
  EXPECT_THAT(source->addresses(), ElementsAre(0, 1));
  const TensorMap all = batch(*source);
  EXPECT_THAT(all.at("x"),
              HasNumbers(shape({2, 2, 2}), numbers({1, 2, 5, 6, 3, 4, 0, 0})));
  EXPECT_THAT(all.at("x.lengths"), HasTokens(shape({2}), tokens({2, 1})));
  EXPECT_THAT(all.at("kind"), HasTokens(shape({2}), tokens({0, 1})));
  EXPECT_EQ(withoutFolder(source->place(1)), "t.csv:3");
}

TEST_F(TableSourceTest, GivesALineFromOneColumn) {
  options.group = "id";
  EXPECT_THAT(batch(*read(kWalks, model({line("b")}))).at("b"),
              HasNumbers(shape({2, 2}), numbers({2, 6, 4, 0})));
}

const std::string kTagged = "line,word,tag\n1,the,D\n1,The cat,N\n2,the,D\n";

TEST_F(TableSourceTest, GivesAWordAndItsClassFromEachRow) {
  options.group = "line";
  const SourcePtr source =
      read(kTagged, model({text("word"), target(text("tag", open("C")))}));
  const Recipe recipe = learn(*source);
  EXPECT_THAT(recipe.vocabularies.at("V").tokens(),
              ElementsAre("<unk>", "the", "The cat"));
  EXPECT_EQ(recipe.vocabularies.count("C"), 0u);
  EXPECT_THAT(recipe.classes, ElementsAre("D", "N"));
  EXPECT_EQ(recipe.classesOf, "tag");
  const TensorMap all = batch(*source);
  EXPECT_THAT(all.at("word"), HasTokens(shape({2, 2}), tokens({1, 2, 1, 0})));
  EXPECT_THAT(all.at("tag"), HasTokens(shape({2, 2}), tokens({0, 1, 0, 0})));
  EXPECT_THAT(all.at("tag.lengths"), HasTokens(shape({2}), tokens({2, 1})));
  EXPECT_EQ(source->excerpt(0), "the The cat");
  EXPECT_THAT(learn(*source, {1}).classes, ElementsAre("D"));
  EXPECT_EQ(withoutFolder(
                messageOf([&] { batch(*source, learn(*source, {1}), {0}); })),
            "t.csv:3: the class `N` was not among those that were learnt: D");
}

TEST_F(TableSourceTest, GivesClassesThatAreReadTheWordsVocabulary) {
  options.group = "line";
  const SourcePtr source =
      read(kTagged, model({text("word"), target(text("tag"))}));
  EXPECT_THAT(learn(*source).classes, IsEmpty());
  EXPECT_THAT(learn(*source).vocabularies.at("V").tokens(),
              ElementsAre("<unk>", "D", "the", "N", "The cat"));
}

TEST_F(TableSourceTest, ScalesByAllStepsOfTheTrainingPart) {
  options.group = "id";
  options.isNormalised = true;
  const SourcePtr source = read(kWalks, model({line("a")}));
  const Recipe recipe = learn(*source, {0});
  EXPECT_EQ(recipe.scaleOf("a").mean, 3);
  EXPECT_EQ(recipe.scaleOf("a").deviation, 2);
  EXPECT_THAT(batch(*source, recipe, {0}).at("a"),
              HasNumbers(shape({1, 2}), numbers({-1, 1})));
}

TEST_F(TableSourceTest, TellsThatASampleHasTwoClasses) {
  options.group = "id";
  EXPECT_EQ(
      errorOf(kWalks + "8,run,0,0\n", model({series("x"), label("kind")})),
      "t.csv:5: column `kind`: `run`, but the sample begins with `sit`, "
      "and `kind`: token<C> has one value for each sample");
  EXPECT_EQ(errorOf(kWalks, model({vector("a")})),
            "t.csv:4: column `a`: `5`, but the sample begins with `1`, and "
            "`a`: f32[I] has one value for each sample");
}

TEST_F(TableSourceTest, TellsThatThereIsNoGroup) {
  options.group = "walk";
  EXPECT_EQ(errorOf(kWalks, model({series("x")})),
            "`t.csv` has no column `walk`: it has id, kind, a, b");
  options.group = "";
  EXPECT_EQ(errorOf(kWalks, model({series("x")})),
            "`x`: f32[T, I] takes a series, but each row of a table is a "
            "sample: --window N makes windows over it, --group COLUMN says "
            "which rows are one sample");
}

//===----------------------------------------------------------------------===//
// Faults
//===----------------------------------------------------------------------===//

TEST_F(TableSourceTest, TellsInputsWithoutAColumn) {
  EXPECT_EQ(errorOf(kReviews, model({text("review")})),
            "`t.csv` has the columns `label`, `text`, but none for `review`: "
            "token<V>[T]: name it: --column review=NAME");
  EXPECT_EQ(errorOf(kReviews, model({vector("x")})),
            "`t.csv` has the columns `label`, `text`, and no numbers for `x`: "
            "f32[I]: name them: --column x=NAME");
  EXPECT_EQ(errorOf("y\n1\n", model({input("grid", {open("H"), open("W")})})),
            "`t.csv` has the column `y`, and a table cannot fill `grid`: "
            "f32[H, W]");
}

TEST_F(TableSourceTest, TellsNamesThatThereAreNot) {
  options.columns = {{"z", {"text"}}};
  EXPECT_EQ(errorOf(kReviews, model({text("text")})),
            "columns are named for `z`, which the model `M` does not take");
  options.columns = {{"text", {"words"}}};
  EXPECT_EQ(errorOf(kReviews, model({text("text")})),
            "`t.csv` has no column `words`: it has label, text");
  options.columns = {{"text", {"text", "label"}}};
  EXPECT_EQ(errorOf(kReviews, model({text("text")})),
            "2 columns are named for `text`: token<V>[T], which takes one");
}

TEST_F(TableSourceTest, TellsWidthsThatDiffer) {
  EXPECT_EQ(errorOf(kFlowers, model({vector("x", given("I", 2))})),
            "3 columns hold numbers that are left, but `x`: f32[I] takes 2: "
            "leave `--set I` out");
}

TEST_F(TableSourceTest, TellsThatTwoTakeClasses) {
  EXPECT_EQ(errorOf(kReviews, model({label("label"), label("text")})),
            "`label`: token<C> and `text`: token<C> both take classes, which "
            "one may only");
}

TEST_F(TableSourceTest, TellsThatThereAreTooManyClasses) {
  const std::string three = "y\na\nb\nc\n";
  EXPECT_EQ(errorOf(three, model({number("y")})),
            "column `y` has 3 classes, but `y`: f32 is one number, which can "
            "tell two apart: `token<C>` takes one of C classes");
  EXPECT_EQ(errorOf(three, model({label("y", written(2))})),
            "column `y` has 3 classes, but `y`: token<2> takes one of 2");
}

} // namespace
