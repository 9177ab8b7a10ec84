//===- lengths.h - Lengths of ragged inputs -------------------------------===//
// Owns the names, shapes and values of the lengths that come with inputs.
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_SERVICES_LENGTHS_H
#define SEQC_RUNTIME_SERVICES_LENGTHS_H

#include "runtime/services/faults.h"
#include "runtime/services/tensor.h"

namespace seqc::runtime {

/// Whether `name` is `x.lengths` or `x.NAME.lengths` of the input `spec`.
bool isNameOfLengths(const Signature &signature, const TensorSpec &spec,
                     const std::string &name);

/// The lengths of each dynamic dimension (CheckedInputs::lengths), from
/// whichever inputs bring them. `dims` are the sizes, the batch first.
std::vector<std::vector<int64_t>> checkLengths(const Signature &signature,
                                               const ViewMap &inputs,
                                               const std::vector<int64_t> &dims,
                                               Faults &faults);

} // namespace seqc::runtime

#endif // SEQC_RUNTIME_SERVICES_LENGTHS_H
