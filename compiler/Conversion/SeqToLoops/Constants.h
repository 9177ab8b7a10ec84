//===- Constants.h - Tensors that the program spells out ------------------===//
// A constant with differing elements becomes a constant global.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_CONVERSION_SEQTOLOOPS_CONSTANTS_H
#define SEQC_COMPILER_CONVERSION_SEQTOLOOPS_CONSTANTS_H

#include "compiler/Conversion/SeqToLoops/Lowering.h"

namespace seqc::loops {

/// Gives each such constant of `function` a buffer.
void bindConstants(Lowering &l, mlir::func::FuncOp function);

} // namespace seqc::loops

#endif // SEQC_COMPILER_CONVERSION_SEQTOLOOPS_CONSTANTS_H
