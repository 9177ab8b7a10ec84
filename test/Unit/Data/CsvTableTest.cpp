//===- CsvTableTest.cpp - Tables of text with named columns ---------------===//
// Separators, quotes, lines; and faults with their places.
//===----------------------------------------------------------------------===//

#include "runtime/data/csv_table.h"
#include "runtime/data/number.h"
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

class CsvTableTest : public ReaderTest<CsvTable> {
protected:
  CsvTableTest() : ReaderTest("t.csv") {}
};

TEST_F(CsvTableTest, HasNamedColumns) {
  const CsvTable table = read("month,spots\n1749-01,58\n1749-02, 62.6 \n");
  EXPECT_THAT(table.columns(), ElementsAre("month", "spots"));
  ASSERT_EQ(table.rows(), 2);
  EXPECT_EQ(table.text(0, table.column("month")), "1749-01");
  EXPECT_EQ(table.number(1, table.column("spots")), 62.6);
}

TEST_F(CsvTableTest, TakesTabsSemicolonsAndOneColumn) {
  EXPECT_EQ(read("a\tb\n1,5\t2\n").text(0, 0), "1,5");
  EXPECT_EQ(read("a;b\n1;2\n").number(0, 1), 2);
  EXPECT_EQ(read("a\n1\n2").number(1, 0), 2);
}

TEST_F(CsvTableTest, KnowsQuotesAndOtherLineEnds) {
  const CsvTable table = read(
      "\xEF\xBB\xBF\"a\",b\r\n\"x, \"\"y\"\"\",1\r\n\r\n\"two\nlines\",2\r\n"
      "z,3\r\n");
  ASSERT_EQ(table.rows(), 3);
  EXPECT_EQ(table.columns()[0], "a");
  EXPECT_EQ(table.text(0, 0), "x, \"y\"");
  EXPECT_EQ(table.text(1, 0), "two\nlines");
  EXPECT_THAT(table.place(1), HasSubstr("t.csv:4"));
  EXPECT_THAT(table.place(2), HasSubstr("t.csv:6"));
}

TEST_F(CsvTableTest, MayBeGivenItsNames) {
  const std::string path = folder / "pairs.txt";
  std::ofstream(path) << "# 1\tUn !\nGo.\tVa !\n";
  const CsvTable table = CsvTable::read(path, {.names = {"en", "fr"}});
  EXPECT_THAT(table.columns(), ElementsAre("en", "fr"));
  ASSERT_EQ(table.rows(), 2);
  EXPECT_EQ(table.text(0, 0), "# 1");
  EXPECT_EQ(table.text(1, table.column("fr")), "Va !");
  EXPECT_THAT(table.place(1), HasSubstr("pairs.txt:2"));
  EXPECT_THAT(
      [&] {
        CsvTable::read(path, {.names = {"a", "b", "c"}});
      },
      ThrowsMessage<Error>(
          HasSubstr("pairs.txt:1: there are 2 cells, and 3 columns")));
  EXPECT_THAT(
      [&] {
        CsvTable::read(path, {.names = {"a", "a"}});
      },
      ThrowsMessage<Error>("the columns' names: two columns have the "
                           "name `a`"));
  EXPECT_THAT(
      [&] {
        CsvTable::read(path, {.names = {"a", ""}});
      },
      ThrowsMessage<Error>("the columns' names: a column has no name"));
}

TEST_F(CsvTableTest, IsPartedAsItsNamesSay) {
  const auto first = [&](const std::string &text,
                         const std::vector<std::string> &names) {
    const std::string path = folder / "t.txt";
    std::ofstream(path) << text;
    return CsvTable::read(path, {.names = names}).text(0, 0);
  };
  EXPECT_EQ(first("Hello, world\nbye\n", {"a"}), "Hello, world");
  EXPECT_EQ(first("Hallo, du;Hello, you, there\n", {"a", "b"}), "Hallo, du");
  EXPECT_EQ(first("\"a\nb\"\tc\nd\te\n", {"a", "b"}), "a\nb");
}

TEST_F(CsvTableTest, MayHaveQuotesThatAreCharacters) {
  const std::string path = folder / "t.tsv";
  std::ofstream(path) << "a\tb\n\"Go,\" he said.\tan open \"\n\"x\"\ty\n";
  const CsvTable table = CsvTable::read(path, {.hasQuotes = false});
  ASSERT_EQ(table.rows(), 2);
  EXPECT_EQ(table.text(0, 0), "\"Go,\" he said.");
  EXPECT_EQ(table.text(0, 1), "an open \"");
  EXPECT_EQ(table.text(1, 0), "\"x\"");
  EXPECT_THAT(
      [&] { CsvTable::read(path); },
      ThrowsMessage<Error>(HasSubstr("--no-quotes takes them as they are")));
}

TEST_F(CsvTableTest, TellsWhatIsNoNumber) {
  const CsvTable table = read("a,b\n1,2\n3,n/a\n5,\n");
  EXPECT_THAT([&] { table.number(1, 1); },
              ThrowsMessage<Error>(
                  HasSubstr("t.csv:3: column `b`: `n/a` is no number")));
  EXPECT_THAT([&] { table.number(2, 1); },
              ThrowsMessage<Error>(HasSubstr("t.csv:4: column `b`: ``")));
}

TEST_F(CsvTableTest, TellsWhichColumnsThereAre) {
  const CsvTable table = read("a,b\n1,2\n");
  EXPECT_THAT(
      [&] { table.column("c"); },
      ThrowsMessage<Error>(HasSubstr("has no column `c`: it has a, b")));
}

TEST_F(CsvTableTest, TellsFaultsOfTheFile) {
  expectError("", "is empty");
  expectError("\n\n", "is empty");
  expectError("a,b\n", "has no rows");
  expectError("a,a\n1,2\n", "t.csv:1: two columns have the name `a`");
  expectError("a,\n1,2\n", "t.csv:1: a column has no name");
  expectError("a,b\n1,2\n3\n", "t.csv:3: there are 1 cells, and 2 columns");
  expectError("a,b\n1,2,3\n", "t.csv:2: there are 3 cells, and 2 columns");
  expectError("a,b\n\"1,2\n3,4\n", "t.csv:2: a quotation mark is open");
  expectError("a,b\n1\"x,2\n", "t.csv:2: a quotation mark");
  expectError("a,b\n\xFF,2\n", "t.csv:2: the text is no valid UTF-8");
  EXPECT_THAT([] { CsvTable::read("/no/such.csv"); },
              ThrowsMessage<Error>(HasSubstr("cannot read `/no/such.csv`")));
}

TEST(Number, IsFiniteAndDecimal) {
  for (const char *text : {"1", "-2.5", "+3", "1e-3", " 7\t", ".5", "3e38"})
    EXPECT_TRUE(numberIn(text)) << text;
  for (const char *text : {"", " ", "nan", "inf", "1,5", "0x10", "1 2", "+-1",
                           "1e999", "1e39", "-1e39", "one"})
    EXPECT_FALSE(numberIn(text)) << text;
}

} // namespace
