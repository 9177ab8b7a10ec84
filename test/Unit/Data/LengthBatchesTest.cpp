//===- LengthBatchesTest.cpp - Batches of samples of about one length -----===//
// Every sample once an epoch, little padding, and the same again.
//===----------------------------------------------------------------------===//

#include "runtime/data/length_batches.h"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <numeric>

using namespace seqc::data;
using testing::ElementsAreArray;

namespace {

/// Between 1 and 100.
std::vector<int64_t> someLengths(int64_t count) {
  std::vector<int64_t> lengths;
  for (int64_t i = 0; i < count; ++i)
    lengths.push_back(1 + i * 37 % 100);
  return lengths;
}

std::vector<std::vector<int64_t>> epochOf(LengthBatches &batches,
                                          int64_t epoch) {
  std::vector<std::vector<int64_t>> drawn;
  const int64_t count = batches.batchesOfEpoch();
  for (int64_t i = 0; i < count; ++i)
    drawn.push_back(batches.draw(epoch * count + i));
  return drawn;
}

TEST(LengthBatches, HoldEachSampleOnceInAnEpoch) {
  LengthBatches batches(3, someLengths(1003), 8, 16);
  std::vector<int64_t> all(1003);
  std::iota(all.begin(), all.end(), 0);
  for (int64_t epoch : {0, 1}) {
    std::vector<int64_t> seen;
    for (const std::vector<int64_t> &batch : epochOf(batches, epoch)) {
      EXPECT_LE(batch.size(), 8u);
      seen.insert(seen.end(), batch.begin(), batch.end());
    }
    std::sort(seen.begin(), seen.end());
    EXPECT_THAT(seen, ElementsAreArray(all));
  }
  EXPECT_NE(epochOf(batches, 0), epochOf(batches, 1));
}

TEST(LengthBatches, HaveLittlePadding) {
  const std::vector<int64_t> lengths = someLengths(3200);
  LengthBatches batches(1, lengths, 32);
  int64_t padded = 0;
  for (const std::vector<int64_t> &batch : epochOf(batches, 0)) {
    // The longest first.
    EXPECT_TRUE(
        std::is_sorted(batch.begin(), batch.end(), [&](int64_t a, int64_t b) {
          return lengths[a] > lengths[b];
        }));
    padded += lengths[batch.front()] * static_cast<int64_t>(batch.size());
  }
  const int64_t all =
      std::accumulate(lengths.begin(), lengths.end(), int64_t{0});
  EXPECT_LT(padded, all * 1.05);
}

TEST(LengthBatches, ComeInNoOrderOfLength) {
  const std::vector<int64_t> lengths = someLengths(3200);
  LengthBatches batches(1, lengths, 32);
  int64_t rises = 0, before = 0;
  for (const std::vector<int64_t> &batch : epochOf(batches, 0)) {
    rises += lengths[batch.front()] > before;
    before = lengths[batch.front()];
  }
  EXPECT_GT(rises, 30);
  EXPECT_LT(rises, 70);
}

TEST(LengthBatches, DependOnSeedAndNumberAlone) {
  LengthBatches batches(3, someLengths(500), 7), again(3, someLengths(500), 7),
      other(4, someLengths(500), 7);
  for (int64_t number : {0, 1, 150})
    batches.draw(number);
  EXPECT_EQ(batches.draw(100), again.draw(100));
  EXPECT_NE(batches.draw(100), other.draw(100));
}

TEST(LengthBatches, TakeFewSamples) {
  LengthBatches batches(0, {5}, 32);
  EXPECT_EQ(batches.batchesOfEpoch(), 1);
  EXPECT_THAT(batches.draw(7), ElementsAreArray({0}));
}

} // namespace
