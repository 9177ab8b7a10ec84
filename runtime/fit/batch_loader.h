//===- batch_loader.h - The next batch, made while one is trained ---------===//
// Owns a thread's worth of work ahead of the trainer.
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_FIT_BATCH_LOADER_H
#define SEQC_RUNTIME_FIT_BATCH_LOADER_H

#include "runtime/data/length_batches.h"
#include "runtime/data/samples.h"

#include <future>

namespace seqc::fit {

/// Batches of samples of about one length, in the order that the seed gives.
class BatchLoader {
public:
  struct Batch {
    std::vector<int64_t> rows;
    runtime::TensorMap tensors;
  };

  /// `samples` must outlive the loader. Begins with batch `first`.
  BatchLoader(const data::Samples &samples, int64_t seed, int64_t size,
              int64_t first);

  int64_t batchesOfEpoch() const { return order.batchesOfEpoch(); }

  /// The next batch; the one behind it is begun.
  Batch next();

private:
  void begin();

  const data::Samples &samples;
  data::LengthBatches order;
  int64_t number;
  std::future<Batch> ahead;
};

/// All samples, the longest first, in batches: for what does not train.
std::vector<std::vector<int64_t>> batchesByLength(const data::Samples &samples,
                                                  int64_t size);

} // namespace seqc::fit

#endif // SEQC_RUNTIME_FIT_BATCH_LOADER_H
