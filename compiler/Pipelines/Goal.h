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
  Training,
  /// The loss, as the model is outside training, and its gradient by each state
  /// of each recurrence at each step.
  StateGradients
};

/// What a backward loop has of the forward one.
enum class Save : uint8_t {
  /// The least memory from which the rest follows by elementwise mathematics.
  Recompute,
  /// Everything that it reads.
  All,
  /// The states between segments of time; each segment runs once more.
  Checkpoint
};

struct SaveOptions {
  Save what = Save::Recompute;
  /// Steps of a segment: about the root of how many there are.
  int64_t every = 32;
};

} // namespace seqc

#endif // SEQC_COMPILER_PIPELINES_GOAL_H
