//===- length_batches.h - Batches of samples of about one length ----------===//
// Owns the order in which samples are drawn: by chance, but so that little of a
// batch is padding.
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_DATA_LENGTH_BATCHES_H
#define SEQC_RUNTIME_DATA_LENGTH_BATCHES_H

#include <cstdint>
#include <vector>

namespace seqc::data {

/// In each epoch all samples once, in batches that are a function of the seed
/// and of the epoch alone: whoever goes on later draws the same.
///
/// The samples are shuffled and parted into groups of some batches; a group is
/// sorted by length and cut into batches, and all batches are shuffled. So
/// samples of one length are together by chance, and a batch may come at any
/// time.
class LengthBatches {
public:
  /// `lengths`: the steps of each sample, of which there is at least one.
  /// `size`: samples of a batch; the last one of a group may have fewer.
  LengthBatches(int64_t seed, std::vector<int64_t> lengths, int64_t size,
                int64_t batchesOfGroup = 32);

  int64_t batchesOfEpoch() const;

  /// The samples of batch `number`, from 0, over all epochs; the longest first.
  std::vector<int64_t> draw(int64_t number);

private:
  void begin(int64_t epoch);

  int64_t seed;
  std::vector<int64_t> lengths;
  int64_t size, group;
  /// The epoch of `batches`; -1: none yet.
  int64_t begun = -1;
  std::vector<std::vector<int64_t>> batches;
};

} // namespace seqc::data

#endif // SEQC_RUNTIME_DATA_LENGTH_BATCHES_H
