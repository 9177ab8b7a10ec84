//===- SamplesTest.cpp - Samples of a data set, in memory -----------------===//
// Batches of sequences that are not all as long.
//===----------------------------------------------------------------------===//

#include "runtime/data/samples.h"
#include "runtime/services/error.h"
#include "test/Unit/Data/Sources.h"

using namespace seqc::data;
using seqc::runtime::Error;
using seqc::runtime::TensorMap;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

namespace {

Samples texts() {
  Samples samples;
  samples.addTokens("text", {{1, 2, 3}, {}, {4}, {5, 6, 7}});
  samples.addNumbers("label", {0, 1, 0, 1});
  return samples;
}

TEST(Samples, ArePaddedToTheLongestOfABatch) {
  const TensorMap batch = texts().batch({2, 0});
  EXPECT_THAT(batch.at("text").shape(), ElementsAre(2, 3));
  EXPECT_THAT(valuesOf<int64_t>(batch.at("text")),
              ElementsAre(4, 0, 0, 1, 2, 3));
  EXPECT_THAT(valuesOf<int64_t>(batch.at("text.lengths")), ElementsAre(1, 3));
  EXPECT_THAT(batch.at("label").shape(), ElementsAre(2));
  EXPECT_THAT(valuesOf<float>(batch.at("label")), ElementsAre(0, 0));
}

TEST(Samples, HaveNoLengthsWhereAllAreAsLong) {
  const TensorMap batch = texts().batch({0, 3});
  EXPECT_EQ(batch.count("text.lengths"), 0u);
  EXPECT_THAT(batch.at("text").shape(), ElementsAre(2, 3));
}

TEST(Samples, MayHaveNoStep) {
  const TensorMap batch = texts().batch({1});
  EXPECT_THAT(batch.at("text").shape(), ElementsAre(1, 0));
}

TEST(Samples, HaveSeriesOfRows) {
  Samples samples;
  samples.addSeries("x", {{1, 2}, {3, 4, 5, 6}}, 2);
  samples.addTokens("class", std::vector<int64_t>{7, 8});
  const TensorMap batch = samples.batch({0, 1});
  EXPECT_THAT(batch.at("x").shape(), ElementsAre(2, 2, 2));
  EXPECT_THAT(valuesOf<float>(batch.at("x")),
              ElementsAre(1, 2, 0, 0, 3, 4, 5, 6));
  EXPECT_THAT(valuesOf<int64_t>(batch.at("x.lengths")), ElementsAre(1, 2));
  EXPECT_THAT(valuesOf<int64_t>(batch.at("class")), ElementsAre(7, 8));
}

TEST(Samples, KnowTheirLengths) {
  EXPECT_EQ(texts().count(), 4);
  EXPECT_EQ(texts().length(0), 3);
  EXPECT_EQ(texts().length(1), 1);
  EXPECT_EQ(Samples().count(), 0);
}

TEST(Samples, MustBeAsMany) {
  Samples samples = texts();
  EXPECT_THAT([&] { samples.addNumbers("weight", {1}); },
              ThrowsMessage<Error>(HasSubstr(
                  "`weight` has 1 samples, and what was read before has 4")));
}

} // namespace
