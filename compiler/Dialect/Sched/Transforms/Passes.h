//===- Passes.h - Passes on the sched dialect -----------------------------===//
// Declares what Passes.td defines.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_DIALECT_SCHED_TRANSFORMS_PASSES_H
#define SEQC_COMPILER_DIALECT_SCHED_TRANSFORMS_PASSES_H

#include "mlir/Pass/Pass.h"

namespace seqc::sched {
#define GEN_PASS_DECL
#include "compiler/Dialect/Sched/Transforms/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "compiler/Dialect/Sched/Transforms/Passes.h.inc"
} // namespace seqc::sched

#endif // SEQC_COMPILER_DIALECT_SCHED_TRANSFORMS_PASSES_H
