//===- fit.h - Training by epochs -----------------------------------------===//
// Owns the order of things in a training: batches, epochs, validation, which
// weights are the best, when to stop, what is kept on disk and when. The same
// seed and data give the same files, however often the training was stopped
// and however many threads worked on it.
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_FIT_FIT_H
#define SEQC_RUNTIME_FIT_FIT_H

#include "runtime/data/samples.h"
#include "runtime/services/trainer.h"

#include <atomic>
#include <string>

namespace seqc::fit {

struct FitOptions {
  int64_t epochs = 5;
  /// Samples of a batch.
  int64_t batch = 32;
  /// Ends after so many epochs without a better validation loss; 0: never.
  int64_t patience = 0;
  /// Where the best epoch's model goes; empty: nowhere. Beside it stand the
  /// last epoch's (lastPath) and a checkpoint (checkpointPath).
  std::string out;
  /// A checkpoint after so many batches, and after each epoch; 0: only then.
  int64_t checkpointBatches = 500;
  /// Goes into each file: what a model is besides its weights. A training that
  /// goes on must have the same.
  runtime::Metadata metadata;
  /// Ends after the batch at hand when it becomes true; may be null.
  const std::atomic<bool> *stop = nullptr;
};

/// `m.safetensors` to `m.last.safetensors`.
std::string lastPath(const std::string &out);
/// `m.safetensors` to `m.safetensors.ckpt`.
std::string checkpointPath(const std::string &out);

/// An epoch that is over.
struct Epoch {
  /// From 1.
  int64_t number = 0;
  /// `loss` and the metrics: while it was trained, and of the validation part
  /// after it (empty where there is none).
  runtime::Numbers training, validation;
  /// The mean of the gradient norms of its batches' updates (of a batch in
  /// chunks: of the last one).
  double gradientNorm = 0;
  /// Whether it is the best so far.
  bool isBest = false;
};

/// A batch that was trained.
struct Progress {
  /// From 0; of epochs, and of the batches of this one.
  int64_t epoch = 0;
  int64_t batch = 0;
  int64_t batchesOfEpoch = 0;
  int64_t samples = 0;
  /// Steps of all its samples, without padding.
  int64_t tokens = 0;
  /// Mean loss of the epoch up to here.
  double epochLoss = 0;
  const runtime::StepResult *result = nullptr;
};

/// Hears of what happens.
class Listener {
public:
  virtual ~Listener() = default;
  virtual void onBatch(const Progress &) {}
  virtual void onEpoch(const Epoch &) {}
};

enum class Ending {
  Complete,
  /// No better validation loss for too long.
  Early,
  /// Asked to.
  Stopped
};

struct FitResult {
  Ending ending = Ending::Complete;
  std::vector<Epoch> epochs;
  /// The number of the best epoch; 0: none.
  int64_t best = 0;
};

/// Trains until it is over. `resume` is a checkpoint to go on from; empty:
/// begins anew. Afterwards the trainer has the best epoch's weights.
///
/// Throws runtime::Error where a loss or gradients are not finite, with the
/// checkpoint from which one can go on, and where the checkpoint is of another
/// training.
FitResult fit(runtime::Trainer &trainer, const data::Samples &training,
              const data::Samples *validation, const FitOptions &options,
              Listener &listener, const std::string &resume = "");

} // namespace seqc::fit

#endif // SEQC_RUNTIME_FIT_FIT_H
