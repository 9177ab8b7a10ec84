//===- StepPlan.h - What is known of a training step ----------------------===//
// Parameters have fixed sizes: how their update is cut into tasks, and where
// tasks leave what others read, is decided when the step is compiled.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_CONVERSION_SEQTOLOOPS_STEPPLAN_H
#define SEQC_COMPILER_CONVERSION_SEQTOLOOPS_STEPPLAN_H

#include "compiler/Target/TargetDescription.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/BuiltinTypes.h"

#include <vector>

namespace seqc::loops {

/// A task has elements of one gradient. An optimizer that works on each element
/// for itself gets chunks that fit the second cache with all that belongs to
/// them; every other one whole tensors.
///
/// A step begins when the gradients are there, so that it has the workspace for
/// itself: first the partial norms of all tasks, then the scale, the states
/// that chunks share, what the optimizer has packed, the workers' parts.
struct StepPlan {
  struct Gradient {
    int64_t elements;
    /// The place of its parameter among all.
    int64_t param;
    /// The number of its first task; one for each chunk follows.
    int64_t firstTask;
  };
  /// A tensor of the optimizer's, with the batch in front.
  struct Tensor {
    mlir::RankedTensorType type;
    /// Whether it has an element for each of the parameter's.
    bool isOfElements() const {
      return type.getRank() == 2 && type.isDynamicDim(1);
    }
  };
  struct State : Tensor {
    /// Of a number that all chunks of a tensor read: where in its part of the
    /// workspace each leaves the next value. -1: the state is overwritten.
    int64_t offset = -1;
  };

  /// Of a training program in phase `fused`. Fails where it is none.
  static mlir::FailureOr<StepPlan> of(mlir::ModuleOp module,
                                      const TargetDescription &target);

  /// The prefix of the optimizer's functions.
  std::string optimizer() const;
  /// The states but the first, the parameter.
  int64_t ownStates() const { return int64_t(states.size()) - 1; }
  int64_t gradientCount() const { return int64_t(gradients.size()); }

  std::string name;
  int64_t lanes = 1;
  /// The places of the loss and its weight among `outputs` of them.
  int64_t loss = -1, weight = -1, outputs = 0;
  std::vector<Gradient> gradients;
  std::vector<Tensor> inputs;
  std::vector<State> states;
  /// The most elements of a task.
  int64_t chunk = 1;
  int64_t tasks = 0;
  /// Bytes of all that one chunk leaves, and where parts of the workspace
  /// begin.
  int64_t sharedBytes = 0;
  int64_t scale = 0, shared = 0, constants = 0;

private:
  mlir::LogicalResult readStep(mlir::ModuleOp module);
  mlir::LogicalResult readOptimizer(mlir::ModuleOp optimizer);
  void cut(bool isChunked);
  void place(bool isChunked);
};

} // namespace seqc::loops

#endif // SEQC_COMPILER_CONVERSION_SEQTOLOOPS_STEPPLAN_H
