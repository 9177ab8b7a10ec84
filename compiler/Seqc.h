//===- Seqc.h - Compile a model and call it -------------------------------===//
// The C++ interface. Tensors, errors and DLPack are those of
// runtime/services; no header of LLVM is needed.
//
//   seqc::Model model = seqc::Model::fromFile("lstm.seq");
//   model.loadWeights("lstm.safetensors");
//   auto result = model.run({{"x", seqc::TensorView(samples, {1, 50, 8})}});
//   const float *y = result.outputs.at("output").data<float>();
//
// or train one that has a `train` block:
//
//   seqc::Trainer trainer = seqc::Trainer::fromFile("lstm.seq");
//   for (const seqc::ViewMap &batch : batches)
//     std::cout << trainer.step(batch).loss << "\n";
//   trainer.saveWeights("lstm.safetensors");
//
// Compiled code can be kept on disk: see CompileOptions::cacheFolder.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_SEQC_H
#define SEQC_COMPILER_SEQC_H

#include "compiler/Driver/Compilation.h"
#include "runtime/services/dlpack.h"
#include "runtime/services/error.h"
#include "runtime/services/session.h"
#include "runtime/services/trainer.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace seqc {

using runtime::copyDLPack;
using runtime::Error;
using runtime::RunOptions;
using runtime::RunResult;
using runtime::StepResult;
using runtime::Tensor;
using runtime::TensorMap;
using runtime::TensorView;
using runtime::toDLPack;
using runtime::Unused;
using runtime::viewDLPack;
using runtime::ViewMap;

/// A compiled model with its weights. Everything that fails throws Error with
/// text for the user. Once it has weights, `run` and `grad` may be called from
/// several threads at once.
class Model {
public:
  /// Checks and compiles for this machine. `options.goal` is Inference, or
  /// Gradient for a model that is asked for gradients too.
  static Model fromFile(const std::string &path,
                        const CompileOptions &options = {});
  static Model fromText(const std::string &text,
                        const CompileOptions &options = {});
  static Model fromSource(const SourceText &source,
                          const CompileOptions &options = {});
  Model(Model &&) noexcept;
  Model &operator=(Model &&) noexcept;
  ~Model();

  const runtime::Signature &signature() const;

  /// Binds the parameters: from a `.safetensors` file, from tensors by name
  /// (which are copied), or drawn from a seed.
  void loadWeights(const std::string &path, Unused unused = Unused::Reject);
  void setWeights(const ViewMap &tensors, Unused unused = Unused::Reject);
  void initializeWeights(int64_t seed);

  /// Runs the model on a batch: inputs [B, ...] by name, `x.lengths` for
  /// ragged ones.
  RunResult run(const ViewMap &inputs, const RunOptions &options = {}) const;

  /// The product of a vector and the model's Jacobian: for a number L whose
  /// gradients with respect to outputs are `outputGradients` (by the outputs'
  /// names and in their shapes; those left out are zero), the result's
  /// `gradients` are those of L with respect to parameters (summed over the
  /// batch), inputs and carried states, by name. Only of a model that was
  /// compiled with the goal Gradient.
  RunResult grad(const ViewMap &inputs, const ViewMap &outputGradients,
                 const RunOptions &options = {}) const;

  /// The bound functions, for calls that neither allocate nor check. Throws if
  /// there are no weights yet.
  const runtime::Session &session() const;

private:
  Model(const SourceText &source, const CompileOptions &options);

  struct State;
  std::unique_ptr<State> state;
};

/// Threads and seed of a training.
struct TrainOptions {
  /// Of the first weights and of all dropout.
  int64_t seed = 0;
  int32_t threads = 1;
};

/// The training of a model as its `train` block describes it. The same seed and
/// the same batches give the same bits, whatever the number of threads.
class Trainer : public runtime::Trainer {
public:
  /// Checks and compiles for this machine; the model's weights have their
  /// first values. `options.goal` does not matter.
  static Trainer fromFile(const std::string &path,
                          const CompileOptions &options = {},
                          const TrainOptions &training = {});
  static Trainer fromText(const std::string &text,
                          const CompileOptions &options = {},
                          const TrainOptions &training = {});
  /// Of programs that are compiled already.
  explicit Trainer(runtime::TrainingPrograms programs,
                   const TrainOptions &training = {});

private:
  Trainer(runtime::TrainingPrograms programs, int64_t seed,
          std::shared_ptr<seqc_team> team);

  std::shared_ptr<seqc_team> team;
};

/// How a loss depends on what a model's recurrences keep from step to step: the
/// gradient of each sample's loss by each state at each step, as the model is
/// outside training. Of a model with a `train` block.
class StateGradients {
public:
  /// Checks and compiles for this machine. `options.goal` does not matter.
  static StateGradients fromSource(const SourceText &source,
                                   const CompileOptions &options = {});

  void setWeights(const ViewMap &tensors, Unused unused = Unused::Reject);
  void initializeWeights(int64_t seed);

  /// What a call takes: inputs and targets of the `train` block.
  const runtime::Signature &signature() const;

  struct OfState {
    /// [B, T, ...]: at position t of each sample.
    Tensor gradient;
    /// The samples' steps; empty: all have T.
    std::vector<int64_t> lengths;
    /// The recurrence runs from the last position to the first.
    bool isBackward = false;
  };

  /// By the name of the state, as `lstm.h_l0` or `lstm.h_l1_reverse`.
  std::map<std::string, OfState> run(const ViewMap &inputs,
                                     const RunOptions &options = {}) const;

private:
  explicit StateGradients(runtime::Program program);

  runtime::Program program;
  /// Of the program without the inputs that stand for what is added to states.
  runtime::Signature asked;
  std::vector<Tensor> weights;
};

/// The same model, run by the interpreter in double precision, sample by
/// sample: slow, and what the compiled model is held against. One call at a
/// time.
class ReferenceModel {
public:
  static ReferenceModel fromFile(const std::string &path,
                                 const CompileOptions &options = {});
  static ReferenceModel fromText(const std::string &text,
                                 const CompileOptions &options = {});

  const runtime::Signature &signature() const;

  void loadWeights(const std::string &path, Unused unused = Unused::Reject);
  void setWeights(const ViewMap &tensors, Unused unused = Unused::Reject);
  void initializeWeights(int64_t seed);

  RunResult run(const ViewMap &inputs, const RunOptions &options = {}) const;

private:
  explicit ReferenceModel(Compilation compilation);

  Compilation compilation;
  std::vector<Tensor> weights;
};

} // namespace seqc

#endif // SEQC_COMPILER_SEQC_H
