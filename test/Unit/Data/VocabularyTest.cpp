//===- VocabularyTest.cpp - The number of each token ----------------------===//
// Order, limits, special tokens, and vocabularies out of files.
//===----------------------------------------------------------------------===//

#include "runtime/data/vocabulary.h"
#include "runtime/services/error.h"
#include "test/Unit/Data/Trees.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace seqc::data;
using seqc::runtime::Error;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

namespace {

TokenCounts counted() {
  TokenCounts counts;
  counts.add({"b", "a", "c", "a"});
  counts.add({"c", "a", "d", "<unk>"});
  return counts;
}

TEST(Vocabulary, OrdersByCountAndThenByName) {
  EXPECT_THAT(counted().vocabulary({}).tokens(),
              ElementsAre("<unk>", "a", "c", "b", "d"));
}

TEST(Vocabulary, KeepsTheMostFrequentTokens) {
  VocabularyOptions options;
  options.minimumCount = 2;
  EXPECT_THAT(counted().vocabulary(options).tokens(),
              ElementsAre("<unk>", "a", "c"));
  options = {};
  options.maximumSize = 2;
  EXPECT_THAT(counted().vocabulary(options).tokens(),
              ElementsAre("<unk>", "a"));
}

TEST(Vocabulary, NumbersTokens) {
  VocabularyOptions options;
  options.special = {"<unk>", "<begin>"};
  const Vocabulary vocabulary = counted().vocabulary(options);
  EXPECT_THAT(vocabulary.numbersOf({"a", "d", "nowhere"}),
              ElementsAre(2, 5, 0));
  // A text that says so means a word, not the token.
  EXPECT_EQ(vocabulary.numberOf("<begin>"), 0);
}

TEST(Vocabulary, TellsThatSpecialTokensDoNotFit) {
  VocabularyOptions options;
  options.maximumSize = 1;
  options.special = {"<unk>", "<begin>"};
  EXPECT_THAT([&] { counted().vocabulary(options); },
              ThrowsMessage<Error>(HasSubstr(
                  "a vocabulary of 1 has no place for 2 special tokens")));
}

class VocabularyFile : public ReaderTest<Vocabulary> {
protected:
  VocabularyFile() : ReaderTest("imdb.vocab") {}
};

TEST_F(VocabularyFile, HasATokenALine) {
  EXPECT_THAT(read("the\r\nand\n").tokens(),
              ElementsAre("<unk>", "the", "and"));
}

TEST_F(VocabularyFile, CountsWhatDoesNotFit) {
  EXPECT_EQ(read("the\nand\n").leftOut(), 0);
  const std::string path = folder / "imdb.vocab";
  EXPECT_EQ(Vocabulary::read(path, {.maximumSize = 3}).leftOut(), 0);
  const Vocabulary cut = Vocabulary::read(path, {.maximumSize = 2});
  EXPECT_THAT(cut.tokens(), ElementsAre("<unk>", "the"));
  EXPECT_EQ(cut.leftOut(), 1);
}

TEST_F(VocabularyFile, HasSpecialTokensFirst) {
  read("the\n</s>\n<unk>\nand\n");
  const std::string path = folder / "imdb.vocab";
  const Vocabulary all = Vocabulary::read(path, {.special = {"<unk>", "</s>"}});
  EXPECT_THAT(all.tokens(), ElementsAre("<unk>", "</s>", "the", "and"));
  EXPECT_EQ(all.special(), 2);
  EXPECT_EQ(all.numberOfSpecial("</s>"), 1);
  EXPECT_EQ(all.numberOfSpecial("the"), std::nullopt);
  // A text cannot say it.
  EXPECT_EQ(all.numberOf("</s>"), 0);
  EXPECT_THAT(
      [&] {
        Vocabulary::read(path,
                         {.maximumSize = 1, .special = {"<unk>", "</s>"}});
      },
      ThrowsMessage<Error>(HasSubstr("no place for 2 special tokens")));
}

TEST_F(VocabularyFile, TellsTheLineOfAFault) {
  EXPECT_THAT(
      [&] { read("the\n\nand\n"); },
      ThrowsMessage<Error>(HasSubstr("imdb.vocab:2: there is no token")));
  EXPECT_THAT(
      [&] { read("<unk>\nthe\n\n"); },
      ThrowsMessage<Error>(HasSubstr("imdb.vocab:3: there is no token")));
  EXPECT_THAT([&] { read("the\n\xFF\n"); },
              ThrowsMessage<Error>(HasSubstr("imdb.vocab:2: ")));
}

TEST_F(VocabularyFile, TellsATokenThatComesTwice) {
  EXPECT_THAT([&] { read("the\nand\nthe\n"); },
              ThrowsMessage<Error>(HasSubstr(
                  "has the token `the` twice: as number 1 and as 3")));
}

TEST_F(VocabularyFile, TellsThatItIsEmptyOrMissing) {
  EXPECT_THAT([&] { read(""); },
              ThrowsMessage<Error>(HasSubstr("has no token")));
  EXPECT_THAT([] { Vocabulary::read("/no/such.vocab"); },
              ThrowsMessage<Error>(HasSubstr("cannot read `/no/such.vocab`")));
}

} // namespace
