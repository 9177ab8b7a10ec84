//===- TrainingMemory.h - What a training step keeps in memory ------------===//
// For `summary --training`.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_TOOLS_SEQC_TRAININGMEMORY_H
#define SEQC_COMPILER_TOOLS_SEQC_TRAININGMEMORY_H

#include "compiler/Tools/seqc/TrainingOptions.h"

namespace seqc::tool {

/// The sizes of a batch that nobody has to give.
struct BatchSizes {
  int64_t batch = 1;
  int64_t length = 1;
};

/// Adds --batch and --length.
void addBatchSizes(CLI::App &command, BatchSizes &sizes);

/// A table: for each policy of saving the workspace of a step, as its compiled
/// code asks for it on one thread; and what is held beside it.
std::string describeTrainingMemory(const ModelOptions &model,
                                   const BatchSizes &sizes);

} // namespace seqc::tool

#endif // SEQC_COMPILER_TOOLS_SEQC_TRAININGMEMORY_H
