//===- non_finite.h - Where numbers stopped being finite ------------------===//
// Owns the search for the first tensor of a step that holds a NaN or an
// infinity, and what to try.
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_SERVICES_NON_FINITE_H
#define SEQC_RUNTIME_SERVICES_NON_FINITE_H

#include "runtime/services/inputs.h"

namespace seqc::runtime {

/// Whatever a step read and made, in the order in which it came to be.
struct StepTensors {
  const Signature &signature;
  const CheckedInputs &inputs;
  const std::vector<Tensor> &params;
  double loss;
  /// Of the parameters that have one, in the order of `gradientNames`.
  const std::vector<Tensor> &gradients;
  std::vector<std::string> gradientNames;
};

/// Two lines: the first tensor that holds a number that is not finite, and what
/// to try. Padding is not looked at.
std::string describeNonFinite(const StepTensors &step);

} // namespace seqc::runtime

#endif // SEQC_RUNTIME_SERVICES_NON_FINITE_H
