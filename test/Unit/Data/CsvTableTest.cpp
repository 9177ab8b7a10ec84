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
