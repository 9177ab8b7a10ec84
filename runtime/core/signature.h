//===- signature.h - What a compiled model takes and gives ----------------===//
// Plain data, made by the compiler from a program's `seq.*` attributes, and
// all that the runtime knows of a model: names, types, shapes, and how each
// parameter begins. Orders are those of the calling convention (abi.h).
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_CORE_SIGNATURE_H
#define SEQC_RUNTIME_CORE_SIGNATURE_H

#include "runtime/core/abi.h"

#include <cstdint>
#include <string>
#include <vector>

namespace seqc::runtime {

/// Element types of the calling convention.
enum class ElementType : uint8_t { F32, Token, Bool };

/// A tensor of one sample (inputs, outputs, states) or of the model
/// (parameters). The batch is not part of it.
struct TensorSpec {
  std::string name;
  ElementType type = ElementType::F32;
  /// The size of each axis; of a dynamic axis -1.
  std::vector<int64_t> shape;
  /// For each axis the ordinal of its dynamic dimension (0: the first after
  /// the batch; those behind them are the signature's derived ones), or -1
  /// where the size is static.
  std::vector<int64_t> axes;
};

/// How a parameter's first value is drawn.
enum class InitKind : uint8_t { Constant, Uniform, Normal };

struct ParamSpec {
  TensorSpec tensor;
  InitKind init = InitKind::Constant;
  /// The constant; the bound of uniform(-v, v); the standard deviation.
  double initValue = 0;
  /// The ordinal of the draw in the program (see random.h).
  int64_t site = 0;
  /// Other names under which a file may hold the parameter, instead of its
  /// own (`seq.aliases`).
  std::vector<std::string> aliases;
  /// Names of other places of the model that share the parameter (`seq.ties`):
  /// a file may hold the same values under these too, or instead.
  std::vector<std::string> ties;
};

/// A dimension of results that follows from another: how many windows, one
/// every `stride` positions, a row has that is longer by `offset` than what the
/// first window needs.
struct DerivedDim {
  /// Its name in the model; empty where only other dimensions follow from it.
  std::string name;
  /// The ordinal of the other one: of a dynamic dimension, or of a derived one
  /// before this.
  int64_t source = 0;
  int64_t offset = -1;
  int64_t stride = 1;

  int64_t count(int64_t length) const {
    return length + offset < 0 ? 0 : (length + offset) / stride + 1;
  }
};

/// A gradient among the results of a program that was differentiated: that of
/// the argument of the same name, with its type.
struct GradientSpec {
  enum class Of : uint8_t { Param, Input, State };

  TensorSpec tensor;
  /// The gradient of a parameter is the whole batch's and has no batch axis;
  /// every call overwrites it.
  Of of = Of::Param;
};

struct Signature {
  std::string model;
  /// Names of the dynamic dimensions without the batch, by ordinal.
  std::vector<std::string> dims;
  /// For each dynamic dimension the one that encloses it, or -1: its lengths
  /// are then one for each sample.
  std::vector<int64_t> enclosing;
  /// Dimensions that results have besides: their ordinals follow those of
  /// `dims`. The calling convention does not name them.
  std::vector<DerivedDim> derived;
  std::vector<TensorSpec> inputs;
  std::vector<TensorSpec> outputs;
  /// They follow the outputs in `seqc_call.outputs`; none in inference.
  std::vector<GradientSpec> gradients;
  std::vector<ParamSpec> params;
  /// Carried states, in the order of states_in and states_out.
  std::vector<TensorSpec> states;
  /// One constant for each state whose first values the caller makes (of an
  /// optimizer, of a schedule); empty where the model makes them.
  std::vector<double> stateInit;
  /// The source file's name, for messages.
  std::string source;
};

/// What a `train` block says besides its program.
///
/// The training program's outputs are a scalar for each sample, in pairs:
/// `NAME.sum` and `NAME.weight` for each measure NAME. Its gradients are those
/// of the sum of `loss.sum` over the batch.
struct TrainingSpec {
  /// A run-time scalar of the optimizer whose value is a constant.
  struct Scalar {
    std::string name;
    double value = 0;
  };

  /// What is summed: the loss, which is the first and called `loss`, then what
  /// the metrics are made of.
  std::vector<std::string> measures;
  /// Each is a result of the schedule, or else the mean of a measure.
  std::vector<std::string> metrics;
  /// The bound of the norm of all gradients together; 0: none.
  double clipNorm = 0;
  /// The bound of each component, after that (the optimizer's program keeps
  /// it); 0: none.
  double clipValue = 0;
  /// How many batches make one update.
  int64_t accumulate = 1;
  /// Steps of a chunk of truncated back-propagation; 0: whole sequences.
  int64_t truncate = 0;
  /// Values of run-time scalars. Those that are not listed are outputs of the
  /// schedule.
  std::vector<Scalar> scalars;
};

/// The functions of a compiled model (abi.h); the last two of a training
/// program alone.
struct EntryPoints {
  seqc_packed_fn packed = nullptr;
  seqc_pack_fn pack = nullptr;
  seqc_workspace_fn workspace = nullptr;
  seqc_model_fn model = nullptr;
  seqc_step_fn step = nullptr;
  seqc_workspace_fn stepWorkspace = nullptr;
};

} // namespace seqc::runtime

#endif // SEQC_RUNTIME_CORE_SIGNATURE_H
