//===- Training.h - From a `train` block to a trainer's programs ----------===//
// Compiles what the block describes, each program for itself.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_DRIVER_TRAINING_H
#define SEQC_COMPILER_DRIVER_TRAINING_H

#include "compiler/Driver/Compilation.h"
#include "runtime/services/trainer.h"

namespace seqc {

/// Compiles and links the training step, the optimizer and the schedule of the
/// model's `train` block. The program that evaluates is compiled when it is
/// asked for. `options.goal` does not matter.
runtime::TrainingPrograms compileTraining(const SourceText &source,
                                          const CompileOptions &options);

/// Makes a compiled program of what a compilation has.
runtime::Program link(Compilation compilation);

} // namespace seqc

#endif // SEQC_COMPILER_DRIVER_TRAINING_H
