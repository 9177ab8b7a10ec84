//===- TextFoldersTest.cpp - Texts in a folder for each class -------------===//
// The layouts that are read, and what is wrong with others.
//===----------------------------------------------------------------------===//

#include "runtime/data/text_folders.h"
#include "runtime/services/error.h"
#include "test/Unit/Data/Trees.h"

#include <cstdlib>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace seqc::data;
using seqc::runtime::Error;
using seqc::runtime::TemporaryDirectory;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::ThrowsMessage;

namespace {

class TextFoldersTest : public testing::Test {
protected:
  TextFolders read(const Tree &tree) {
    writeTree(folder / "", tree);
    return readTextFolders(folder / "", warnings);
  }

  TemporaryDirectory folder;
  Warnings warnings;
};

const Tree kReviews = {{"aclImdb/README", "About the reviews."},
                       {"aclImdb/imdb.vocab", "the\nand\n"},
                       {"aclImdb/train/pos/0_9.txt", "good"},
                       {"aclImdb/train/neg/0_2.txt", "bad"},
                       {"aclImdb/train/neg/1_1.txt", "worse"},
                       {"aclImdb/train/unsup/0_0.txt", "unknown"},
                       {"aclImdb/train/labeledBow.feat", "9 0:1"},
                       {"aclImdb/test/pos/0_10.txt", "best"},
                       {"aclImdb/test/neg/0_1.txt", "worst"}};

void expectReviews(const TextFolders &found) {
  EXPECT_THAT(found.classes, ElementsAre("neg", "pos"));
  ASSERT_EQ(found.parts.size(), 2u);
  const std::vector<LabelledText> &train = found.parts.at("train");
  ASSERT_EQ(train.size(), 3u);
  EXPECT_EQ(train[0].text, "bad");
  EXPECT_EQ(train[0].label, 0);
  EXPECT_EQ(train[1].text, "worse");
  EXPECT_EQ(train[2].text, "good");
  EXPECT_EQ(train[2].label, 1);
  EXPECT_THAT(train[2].name, HasSubstr("train/pos/0_9.txt"));
  EXPECT_EQ(found.parts.at("test").size(), 2u);
}

TEST_F(TextFoldersTest, ReadsReviewsAsTheyAreShipped) {
  expectReviews(read(kReviews));
  EXPECT_THAT(warnings.lines(), IsEmpty());
}

TEST_F(TextFoldersTest, ReadsTheirArchive) {
  writeArchive(folder / "aclImdb.tar.gz", kReviews);
  expectReviews(readTextFolders(folder / "aclImdb.tar.gz", warnings));
}

TEST_F(TextFoldersTest, ReadsTheInnerFolder) {
  writeTree(folder / "", kReviews);
  expectReviews(readTextFolders(folder / "aclImdb", warnings));
}

TEST_F(TextFoldersTest, ReadsATreeWithoutParts) {
  const TextFolders found = read({{"yes/1.txt", "a"}, {"no/1.txt", "b"}});
  EXPECT_THAT(found.classes, ElementsAre("no", "yes"));
  EXPECT_EQ(found.parts.at("").size(), 2u);
}

TEST_F(TextFoldersTest, OnePartAloneHasNoName) {
  const TextFolders found =
      read({{"data/train/yes/1.txt", "a"}, {"data/train/no/1.txt", "b"}});
  EXPECT_EQ(found.parts.at("").size(), 2u);
}

TEST_F(TextFoldersTest, CountsEmptyFilesAndBrokenText) {
  const TextFolders found = read({{"no/1.txt", ""},
                                  {"no/2.txt", ""},
                                  {"no/3.txt", "b"},
                                  {"yes/1.txt", "caf\xE9 noir"}});
  EXPECT_EQ(found.parts.at("").size(), 2u);
  EXPECT_EQ(found.parts.at("")[1].text, "caf\xEF\xBF\xBD noir");
  EXPECT_THAT(warnings.lines(),
              ElementsAre("yes/1.txt has bytes that are no valid UTF-8",
                          "no/1.txt is empty and left out (and 1 more)"));
}

TEST_F(TextFoldersTest, TellsThatThereAreNoTexts) {
  EXPECT_THAT(
      [&] {
        read({{"yes/1.html", "a"}});
      },
      ThrowsMessage<Error>(HasSubstr("has no texts")));
}

TEST_F(TextFoldersTest, TellsThatThereIsOneClassOnly) {
  EXPECT_THAT(
      [&] {
        read({{"yes/1.txt", "a"}, {"yes/2.txt", "b"}});
      },
      ThrowsMessage<Error>(HasSubstr("has one class only, `yes`")));
}

TEST_F(TextFoldersTest, TellsWhichClassIsMissing) {
  EXPECT_THAT(
      [&] {
        read({{"train/yes/1.txt", "a"},
              {"train/no/1.txt", "b"},
              {"test/yes/1.txt", "c"}});
      },
      ThrowsMessage<Error>(HasSubstr("part `test` has no class `no`")));
}

TEST_F(TextFoldersTest, TellsThatAllTextsAreEmpty) {
  EXPECT_THAT(
      [&] {
        read({{"yes/1.txt", ""}, {"no/1.txt", ""}});
      },
      ThrowsMessage<Error>(HasSubstr("all texts are empty")));
}

/// The archive itself, where SEQC_DATA says where it is.
TEST(LargeMovieReviews, AreReadFromTheirArchive) {
  const char *data = std::getenv("SEQC_DATA");
  if (!data)
    GTEST_SKIP() << "SEQC_DATA does not name a folder with "
                    "imdb/aclImdb_labeled.tar.gz";
  Warnings warnings;
  const TextFolders found = readTextFolders(
      std::string(data) + "/imdb/aclImdb_labeled.tar.gz", warnings);
  EXPECT_THAT(found.classes, ElementsAre("neg", "pos"));
  for (const char *part : {"train", "test"}) {
    int64_t positive = 0;
    for (const LabelledText &each : found.parts.at(part))
      positive += each.label;
    EXPECT_EQ(found.parts.at(part).size(), 25000u);
    EXPECT_EQ(positive, 12500);
  }
  EXPECT_THAT(warnings.lines(), IsEmpty());
}

} // namespace
