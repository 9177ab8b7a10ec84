//===- trainer_state.h - The inside of a trainer --------------------------===//
// For the files of Trainer alone: steps, and weights and checkpoints.
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_SERVICES_TRAINER_STATE_H
#define SEQC_RUNTIME_SERVICES_TRAINER_STATE_H

#include "runtime/services/trainer.h"

namespace seqc::runtime {

struct Trainer::State {
  State(TrainingPrograms programs, TrainerOptions options);

  StepResult step(const CheckedInputs &batch,
                  const std::vector<int64_t> &sampleIds);
  StepResult stepInChunks(const CheckedInputs &batch,
                          const std::vector<int64_t> &sampleIds);
  /// Sums and weights of each sample, as the model is outside training.
  std::vector<Tensor> evaluate(const ViewMap &batch);
  /// Takes the weights' new values up, wherever they are packed.
  void publishWeights();
  /// Nothing accumulated, no update made; the weights stay.
  void restart();
  const Session &evaluation();

  Measures addBatch(const CheckedInputs &batch,
                    const std::vector<int64_t> &sampleIds,
                    const std::vector<TensorView> &statesOut);
  RunOptions runOptions(const CheckedInputs &batch,
                        const std::vector<int64_t> &sampleIds) const;
  int32_t callStep(const CheckedInputs &batch, const RunOptions &run,
                   const std::vector<TensorView> &outputs,
                   const std::vector<TensorView> &statesOut);
  [[noreturn]] void failNotFinite(const CheckedInputs &batch,
                                  const Measures &measures);
  bool isComplete() const { return pending.batches >= spec.accumulate; }
  void conclude(StepResult &result);
  void report(StepResult &result, const Measures &measures) const;

  TrainingSpec spec;
  TrainerOptions options;
  Program program;
  std::function<Program()> makeEvaluation;
  MeasureReader reader;
  Optimizer optimizer;
  Schedule schedule;

  std::vector<Tensor> params;
  /// Sums over all batches since the last update, then those of one batch where
  /// several are accumulated; in the order of the signature's gradients.
  std::vector<Tensor> gradients;
  std::vector<Tensor> batchGradients;

  Session session;
  /// Made at the first measuring, and given the weights when they are asked
  /// for.
  std::optional<Session> evaluationSession;
  bool isEvaluationStale = true;

  /// Since the last update.
  struct Pending {
    Measures measures;
    int64_t batches = 0;
    int64_t samples = 0;
    /// Of the update, which comes with the last batch.
    Schedule::Plan plan;
    double gradientNorm = 0;
  };
  Pending pending;
  int64_t steps = 0;
  int64_t batches = 0;
  /// The weight by which the gradients of the last update are to be divided.
  double lastWeight = 0;
};

} // namespace seqc::runtime

#endif // SEQC_RUNTIME_SERVICES_TRAINER_STATE_H
