//===- MathematicsCount.h - How much a program multiplies -----------------===//
// What `seqc bench` divides by the time. Counted before any pass, so that
// neither padding nor recomputation counts.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_DRIVER_MATHEMATICSCOUNT_H
#define SEQC_COMPILER_DRIVER_MATHEMATICSCOUNT_H

#include "mlir/IR/BuiltinOps.h"

namespace seqc {

/// 2 M N K of every contraction that @main runs for one sample (phase `seq`),
/// whose dynamic dimensions all have size `length`. Gathers count nothing, and
/// so do products with one-hot vectors.
double countContractionsOfSample(mlir::ModuleOp module, int64_t length);

/// The size of the smallest vocabulary of an input of tokens; 1 if there is
/// none.
int64_t countTokensOfInputs(mlir::ModuleOp module);

} // namespace seqc

#endif // SEQC_COMPILER_DRIVER_MATHEMATICSCOUNT_H
