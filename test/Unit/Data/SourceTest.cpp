//===- SourceTest.cpp - Data that samples are made of ---------------------===//
// Which reader a path wants, and which dimensions data decide.
//===----------------------------------------------------------------------===//

#include "runtime/data/source.h"
#include "test/Unit/Data/Sources.h"

using namespace seqc::data;
using namespace seqc::runtime;
using testing::ElementsAre;
using testing::IsEmpty;

namespace {

//===----------------------------------------------------------------------===//
// Readers
//===----------------------------------------------------------------------===//

class ReadSourcesTest : public SourceTest {
protected:
  Sources read(const std::string &path, const Interface &interface) {
    return readSources(path, interface, options, warnings);
  }
  /// Where the first sample of the training part is.
  std::string firstPlace(const std::string &path, const Interface &interface) {
    const Sources sources = read(path, interface);
    EXPECT_EQ(sources.validation, nullptr);
    EXPECT_EQ(sources.test, nullptr);
    const int64_t first = sources.training->addresses().front();
    return withoutFolder(sources.training->place(first));
  }
  std::string errorOf(const std::string &path, const Interface &interface) {
    return messageOf([&] { read(path, interface); });
  }

  const Interface reader = model({text("text")});
  const Interface forecast = model({series("x"), target(number("next"))});
};

const Tree kTree = {{"no/1.txt", "a"}, {"yes/1.txt", "b"}};

TEST_F(ReadSourcesTest, ReadsFoldersAndArchives) {
  writeTree(folder / "d.csv", kTree);
  EXPECT_EQ(firstPlace(folder / "d.csv", reader), "no/1.txt");
  writeArchive(folder / "d.tar.gz", kTree);
  EXPECT_EQ(firstPlace(folder / "d.tar.gz", reader), "no/1.txt");
}

TEST_F(ReadSourcesTest, ReadsTables) {
  EXPECT_EQ(firstPlace(write("t.csv", "text,n\na,1\n"), reader), "t.csv:2");
  EXPECT_EQ(firstPlace(write("t.tsv", "text\tn\na\t1\n"), reader), "t.tsv:2");
}

TEST_F(ReadSourcesTest, ReadsWindowsOverTables) {
  options.window = 2;
  EXPECT_EQ(firstPlace(write("t.csv", "x\n1\n2\n3\n"), forecast), "t.csv:4");
}

TEST_F(ReadSourcesTest, ReadsSeries) {
  EXPECT_EQ(firstPlace(write("v.ts", "@classLabel true a b\n@data\n1:a\n"),
                       model({series("x")})),
            "v.ts:3");
}

TEST_F(ReadSourcesTest, ReadsATextInPieces) {
  EXPECT_EQ(firstPlace(write("t.txt", "a b"), reader), "t.txt: token 0");
}

TEST_F(ReadSourcesTest, ReadsATextAsATableWhoseColumnsAreNamed) {
  options.table.names = {"text", "n"};
  EXPECT_EQ(firstPlace(write("t.txt", "a\t1\n"), reader), "t.txt:1");
  writeTree(folder / "d", kTree);
  EXPECT_EQ(errorOf(folder / "d", reader),
            "--names names the columns of a table (.csv, .tsv, .txt), and `d` "
            "is none");
}

TEST_F(ReadSourcesTest, TellsThatThereIsNothing) {
  EXPECT_EQ(errorOf(folder / "t.csv", reader), "there is no `t.csv`");
}

TEST_F(ReadSourcesTest, TellsThatWindowsAreOverTables) {
  options.window = 2;
  writeTree(folder / "d", kTree);
  write("t.txt", "a b");
  write("v.ts", "@classLabel true a b\n@data\n1:a\n");
  for (const std::string name : {"d", "t.txt", "v.ts"})
    EXPECT_EQ(errorOf(folder / name, reader),
              "--window makes windows over a table (.csv, .tsv), and `" + name +
                  "` is none");
}

TEST_F(ReadSourcesTest, TellsWhatIsNoArchive) {
  EXPECT_THAT(errorOf(write("t.bin", "no archive"), reader),
              testing::StartsWith("cannot read the archive `t.bin`: "));
}

//===----------------------------------------------------------------------===//
// Dimensions
//===----------------------------------------------------------------------===//

/// Three tokens and two classes.
Recipe learnt() {
  Recipe recipe;
  recipe.vocabularies.emplace("V", Vocabulary({"<unk>", "a", "b"}, 1, "it"));
  recipe.classes = {"no", "yes"};
  recipe.classesOf = "label";
  return recipe;
}

/// Of `x` rows of two numbers, of `v` four.
Samples widths() {
  Samples samples;
  samples.addSeries("x", {{1, 2}}, 2);
  samples.addVectors("v", {{1, 2, 3, 4}}, 4);
  return samples;
}

TEST(Settings, AreVocabulariesAndClasses) {
  EXPECT_THAT(
      settingsFor(model({text("text"), label("label")}), learnt(), Samples()),
      ElementsAre("C=2", "V=3"));
}

TEST(Settings, AreWidths) {
  EXPECT_THAT(settingsFor(model({series("x"), vector("v", open("N"))}),
                          Recipe(), widths()),
              ElementsAre("I=2", "N=4"));
}

TEST(Settings, ReplaceDefaults) {
  EXPECT_THAT(settingsFor(model({text("text", usual("V", 100)),
                                 series("x", usual("I", 7))}),
                          learnt(), widths()),
              ElementsAre("I=2", "V=3"));
}

TEST(Settings, AreNotWhatTheUserGave) {
  EXPECT_THAT(settingsFor(model({text("text", given("V", 100)),
                                 label("label", given("C", 2)),
                                 series("x", given("I", 2))}),
                          learnt(), widths()),
              IsEmpty());
}

TEST(Settings, AreOfDimensionsOnly) {
  SizeSpec twice = open("2*I");
  twice.dimension = "";
  EXPECT_THAT(settingsFor(model({series("x", twice), number("label"),
                                 vector("v", written(4))}),
                          learnt(), widths()),
              IsEmpty());
}

TEST(Settings, MayBeAskedForTwice) {
  EXPECT_THAT(settingsFor(model({text("text"), text("next"),
                                 series("x", open("C")), label("label")}),
                          learnt(), widths()),
              ElementsAre("C=2", "V=3"));
}

TEST(Settings, TellInputsThatDisagree) {
  EXPECT_THAT(
      [] {
        settingsFor(model({text("text"), label("label", open("V"))}), learnt(),
                    Samples());
      },
      testing::ThrowsMessage<Error>(
          "the dimension `V` is 3 by the data for `text`: token<V>[T], and 2 "
          "by that for `label`: token<V>"));
}

TEST(Settings, TellAVocabularyThatIsTooLarge) {
  EXPECT_THAT(
      [] {
        settingsFor(model({text("text", given("V", 2))}), learnt(), Samples());
      },
      testing::ThrowsMessage<Error>("the vocabulary has 3 tokens, but `text`: "
                                    "token<V>[T] takes one of 2"));
}

} // namespace
