//===- Passes.h - Passes on the seq dialect -------------------------------===//
// Declares what Passes.td defines.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_DIALECT_SEQ_TRANSFORMS_PASSES_H
#define SEQC_COMPILER_DIALECT_SEQ_TRANSFORMS_PASSES_H

#include "compiler/Dialect/Seq/IR/SeqDialect.h"
#include "compiler/Dialect/Seq/Transforms/SavePolicy.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/Pass.h"

namespace seqc::seq {
#define GEN_PASS_DECL
#include "compiler/Dialect/Seq/Transforms/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "compiler/Dialect/Seq/Transforms/Passes.h.inc"
} // namespace seqc::seq

#endif // SEQC_COMPILER_DIALECT_SEQ_TRANSFORMS_PASSES_H
