//===- ArgumentSizes.h - The sizes of a function's arguments --------------===//
// Where every analysis of sizes begins: what `seq.axes` and `seq.lengths` say
// of the arguments.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_CONVERSION_SEQTOLOOPS_ARGUMENTSIZES_H
#define SEQC_COMPILER_CONVERSION_SEQTOLOOPS_ARGUMENTSIZES_H

#include "compiler/Conversion/SeqToLoops/Sizes.h"

namespace seqc::loops {

/// Tells `sizes` those of the arguments of `main`, and finds what is derived
/// from them. Gives the length of the call's `dims`.
int64_t setArgumentSizes(mlir::func::FuncOp main, SizeAnalysis &sizes);

} // namespace seqc::loops

#endif // SEQC_COMPILER_CONVERSION_SEQTOLOOPS_ARGUMENTSIZES_H
