//===- Training.h - From a `train` block to a trainer's programs ----------===//
// Compiles what the block describes into one object.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_DRIVER_TRAINING_H
#define SEQC_COMPILER_DRIVER_TRAINING_H

#include "compiler/Driver/Compilation.h"
#include "runtime/services/trainer.h"

namespace seqc {

/// Compiles and links the training step of the model's `train` block, with its
/// optimizer, and the schedule. The program that evaluates is compiled when it
/// is asked for. `options.goal` does not matter.
runtime::TrainingPrograms compileTraining(const SourceText &source,
                                          const CompileOptions &options);

/// Makes a compiled program of what a compilation has.
runtime::Program link(Compilation compilation);

} // namespace seqc

#endif // SEQC_COMPILER_DRIVER_TRAINING_H
