//===- trainer.h - Training steps on tensors ------------------------------===//
// Owns the parameters of a model that is being trained, their gradients, and
// what the compiled step and schedule of a `train` block are called with.
//
//   Trainer trainer(std::move(programs));
//   for (const ViewMap &batch : batches)
//     std::cout << trainer.step(batch).loss << "\n";
//   trainer.saveWeights("model.safetensors");
//
// The same seed, weights and batches give the same bits, for any number of
// threads.
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_SERVICES_TRAINER_H
#define SEQC_RUNTIME_SERVICES_TRAINER_H

#include "runtime/services/measures.h"
#include "runtime/services/optimizer.h"
#include "runtime/services/safetensors.h"
#include "runtime/services/schedule.h"
#include "runtime/services/session.h"

#include <functional>
#include <memory>
#include <optional>

namespace seqc::runtime {

/// What a `train` block compiles to.
struct TrainingPrograms {
  TrainingSpec spec;
  /// Inputs and targets to losses, metrics and gradients, and the update.
  Program step;
  /// What the optimizer that the update runs takes and gives.
  Signature optimizer;
  std::optional<Program> schedule;
  /// Makes the program that is as `step`, but without gradients and as the
  /// model is outside training. Called at the first measuring; null: nothing
  /// can be measured.
  std::function<Program()> evaluation;
};

struct TrainerOptions {
  /// Of the first weights and of all dropout.
  int64_t seed = 0;
  /// Works on the steps; it must outlive the trainer. Null: the caller's
  /// thread.
  seqc_team *team = nullptr;
  std::pmr::memory_resource *memory = nullptr;
};

struct StepResult {
  /// The number of the update that the batch belongs to, from 0 (of a batch
  /// that was trained in chunks: that of the first chunk).
  int64_t step = 0;
  /// Means over the batches since the last update.
  double loss = 0;
  Numbers metrics;
  /// The weight of that loss; 0: nothing was measured, and nothing updated.
  double weight = 0;
  /// The norm of the mean loss's gradient, before clipping, and the
  /// optimizer's run-time scalars: of the last update that this batch made.
  double gradientNorm = 0;
  Numbers scalars;
  /// The sums behind loss and metrics, of this batch alone.
  Measures measures;
  /// How many updates this batch made: 0 until there are as many batches as
  /// are accumulated, otherwise 1, or one for each chunk.
  int64_t updates = 0;
};

/// What a checkpoint holds for whoever trains.
struct CheckpointExtra {
  ViewMap tensors;
  Metadata metadata;
};

/// Not safe for calls from several threads at once.
class Trainer {
public:
  /// With the first values of all weights.
  explicit Trainer(TrainingPrograms programs, TrainerOptions options = {});
  Trainer(Trainer &&) noexcept;
  Trainer &operator=(Trainer &&) noexcept;
  ~Trainer();

  const Signature &signature() const;
  const TrainingSpec &spec() const;

  /// One batch: inputs and targets [B, ...] by name, and `x.lengths` of ragged
  /// ones. After as many of them as the `train` block accumulates, the sums of
  /// all are divided by the weight of the loss of all, once, and the weights
  /// are updated. With `truncate` the batch is trained chunk by chunk, each
  /// with the state that the one before it left and an update of its own.
  ///
  /// `sampleIds` are the logical numbers of the samples, by which dropout
  /// draws; empty: they are numbered on from the last update.
  ///
  /// Where loss or gradients are not finite, throws Error that says where that
  /// began and what to try; the weights and the optimizer's states are those
  /// after the last update, and what was accumulated since is dropped. A batch
  /// of weight 0 (no sample; every label ignored) changes no weight, but counts
  /// as a step.
  StepResult step(const ViewMap &batch,
                  const std::vector<int64_t> &sampleIds = {});

  /// Loss and metrics of a batch as the model is outside training. Measures of
  /// several batches can be added up before their means are taken.
  Measures measure(const ViewMap &batch);
  /// The same of each sample of the batch.
  std::vector<Measures> measureEach(const ViewMap &batch);
  /// `loss`, and each metric.
  Numbers means(const Measures &measures) const;

  /// The number of updates that were made, and of batches that were taken.
  int64_t steps() const;
  int64_t batches() const;
  int64_t seed() const;
  /// Whether no batch waits for others that are accumulated with it.
  bool isBetweenUpdates() const;
  /// Goes on as if so many updates had been made: dropout and the schedule
  /// depend on it.
  void setSteps(int64_t steps);

  /// Sets a run-time scalar of the optimizer that is a constant, as `lr`.
  void setScalar(const std::string &name, double value);

  /// The weights by name. Views see later updates.
  ViewMap weights() const;
  /// Of the mean loss, before clipping, at the last update: by the names of the
  /// weights.
  TensorMap gradients() const;
  /// Copies the weights; the optimizer begins anew.
  void setWeights(const ViewMap &tensors, Unused unused = Unused::Reject,
                  const std::string &file = "");
  void loadWeights(const std::string &path, Unused unused = Unused::Reject);
  void saveWeights(const std::string &path) const;

  /// A checkpoint holds the weights, each state as `seqc.optim.STATE.PARAM` or
  /// `seqc.schedule.STATE`, the seed and the two counts: from it, training goes
  /// on as if it had never stopped, to the bit. Saving between the batches of
  /// one update is an Error. `extra` goes with it: tensors and metadata whose
  /// names begin with `seqc.`, which loading leaves alone.
  void saveCheckpoint(const std::string &path,
                      const CheckpointExtra &extra = {}) const;
  void loadCheckpoint(const std::string &path);
  /// The seed of the training that a checkpoint is of.
  static int64_t seedOf(const std::string &checkpoint);

  /// Bytes of what a trainer holds between steps, and of a step's workspace.
  struct Memory {
    size_t params = 0;
    size_t gradients = 0;
    size_t optimizer = 0;
    size_t packed = 0;
  };
  Memory memory() const;

private:
  struct State;
  std::unique_ptr<State> state;
};

} // namespace seqc::runtime

#endif // SEQC_RUNTIME_SERVICES_TRAINER_H
