//===- optimizer.h - The states of an optimizer ---------------------------===//
// Owns what an optimizer keeps of each parameter between the updates, which
// compiled code makes.
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_SERVICES_OPTIMIZER_H
#define SEQC_RUNTIME_SERVICES_OPTIMIZER_H

#include "runtime/services/tensor.h"

namespace seqc::runtime {

/// The optimizer is a program that works on one tensor of P elements, with
/// batch 1: from the weight (its first state), the gradient `g`: f32[P] and
/// `scale`, by which the gradient is multiplied first, to the next weight. Its
/// other inputs are the run-time scalars. Other states are f32[P] or belong to
/// the tensor as a whole; all begin with the constants of the signature.
class Optimizer {
public:
  /// `weights` are the parameters that will be updated.
  Optimizer(const Signature &signature, const std::vector<TensorSpec> &weights,
            std::pmr::memory_resource *memory = nullptr);

  /// Names of the run-time scalars, in the order in which a step is given them.
  std::vector<std::string> scalars() const;

  /// As a step takes them: those of each parameter one after the other.
  std::vector<float *> pointers();

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
    Tensor now;
  };

  void check(const Signature &signature) const;
  void addStates(const Signature &signature, const TensorSpec &weight,
                 std::pmr::memory_resource *memory);

  std::vector<std::string> scalarNames;
  std::vector<State> all;
};

} // namespace seqc::runtime

#endif // SEQC_RUNTIME_SERVICES_OPTIMIZER_H
