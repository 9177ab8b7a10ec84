//===- optimizer.h - The update of all parameters -------------------------===//
// Owns an optimizer's states, one set for each parameter, and calls its
// compiled program on them.
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_SERVICES_OPTIMIZER_H
#define SEQC_RUNTIME_SERVICES_OPTIMIZER_H

#include "runtime/core/team.h"
#include "runtime/services/program.h"
#include "runtime/services/team_loop.h"

namespace seqc::runtime {

/// A program that works on one tensor of P elements, with batch 1: from the
/// weight (its first state) and the gradient `g`: f32[P] to the next weight.
/// Its other inputs are scalars: `scale`, by which the gradient is multiplied
/// first, and the run-time scalars. Other states are f32[P] or belong to the
/// tensor as a whole; all begin with the constants of the signature.
///
/// A program whose signature says `elementwise` is called on chunks of a
/// tensor, which the workers of a team take. Every chunk sees the tensor's own
/// states as they were before the update. So the result depends on sizes alone.
class Optimizer {
public:
  /// `weights` are the parameters that will be updated.
  Optimizer(Program program, const std::vector<TensorSpec> &weights,
            std::pmr::memory_resource *memory = nullptr);

  /// Names of the run-time scalars.
  std::vector<std::string> scalars() const;

  /// One update, in place. Weights (their elements side by side) and gradients
  /// are in the order of construction; `scalars` has a value for each run-time
  /// scalar.
  void update(const std::vector<float *> &weights,
              const std::vector<Tensor> &gradients, float scale,
              const std::map<std::string, double> &scalars,
              seqc_team *team = nullptr);

  /// All states, `STATE.PARAM` each: those of P elements in the parameter's
  /// shape.
  ViewMap states() const;
  /// Copies the states from tensors with these names and shapes, which the
  /// caller has checked.
  void setStates(const ViewMap &tensors);
  /// Back to the first values.
  void reset();

  size_t bytes() const;

private:
  /// A state of one parameter.
  struct State {
    std::string name;
    /// Its first value.
    float initial;
    bool isOfElements;
    /// As files have it.
    Shape shape;
    /// As the program is given it, with the batch.
    Shape strides;
    Tensor now;
    /// Where the first chunk writes what all chunks read; empty for states of
    /// elements, which are overwritten.
    Tensor next;
  };
  /// What a worker needs for its calls.
  struct Lane {
    std::vector<seqc_tensor> inputs, before, after;
    std::vector<Tensor> discarded;
    Buffer workspace;
  };

  std::vector<State> makeStates(const TensorSpec &weight) const;
  void checkProgram() const;
  bool isChunked() const;
  void prepareLanes(int32_t workers);
  void bindInputs(Lane &lane, const std::vector<float> &scalars) const;
  int32_t updateChunk(Lane &lane, const Chunk &chunk, float *weight,
                      const float *gradient);

  Program program;
  std::pmr::memory_resource *memory;
  std::vector<int64_t> sizes;
  std::vector<std::vector<State>> weightStates;
  std::vector<Chunk> chunks;
  std::vector<Lane> lanes;
  Buffer packed;
};

} // namespace seqc::runtime

#endif // SEQC_RUNTIME_SERVICES_OPTIMIZER_H
