//===- TokenizerTest.cpp - Text as tokens ---------------------------------===//
// Each way to cut, on text of several scripts; what is kept of a long one.
//===----------------------------------------------------------------------===//

#include "runtime/data/tokenizer.h"
#include "runtime/data/utf8.h"
#include "runtime/services/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace seqc::data;
using seqc::runtime::Error;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::ThrowsMessage;

namespace {

TEST(Tokenizer, BasicEnglishPartsWordsAndMarks) {
  EXPECT_THAT(tokensOf(Tokenizer::BasicEnglish,
                       "It's GREAT,<br /><br />\"really\": 10/10 (wow)!"),
              ElementsAre("it", "'", "s", "great", ",", "really", "10/10", "(",
                          "wow", ")", "!"));
}

TEST(Tokenizer, BasicEnglishLowersEveryScript) {
  EXPECT_THAT(tokensOf(Tokenizer::BasicEnglish, "ÉCLAIR ΣΟΦΙΑ Мир"),
              ElementsAre("éclair", "σοφια", "мир"));
}

TEST(Tokenizer, WhitespaceIsThatOfUnicode) {
  EXPECT_THAT(tokensOf(Tokenizer::Whitespace, " a\tB,\u00A0c\u3000d\n"),
              ElementsAre("a", "B,", "c", "d"));
}

TEST(Tokenizer, CharactersKeepTheirBytes) {
  EXPECT_THAT(tokensOf(Tokenizer::Characters, "aé 漢"),
              ElementsAre("a", "é", " ", "漢"));
}

TEST(Tokenizer, BytesAreHexadecimal) {
  EXPECT_THAT(tokensOf(Tokenizer::Bytes, "A\xFF"), ElementsAre("41", "ff"));
}

TEST(Tokenizer, SpellsTokensBehindOthers) {
  auto spelling = [](Tokenizer tokenizer, std::string_view text) {
    std::string spelt;
    for (const std::string &token : tokensOf(tokenizer, text))
      spelt += spellingOf(tokenizer, token, spelt.empty());
    return spelt;
  };
  EXPECT_EQ(spelling(Tokenizer::Characters, "a \u00e9\n"), "a \u00e9\n");
  EXPECT_EQ(spelling(Tokenizer::Bytes, "a\xff"), "a\xff");
  EXPECT_EQ(spelling(Tokenizer::Whitespace, "one  two"), "one two");
  EXPECT_EQ(spelling(Tokenizer::BasicEnglish, "So, it was."), "so, it was.");
  EXPECT_EQ(spellingOf(Tokenizer::Bytes, "<unk>", true), "<unk>");
  EXPECT_EQ(spellingOf(Tokenizer::Bytes, "zz", true), "zz");
  EXPECT_EQ(spellingOf(Tokenizer::Bytes, "-1", true), "-1");
}

TEST(Tokenizer, NothingHasNoTokens) {
  for (std::string_view name :
       {"basic-english", "whitespace", "characters", "bytes"}) {
    EXPECT_THAT(tokensOf(tokenizerNamed(name), ""), IsEmpty());
    EXPECT_EQ(nameOf(tokenizerNamed(name)), name);
  }
}

TEST(Tokenizer, TellsWhichThereAre) {
  EXPECT_THAT([] { tokenizerNamed("bpe"); },
              ThrowsMessage<Error>(HasSubstr(
                  "there is no tokenizer `bpe`: it is one of basic-english, "
                  "whitespace, characters, bytes")));
  EXPECT_THAT([] { truncationNamed("middle"); },
              ThrowsMessage<Error>(HasSubstr("head, tail, ends")));
}

std::vector<int> truncated(std::vector<int> tokens, size_t length,
                           std::string_view kept) {
  truncate(tokens, length, truncationNamed(kept));
  return tokens;
}

TEST(Truncation, KeepsWhatIsAskedFor) {
  EXPECT_THAT(truncated({1, 2, 3, 4, 5}, 3, "head"), ElementsAre(1, 2, 3));
  EXPECT_THAT(truncated({1, 2, 3, 4, 5}, 3, "tail"), ElementsAre(3, 4, 5));
  EXPECT_THAT(truncated({1, 2, 3, 4, 5}, 3, "ends"), ElementsAre(1, 2, 5));
  EXPECT_THAT(truncated({1, 2, 3}, 3, "ends"), ElementsAre(1, 2, 3));
  EXPECT_THAT(truncated({1, 2, 3}, 0, "tail"), IsEmpty());
}

TEST(Utf8, ReplacesWhatIsNoCharacter) {
  bool isBroken = false;
  EXPECT_EQ(repaired("\xEF\xBB\xBFok", isBroken), "ok");
  EXPECT_FALSE(isBroken);
  // A byte alone, a character cut short, a surrogate, an overlong slash.
  for (std::string_view broken :
       {"\x80", "\xE2\x82", "\xED\xA0\x80", "\xC0\xAF"}) {
    isBroken = false;
    const std::string text = repaired(broken, isBroken);
    EXPECT_TRUE(isBroken);
    EXPECT_EQ(text.size(), 3 * broken.size());
  }
}

} // namespace
