//===- truncation.h - Parts of a batch along its time axis ----------------===//
// Owns what a chunk of truncated back-propagation is given.
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_SERVICES_TRUNCATION_H
#define SEQC_RUNTIME_SERVICES_TRUNCATION_H

#include "runtime/services/inputs.h"

namespace seqc::runtime {

/// Positions [begin, end) of dimension `dim` of the inputs, without states. A
/// sample that ends before `begin` has length 0. The views borrow from `whole`,
/// but for tensors whose layout the calling convention would not allow.
CheckedInputs cut(const Signature &signature, const CheckedInputs &whole,
                  size_t dim, int64_t begin, int64_t end);

} // namespace seqc::runtime

#endif // SEQC_RUNTIME_SERVICES_TRUNCATION_H
