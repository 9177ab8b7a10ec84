//===- gradient_flow.h - How far back a loss is felt ----------------------===//
// From gradients by a recurrence's states at each step to one number a step
// (Bengio et al., 1994: where it falls off as a power of the distance, what was
// long ago cannot be learnt from).
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_FIT_GRADIENT_FLOW_H
#define SEQC_RUNTIME_FIT_GRADIENT_FLOW_H

#include "runtime/services/tensor.h"

namespace seqc::fit {

/// The norm of the gradient by a state, as a mean over samples, at each number
/// of steps before the recurrence's last one (from 0). `gradient`: [B, T, ...].
/// `lengths`: the samples' steps; empty: all have T. Of a recurrence that runs
/// backwards the last step is position 0.
std::vector<double> gradientFlow(const runtime::TensorView &gradient,
                                 const std::vector<int64_t> &lengths,
                                 bool isBackward);

} // namespace seqc::fit

#endif // SEQC_RUNTIME_FIT_GRADIENT_FLOW_H
