//===- SavePolicy.h - What a backward loop reads of the forward one -------===//
// The choice between memory and time that seq-differentiate offers.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_DIALECT_SEQ_TRANSFORMS_SAVEPOLICY_H
#define SEQC_COMPILER_DIALECT_SEQ_TRANSFORMS_SAVEPOLICY_H

#include <cstdint>

namespace seqc::seq {

/// What is kept of each step of a scan for its backward scan.
enum class SavePolicy : uint8_t {
  /// As little as it can be without a product, a reduction or a loop of the
  /// forward step once more.
  Recompute,
  /// Everything that the backward step reads.
  All
};

} // namespace seqc::seq

#endif // SEQC_COMPILER_DIALECT_SEQ_TRANSFORMS_SAVEPOLICY_H
