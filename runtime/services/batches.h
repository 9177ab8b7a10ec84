//===- batches.h - Batches out of tensors of all samples ------------------===//
// Owns the order in which samples are drawn, a function of the seed and of how
// many were drawn before: whoever goes on later draws the same.
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_SERVICES_BATCHES_H
#define SEQC_RUNTIME_SERVICES_BATCHES_H

#include "runtime/services/tensor.h"

namespace seqc::runtime {

/// 0 ... count-1 in an order that follows from the seed, the epoch and `site`,
/// which tells several orders of one epoch apart.
std::vector<int64_t> shuffled(int64_t seed, int64_t epoch, int64_t count,
                              uint32_t site = 0);

/// All samples in a shuffled order, then in another one, and so on: epochs
/// follow each other without a gap, so a batch may hold the last samples of one
/// and the first of the next.
class SampleOrder {
public:
  /// Of at least one sample, in batches of at least one.
  SampleOrder(int64_t seed, int64_t samples, int64_t batch)
      : seed(seed), samples(samples), batch(batch) {}

  /// The samples of batch `number`, from 0.
  std::vector<int64_t> draw(int64_t number);

private:
  int64_t seed;
  int64_t samples;
  int64_t batch;
  /// The epoch that `order` is of; -1: none yet.
  int64_t begun = -1;
  std::vector<int64_t> order;
};

/// These rows of each tensor, along its first axis.
TensorMap takeRows(const ViewMap &tensors, const std::vector<int64_t> &rows);

} // namespace seqc::runtime

#endif // SEQC_RUNTIME_SERVICES_BATCHES_H
