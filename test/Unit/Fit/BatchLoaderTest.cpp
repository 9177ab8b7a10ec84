//===- BatchLoaderTest.cpp - The next batch, made ahead -------------------===//

#include "runtime/fit/batch_loader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

using namespace seqc;
using namespace seqc::fit;
using testing::ElementsAre;

namespace {

data::Samples tenSamples() {
  std::vector<std::vector<int64_t>> texts;
  for (int64_t i = 0; i < 10; ++i)
    texts.emplace_back(static_cast<size_t>(1 + i % 4), i);
  data::Samples samples;
  samples.addTokens("text", texts);
  return samples;
}

TEST(BatchLoader, GivesAllSamplesInEachEpoch) {
  const data::Samples samples = tenSamples();
  BatchLoader loader(samples, /*seed=*/1, /*size=*/4, /*first=*/0);
  ASSERT_EQ(loader.batchesOfEpoch(), 3);
  for (int epoch = 0; epoch < 2; ++epoch) {
    std::set<int64_t> seen;
    for (int i = 0; i < 3; ++i) {
      const BatchLoader::Batch batch = loader.next();
      const runtime::Tensor &text = batch.tensors.at("text");
      ASSERT_EQ(text.shape().front(), std::ssize(batch.rows));
      for (size_t row = 0; row < batch.rows.size(); ++row) {
        EXPECT_EQ(text.data<int64_t>()[row * text.shape()[1]], batch.rows[row]);
        seen.insert(batch.rows[row]);
      }
    }
    EXPECT_EQ(seen.size(), 10u);
  }
}

TEST(BatchLoader, GoesOnAnywhere) {
  const data::Samples samples = tenSamples();
  BatchLoader all(samples, 1, 4, 0);
  for (int i = 0; i < 5; ++i)
    all.next();
  BatchLoader later(samples, 1, 4, 5);
  EXPECT_EQ(all.next().rows, later.next().rows);
}

TEST(BatchesByLength, AreTheLongestFirst) {
  EXPECT_THAT(batchesByLength(tenSamples(), 4),
              ElementsAre(ElementsAre(3, 7, 2, 6), ElementsAre(1, 5, 9, 0),
                          ElementsAre(4, 8)));
}

} // namespace
