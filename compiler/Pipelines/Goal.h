//===- Goal.h - What is made of a model -----------------------------------===//
// Apart from Phases.h, for code that includes no LLVM header.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_PIPELINES_GOAL_H
#define SEQC_COMPILER_PIPELINES_GOAL_H

#include <cstdint>

namespace seqc {

enum class Goal : uint8_t {
  /// The model's results.
  Inference,
  /// Those, and the product of a vector and the model's Jacobian.
  Gradient,
  /// Loss and metrics of a `train` block, and the loss's gradient.
  Training
};

} // namespace seqc

#endif // SEQC_COMPILER_PIPELINES_GOAL_H
