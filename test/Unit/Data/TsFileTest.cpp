//===- TsFileTest.cpp - Time series of the UEA and UCR archives -----------===//
// Samples of different lengths, and faults with their lines.
//===----------------------------------------------------------------------===//

#include "runtime/data/ts_file.h"
#include "runtime/services/error.h"
#include "test/Unit/Data/Trees.h"

#include <cstdlib>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace seqc::data;
using seqc::runtime::Error;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

namespace {

const std::string kHeader = "# Vowels\n@problemName V\n@timeStamps false\n"
                            "@classLabel true a b\n@data\n";

class TsFileTest : public ReaderTest<TsFile> {
protected:
  TsFileTest() : ReaderTest("v.ts") {}
};

TEST_F(TsFileTest, HasSamplesOfTheirOwnLengths) {
  const TsFile file = read(kHeader + "1,2,3:4,5,6:b\r\n-0.5:1e1:a\r\n");
  EXPECT_THAT(file.classes, ElementsAre("a", "b"));
  EXPECT_EQ(file.dimensions, 2);
  ASSERT_EQ(file.samples.size(), 2u);
  EXPECT_EQ(file.samples[0].length, 3);
  EXPECT_EQ(file.samples[0].label, 1);
  EXPECT_THAT(file.samples[0].values, ElementsAre(1, 4, 2, 5, 3, 6));
  EXPECT_THAT(file.samples[1].values, ElementsAre(-0.5, 10));
  EXPECT_EQ(file.samples[1].line, 7);
}

TEST_F(TsFileTest, TellsFaultsWithTheirLines) {
  expectError(kHeader + "1,2:3,4:c\n",
              "v.ts:6: `c` is none of the classes a, b");
  expectError(kHeader + "1,2:3:a\n",
              "v.ts:6: series 2 has 1 steps, and the first one 2");
  expectError(kHeader + "1,2:3,4:a\n1,2:a\n",
              "v.ts:7: there are 1 series, and 2 before");
  expectError(kHeader + "1,?:3,4:a\n",
              "v.ts:6: series 1, step 2: `?` is no number");
  expectError(kHeader + "a\n", "v.ts:6: there is no series");
  expectError(kHeader, "has no samples");
  expectError("", "has no samples");
  expectError("1,2:a\n", "v.ts:1: the samples begin before `@data`");
  expectError("@data\n1:a\n", "v.ts:1: no `@classLabel true`");
  expectError("@timestamps true\n",
              "v.ts:1: series with time stamps cannot be read");
}

/// The archive's own file, where SEQC_DATA says where it is.
TEST(JapaneseVowels, AreRead) {
  const char *data = std::getenv("SEQC_DATA");
  if (!data)
    GTEST_SKIP() << "SEQC_DATA does not name a folder with vowels/";
  const TsFile file =
      TsFile::read(std::string(data) + "/vowels/JapaneseVowels_TRAIN.ts");
  EXPECT_EQ(file.classes.size(), 9u);
  EXPECT_EQ(file.dimensions, 12);
  EXPECT_EQ(file.samples.size(), 270u);
}

} // namespace
