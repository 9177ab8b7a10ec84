//===- FolderSourceTest.cpp - Samples from texts in folders ---------------===//
// Parts, words and classes.
//===----------------------------------------------------------------------===//

#include "runtime/data/folder_source.h"
#include "test/Unit/Data/Sources.h"

using namespace seqc::data;
using namespace seqc::runtime;
using testing::ElementsAre;
using testing::IsEmpty;

namespace {

const Tree kReviews = {{"d/train/neg/1.txt", "bad film"},
                       {"d/train/pos/1.txt", "good good film"},
                       {"d/test/neg/1.txt", "awful film"},
                       {"d/test/pos/1.txt", "good"}};

class FolderSourceTest : public SourceTest {
protected:
  Sources read(const Tree &tree, const Interface &interface) {
    writeTree(folder / "", tree);
    return readFolderSources(folder / "d", interface, warnings);
  }
  std::string errorOf(const Tree &tree, const Interface &interface) {
    return messageOf([&] { read(tree, interface); });
  }

  const Interface classifier = model({text("text"), target(label("label"))});
};

TEST_F(FolderSourceTest, LearnsWordsAndClasses) {
  const Sources sources = read(kReviews, classifier);
  const Recipe recipe = learn(*sources.training);
  EXPECT_EQ(recipe.vocabularies.size(), 1u);
  EXPECT_THAT(recipe.vocabularies.at("V").tokens(),
              ElementsAre("<unk>", "film", "good", "bad"));
  EXPECT_THAT(recipe.classes, ElementsAre("neg", "pos"));
  EXPECT_THAT(recipe.scales, IsEmpty());
  EXPECT_THAT(learn(*sources.training, {0}).vocabularies.at("V").tokens(),
              ElementsAre("<unk>", "bad", "film"));
}

TEST_F(FolderSourceTest, GivesWordsAndClasses) {
  const Sources sources = read(kReviews, classifier);
  const TensorMap all = batch(*sources.training);
  EXPECT_EQ(all.size(), 3u);
  EXPECT_THAT(all.at("text"),
              HasTokens(shape({2, 3}), tokens({3, 1, 0, 2, 2, 1})));
  EXPECT_THAT(all.at("text.lengths"), HasTokens(shape({2}), tokens({2, 3})));
  EXPECT_THAT(all.at("label"), HasTokens(shape({2}), tokens({0, 1})));
}

TEST_F(FolderSourceTest, GivesSamplesInTheOrderOfAddresses) {
  const Sources sources = read(kReviews, classifier);
  const SourcePtr &source = sources.training;
  EXPECT_THAT(source->addresses(), ElementsAre(0, 1));
  EXPECT_FALSE(source->isInTime());
  EXPECT_THAT(batch(*source, learn(*source), {1, 0}).at("label"),
              HasTokens(shape({2}), tokens({1, 0})));
  EXPECT_EQ(source->place(1), "train/pos/1.txt");
}

TEST_F(FolderSourceTest, GivesUnknownWordsOfAnotherPart) {
  const Sources sources = read(kReviews, classifier);
  const TensorMap test = batch(*sources.test, learn(*sources.training), {0, 1});
  EXPECT_THAT(test.at("text"), HasTokens(shape({2, 2}), tokens({0, 1, 2, 0})));
}

TEST_F(FolderSourceTest, GivesOneNumberForTwoClasses) {
  const Sources sources =
      read(kReviews, model({text("review"), target(number("isGood"))}));
  const TensorMap all = batch(*sources.training);
  EXPECT_THAT(all.at("isGood"), HasNumbers(shape({2}), numbers({0, 1})));
  EXPECT_EQ(all.at("review").shape(), shape({2, 3}));
}

TEST_F(FolderSourceTest, NeedsNoLabel) {
  const Sources sources = read(kReviews, model({text("text")}));
  EXPECT_EQ(batch(*sources.training).size(), 2u);
}

TEST_F(FolderSourceTest, CutsLongTexts) {
  options.maxTokens = 2;
  const Sources sources = read({{"d/neg/1.txt", "a b c d"},
                                {"d/pos/1.txt", "a"},
                                {"d/pos/2.txt", "a a a"}},
                               classifier);
  EXPECT_THAT(batch(*sources.training).at("text"),
              HasTokens(shape({3, 2}), tokens({1, 4, 1, 0, 1, 1})));
  EXPECT_THAT(warnings.lines(),
              ElementsAre("neg/1.txt has more than 2 tokens: both ends are "
                          "kept (and 1 more)"));
}

TEST_F(FolderSourceTest, SaysWhichEndIsKept) {
  options.maxTokens = 1;
  for (Truncation kept : {Truncation::Head, Truncation::Tail}) {
    options.kept = kept;
    const Sources sources =
        read({{"d/neg/1.txt", "a b"}, {"d/pos/1.txt", "a"}}, classifier);
    EXPECT_THAT(batch(*sources.training).at("text"),
                HasTokens(shape({2, 1}),
                          tokens({kept == Truncation::Head ? 1 : 2, 1})));
  }
  EXPECT_THAT(
      warnings.lines(),
      ElementsAre("neg/1.txt has more than 1 tokens: the first are kept",
                  "neg/1.txt has more than 1 tokens: the last are kept"));
}

TEST_F(FolderSourceTest, GivesAnUnknownWordForATextWithoutAny) {
  const Sources sources =
      read({{"d/neg/1.txt", " ;"}, {"d/pos/1.txt", "a"}}, classifier);
  EXPECT_THAT(batch(*sources.training).at("text"),
              HasTokens(shape({2, 1}), tokens({0, 1})));
}

TEST_F(FolderSourceTest, LearnsAsManyWordsAsTheModelTakes) {
  const Sources sources =
      read(kReviews, model({text("text", usual("V", 3)), label("label")}));
  EXPECT_THAT(learn(*sources.training).vocabularies.at("V").tokens(),
              ElementsAre("<unk>", "film", "good"));
  options.vocabulary.maximumSize = 2;
  EXPECT_THAT(learn(*sources.training).vocabularies.at("V").tokens(),
              ElementsAre("<unk>", "film"));
}

TEST_F(FolderSourceTest, TakesTheWordsOfAFile) {
  options.vocabularyFile = write("words", "good\nawful\n");
  const Sources sources = read(kReviews, classifier);
  EXPECT_THAT(learn(*sources.training).vocabularies.at("V").tokens(),
              ElementsAre("<unk>", "good", "awful"));
}

//===----------------------------------------------------------------------===//
// Parts
//===----------------------------------------------------------------------===//

Tree parts(const std::string &first, const std::string &second) {
  return {{"d/" + first + "/neg/1.txt", "a"},
          {"d/" + first + "/pos/1.txt", "b"},
          {"d/" + second + "/neg/1.txt", "a"},
          {"d/" + second + "/pos/1.txt", "b"}};
}

TEST_F(FolderSourceTest, HasPartsByName) {
  const Sources sources = read(kReviews, classifier);
  EXPECT_EQ(sources.training->place(0), "train/neg/1.txt");
  EXPECT_EQ(sources.test->place(0), "test/neg/1.txt");
  EXPECT_EQ(sources.validation, nullptr);
}

class ValidationPart : public FolderSourceTest,
                       public testing::WithParamInterface<const char *> {};

TEST_P(ValidationPart, HasSeveralNames) {
  const Sources sources = read(parts("training", GetParam()), classifier);
  EXPECT_EQ(sources.training->place(0), "training/neg/1.txt");
  EXPECT_EQ(sources.validation->place(0),
            GetParam() + std::string("/neg/1.txt"));
  EXPECT_EQ(sources.test, nullptr);
}

INSTANTIATE_TEST_SUITE_P(Names, ValidationPart,
                         testing::Values("valid", "val", "dev", "validation"));

TEST_F(FolderSourceTest, TellsPartsThatItDoesNotKnow) {
  EXPECT_EQ(errorOf(parts("train", "more"), classifier),
            "`d` has a part `more`: parts are called `train`, `valid` and "
            "`test`");
}

TEST_F(FolderSourceTest, TellsPartsThatAreThereTwice) {
  EXPECT_EQ(errorOf(parts("dev", "val"), classifier),
            "`d` has the part `val` under another name, too");
}

//===----------------------------------------------------------------------===//
// Faults
//===----------------------------------------------------------------------===//

const std::string kData =
    "`d` has texts (`text`) of 2 classes (`label`: neg, pos)";

TEST_F(FolderSourceTest, TellsThatTheModelTakesNoTexts) {
  EXPECT_EQ(errorOf(kReviews, model({series("x"), label("label")})),
            kData + ", but the model `M` takes no texts: its inputs and "
                    "targets are `x`: f32[T, I], `label`: token<C>");
}

TEST_F(FolderSourceTest, TellsWhatItCannotFill) {
  EXPECT_EQ(
      errorOf(kReviews, model({text("text"), label("label"), vector("extra")})),
      "the model `M` wants `extra`: f32[I], but " + kData);
}

TEST_F(FolderSourceTest, TellsThatThereAreTooManyClasses) {
  Tree tree = kReviews;
  tree.push_back({"d/train/so/1.txt", "film"});
  tree.push_back({"d/test/so/1.txt", "film"});
  const std::string data =
      "`d` has texts (`text`) of 3 classes (`label`: neg, pos, so)";
  EXPECT_EQ(errorOf(tree, model({text("text"), number("label")})),
            data + ", but `label`: f32 is one number, which can tell two "
                   "apart: `token<C>` takes one of C classes");
  EXPECT_EQ(errorOf(tree, model({text("text"), label("label", written(2))})),
            data + ", but `label`: token<2> takes one of 2");
  EXPECT_EQ(errorOf(tree, model({text("text"), label("label", given("C", 2))})),
            data + ", but `label`: token<C> takes one of 2: leave `--set C` "
                   "out");
  EXPECT_EQ(errorOf(tree, model({text("text"), label("label", usual("C", 2))})),
            "no error");
}

TEST_F(FolderSourceTest, TellsWhatWasNotLearnt) {
  const Sources sources = read(kReviews, classifier);
  Recipe recipe = learn(*sources.training);
  recipe.classes = {"neg", "so"};
  EXPECT_EQ(messageOf([&] {
              batch(*sources.test, recipe, {0, 1});
            }),
            "test/pos/1.txt: the class `pos` was not among those that were "
            "learnt: neg, so");
  EXPECT_EQ(messageOf([&] {
              batch(*sources.test, Recipe(), {0, 1});
            }),
            "there is no vocabulary for the tokens of `text`: token<V>[T]");
}

} // namespace
