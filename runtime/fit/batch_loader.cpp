//===- batch_loader.cpp - The next batch, made while one is trained -------===//
// One task at a time.
//===----------------------------------------------------------------------===//

#include "runtime/fit/batch_loader.h"

#include <algorithm>
#include <numeric>

namespace seqc::fit {

static std::vector<int64_t> lengthsOf(const data::Samples &samples) {
  std::vector<int64_t> lengths;
  for (int64_t i = 0; i < samples.count(); ++i)
    lengths.push_back(samples.length(i));
  return lengths;
}

BatchLoader::BatchLoader(const data::Samples &samples, int64_t seed,
                         int64_t size, int64_t first)
    : samples(samples), order(seed, lengthsOf(samples), size), number(first) {
  begin();
}

void BatchLoader::begin() {
  ahead = std::async(std::launch::async,
                     [this, rows = order.draw(number)]() mutable {
                       runtime::TensorMap tensors = samples.batch(rows);
                       return Batch{std::move(rows), std::move(tensors)};
                     });
  ++number;
}

BatchLoader::Batch BatchLoader::next() {
  Batch batch = ahead.get();
  begin();
  return batch;
}

std::vector<std::vector<int64_t>> batchesByLength(const data::Samples &samples,
                                                  int64_t size) {
  const std::vector<int64_t> lengths = lengthsOf(samples);
  std::vector<int64_t> order(lengths.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](int64_t a, int64_t b) {
    return lengths[a] != lengths[b] ? lengths[a] > lengths[b] : a < b;
  });
  std::vector<std::vector<int64_t>> batches;
  for (auto from = order.begin(); from < order.end();) {
    auto to = from + std::min<int64_t>(size, order.end() - from);
    batches.emplace_back(from, to);
    from = to;
  }
  return batches;
}

} // namespace seqc::fit
