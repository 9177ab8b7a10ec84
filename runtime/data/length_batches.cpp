//===- length_batches.cpp - Batches of samples of about one length --------===//
// Shuffling, sorting, cutting, shuffling.
//===----------------------------------------------------------------------===//

#include "runtime/data/length_batches.h"

#include "runtime/services/batches.h"

#include <algorithm>

namespace seqc::data {

LengthBatches::LengthBatches(int64_t seed, std::vector<int64_t> lengths,
                             int64_t size, int64_t batchesOfGroup)
    : seed(seed), lengths(std::move(lengths)), size(size),
      group(size * batchesOfGroup) {}

int64_t LengthBatches::batchesOfEpoch() const {
  const auto samples = static_cast<int64_t>(lengths.size());
  // Groups hold whole batches, but for the last one.
  return (samples + size - 1) / size;
}

void LengthBatches::begin(int64_t epoch) {
  if (begun == epoch)
    return;
  begun = epoch;
  const auto samples = static_cast<int64_t>(lengths.size());
  std::vector<int64_t> order =
      runtime::shuffled(seed, epoch, samples, /*site=*/0);
  std::vector<int64_t> places(order.size());
  for (int64_t place = 0; place < samples; ++place)
    places[order[place]] = place;
  batches.clear();
  for (int64_t first = 0; first < samples; first += group) {
    auto from = order.begin() + first;
    auto to = order.begin() + std::min(first + group, samples);
    // Of equally long ones the shuffled order stays.
    std::sort(from, to, [&](int64_t a, int64_t b) {
      return lengths[a] != lengths[b] ? lengths[a] > lengths[b]
                                      : places[a] < places[b];
    });
    for (; from < to; from += std::min<int64_t>(size, to - from))
      batches.emplace_back(from, from + std::min<int64_t>(size, to - from));
  }
  std::vector<std::vector<int64_t>> mixed;
  for (int64_t batch :
       runtime::shuffled(seed, epoch, batchesOfEpoch(), /*site=*/1))
    mixed.push_back(std::move(batches[batch]));
  batches = std::move(mixed);
}

std::vector<int64_t> LengthBatches::draw(int64_t number) {
  begin(number / batchesOfEpoch());
  return batches[number % batchesOfEpoch()];
}

} // namespace seqc::data
