//===- Passes.h - Passes that leave the seq dialect -----------------------===//
// Declares what Passes.td defines.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_CONVERSION_PASSES_H
#define SEQC_COMPILER_CONVERSION_PASSES_H

#include "compiler/Target/Precision.h"

#include "mlir/Pass/Pass.h"

namespace seqc {
#define GEN_PASS_DECL
#include "compiler/Conversion/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "compiler/Conversion/Passes.h.inc"
} // namespace seqc

#endif // SEQC_COMPILER_CONVERSION_PASSES_H
