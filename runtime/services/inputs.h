//===- inputs.h - What goes into a call, checked, and what comes out ------===//
// Owns the rules for the tensors of one call: their names, types and shapes,
// the sizes of dynamic dimensions, and lengths. It needs no compiled code, so
// the interpreter is given inputs in the same way.
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_SERVICES_INPUTS_H
#define SEQC_RUNTIME_SERVICES_INPUTS_H

#include "runtime/services/tensor.h"

namespace seqc::runtime {

/// The tensors of one call, in the order of the signature, as the calling
/// convention wants them. They borrow from the caller and from `copies`.
struct CheckedInputs {
  /// The batch, then the size of each dynamic dimension.
  std::vector<int64_t> dims;
  /// For each dynamic dimension the lengths, one for each sample (for one
  /// inside another: for each position of it); empty: all are full.
  std::vector<std::vector<int64_t>> lengths;
  /// [B, ...] each.
  std::vector<TensorView> inputs;
  /// [B, ...] each; empty: the states begin with their initial values.
  std::vector<TensorView> states;
  /// Tensors whose layout the calling convention does not allow, again.
  std::vector<Tensor> copies;

  int64_t batch() const { return dims.front(); }
};

/// Checks the tensors that a caller gives by name. For an input `x` there may
/// be `x.lengths`: token[B], the samples' lengths in the first dynamic
/// dimension of `x`, and `x.NAME.lengths` for another dimension NAME of it.
/// Inputs of one dimension share its lengths: one of them has to bring them,
/// and if several do, they must be equal. `states` holds all carried states or
/// none. Names that begin with `seqc.` are reserved and ignored. Throws one
/// Error that names every tensor at fault, with the model's dimension names.
///
/// Elements are not looked at: NaN and tokens out of range pass.
CheckedInputs checkInputs(const Signature &signature, const ViewMap &inputs,
                          const ViewMap &states = {});

/// The dimensions of a call, then those that follow from them.
std::vector<int64_t> withDerived(const Signature &signature,
                                 std::vector<int64_t> dims);

/// The shape with the batch in front for the dimensions of a call (for a
/// result, with the derived ones).
Shape shapeOf(const TensorSpec &spec, const std::vector<int64_t> &dims);

/// Zeros for the model's results and for its states after the call, in the
/// order of the signature.
std::vector<Tensor> makeOutputs(const Signature &signature,
                                const std::vector<int64_t> &dims,
                                std::pmr::memory_resource *memory = nullptr);
/// Zeros for the gradients: those of parameters have the parameters' shapes.
std::vector<Tensor> makeGradients(const Signature &signature,
                                  const std::vector<int64_t> &dims,
                                  std::pmr::memory_resource *memory = nullptr);
std::vector<Tensor> makeStates(const Signature &signature,
                               const std::vector<int64_t> &dims,
                               std::pmr::memory_resource *memory = nullptr);

} // namespace seqc::runtime

#endif // SEQC_RUNTIME_SERVICES_INPUTS_H
