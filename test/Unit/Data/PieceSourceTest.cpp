//===- PieceSourceTest.cpp - Samples from one long text -------------------===//
// Pieces, and the token after each of theirs.
//===----------------------------------------------------------------------===//

#include "runtime/data/piece_source.h"
#include "test/Unit/Data/Sources.h"

using namespace seqc::data;
using namespace seqc::runtime;
using testing::ElementsAre;
using testing::IsEmpty;

namespace {

class PieceSourceTest : public SourceTest {
protected:
  PieceSourceTest() { options.maxTokens = 3; }

  SourcePtr read(const std::string &text, const Interface &interface) {
    return readPieceSource(write("t.txt", text), interface, options, warnings);
  }
  std::string errorOf(const std::string &text, const Interface &interface) {
    return messageOf([&] { read(text, interface); });
  }

  const Interface language = model({text("text"), target(text("next"))});
};

TEST_F(PieceSourceTest, GivesEachTokensNext) {
  // a 3, b 2, c 1: the last token of all is no piece's.
  const TensorMap all = batch(*read("a b a\nc a b d", language));
  EXPECT_EQ(all.size(), 2u);
  EXPECT_THAT(all.at("text"),
              HasTokens(shape({2, 3}), tokens({1, 2, 1, 3, 1, 2})));
  EXPECT_THAT(all.at("next"),
              HasTokens(shape({2, 3}), tokens({2, 1, 3, 1, 2, 0})));
}

TEST_F(PieceSourceTest, HasNoEnds) {
  options.endToken = "</s>";
  EXPECT_EQ(errorOf("a b", language),
            "--end-token ends each of several texts, and `t.txt` is one, of "
            "which pieces are read");
}

TEST_F(PieceSourceTest, EndsWithAShortPiece) {
  const SourcePtr source = read("a b a b a", language);
  EXPECT_THAT(source->addresses(), ElementsAre(0, 3));
  const TensorMap all = batch(*source);
  EXPECT_THAT(all.at("text"),
              HasTokens(shape({2, 3}), tokens({1, 2, 1, 2, 0, 0})));
  EXPECT_THAT(all.at("next"),
              HasTokens(shape({2, 3}), tokens({2, 1, 2, 1, 0, 0})));
  EXPECT_THAT(all.at("text.lengths"), HasTokens(shape({2}), tokens({3, 1})));
  EXPECT_THAT(all.at("next.lengths"), HasTokens(shape({2}), tokens({3, 1})));
}

TEST_F(PieceSourceTest, HasNoPieceWithoutANextToken) {
  EXPECT_THAT(read("a b c d", language)->addresses(), ElementsAre(0));
  EXPECT_THAT(read("a b c d e", language)->addresses(), ElementsAre(0, 3));
  EXPECT_THAT(read("a b", language)->addresses(), ElementsAre(0));
}

TEST_F(PieceSourceTest, LearnsFromSomePieces) {
  const SourcePtr source = read("a b b c c c d", language);
  const Recipe recipe = learn(*source, {0});
  EXPECT_THAT(recipe.vocabularies.at("V").tokens(),
              ElementsAre("<unk>", "b", "a"));
  EXPECT_THAT(recipe.classes, IsEmpty());
  EXPECT_THAT(batch(*source, recipe, {3}).at("text"),
              HasTokens(shape({1, 3}), tokens({0, 0, 0})));
}

TEST_F(PieceSourceTest, IsInTime) {
  const SourcePtr source = read("a b c d e", language);
  EXPECT_TRUE(source->isInTime());
  EXPECT_EQ(withoutFolder(source->place(3)), "t.txt: token 3");
}

TEST_F(PieceSourceTest, TakesOtherNames) {
  const TensorMap all =
      batch(*read("a a", model({target(text("following")), text("words")})));
  EXPECT_THAT(all.at("words"), HasTokens(shape({1, 1}), tokens({1})));
  EXPECT_THAT(all.at("following"), HasTokens(shape({1, 1}), tokens({1})));
}

TEST_F(PieceSourceTest, NeedsNoNext) {
  const TensorMap all = batch(*read("a b", model({text("words")})));
  EXPECT_EQ(all.size(), 1u);
  EXPECT_THAT(all.at("words"), HasTokens(shape({1, 1}), tokens({1})));
}

TEST_F(PieceSourceTest, CutsLetters) {
  options.tokenizer = Tokenizer::Characters;
  const SourcePtr source = read("aé a", language);
  EXPECT_THAT(learn(*source).vocabularies.at("V").tokens(),
              ElementsAre("<unk>", " ", "a", "é"));
  EXPECT_THAT(batch(*source).at("text"),
              HasTokens(shape({1, 3}), tokens({2, 3, 1})));
}

TEST_F(PieceSourceTest, WarnsOfBrokenText) {
  read("a \xFF", language);
  ASSERT_EQ(warnings.lines().size(), 1u);
  EXPECT_EQ(withoutFolder(warnings.lines()[0]),
            "t.txt has bytes that are no valid UTF-8");
}

//===----------------------------------------------------------------------===//
// Faults
//===----------------------------------------------------------------------===//

const std::string kData =
    "`t.txt` has a text (`text`) and each token's next one (`next`)";

TEST_F(PieceSourceTest, TellsThatThereIsTooLittle) {
  EXPECT_EQ(errorOf("", language),
            "`t.txt` has 0 tokens: there is nothing to learn from");
  EXPECT_EQ(errorOf("word\n", language),
            "`t.txt` has 1 tokens: there is nothing to learn from");
  EXPECT_EQ(messageOf([&] {
              readPieceSource(folder / "no.txt", language, options, warnings);
            }),
            "cannot read `no.txt`");
}

TEST_F(PieceSourceTest, TellsThatTheModelTakesNoText) {
  EXPECT_EQ(errorOf("a b", model({series("x")})),
            kData + ", but the model `M` takes no text: its inputs and targets "
                    "are `x`: f32[T, I]");
}

TEST_F(PieceSourceTest, TellsThatTheModelTakesNoNextToken) {
  EXPECT_EQ(errorOf("a b", model({text("text"), target(label("label"))})),
            kData + ", but the model `M` takes no token after each: its inputs "
                    "and targets are `text`: token<V>[T], `label`: token<C>");
}

TEST_F(PieceSourceTest, TellsWhatItCannotFill) {
  EXPECT_EQ(errorOf("a b", model({text("text"), target(text("next")),
                                  target(number("weight"))})),
            "the model `M` wants `weight`: f32, but " + kData);
}

TEST_F(PieceSourceTest, TellsVocabulariesThatDiffer) {
  EXPECT_EQ(
      errorOf("a b", model({text("text"), target(text("next", open("W")))})),
      "`text`: token<V>[T] and `next`: token<W>[T] have tokens of one text, "
      "and so of one vocabulary");
}

} // namespace
