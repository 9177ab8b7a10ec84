//===- row_order.h - The order in which a call takes its samples ----------===//
// Owns the order that suits ragged batches, and calls in another order than
// the caller's. Compiled code walks, at each position, the rows of a tile up to
// the last that is so long: in an order by length it does nothing in vain.
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_SERVICES_ROW_ORDER_H
#define SEQC_RUNTIME_SERVICES_ROW_ORDER_H

#include "runtime/services/inputs.h"

namespace seqc::runtime {

/// The numbers of the rows, longest first in each tile, and long and short ones
/// in all tiles alike, so that no worker has more to do than another. Depends
/// on the lengths alone. Rows of one length stay in their order.
std::vector<int64_t> orderByLength(const std::vector<int64_t> &lengths);

/// That order for the first dimension with lengths of its own; empty where
/// there is none, or where the rows are in it already.
std::vector<int64_t> orderOf(const Signature &signature,
                             const CheckedInputs &inputs);

/// A call's tensors in another order of rows: copies of what goes in, and
/// memory for what comes out.
class ReorderedCall {
public:
  /// `outputs`: the outputs, then the gradients, of which those of parameters
  /// have no rows and stay the caller's; `states`: those after the call.
  /// Without sample numbers, rows keep those of their places.
  ReorderedCall(const Signature &signature, std::vector<int64_t> order,
                const CheckedInputs &inputs,
                const std::vector<TensorView> &outputs,
                const std::vector<TensorView> &states,
                const std::vector<int64_t> &sampleIds);

  /// Copies what came out to the caller's tensors.
  void giveBack() const;

  CheckedInputs inputs;
  std::vector<TensorView> outputs, states;
  std::vector<int64_t> sampleIds;

private:
  Tensor take(const TensorView &from) const;
  TensorView makeRoom(const TensorView &wanted);

  std::vector<int64_t> order;
  /// Memory, and the caller's tensors that it stands for.
  std::vector<Tensor> made;
  std::vector<TensorView> wanted;
};

} // namespace seqc::runtime

#endif // SEQC_RUNTIME_SERVICES_ROW_ORDER_H
