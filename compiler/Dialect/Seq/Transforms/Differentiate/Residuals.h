//===- Residuals.h - What a backward loop has of the forward one ----------===//
// Decides which values of a scan's step are saved for the backward scan and
// which are computed there once more.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_DIALECT_SEQ_TRANSFORMS_DIFFERENTIATE_RESIDUALS_H
#define SEQC_COMPILER_DIALECT_SEQ_TRANSFORMS_DIFFERENTIATE_RESIDUALS_H

#include "compiler/Dialect/Seq/Transforms/Differentiate/Adjoints.h"

#include "llvm/ADT/SetVector.h"

namespace seqc::seq {

struct Residuals {
  /// Values of the step that become outputs of the forward scan.
  llvm::SetVector<mlir::Value> saved;
  /// Ops of the step that the backward step computes again, in order.
  llvm::SmallVector<mlir::Operation *> recomputed;
};

/// How the step of `scan` provides `needed`, values of its body. Elements and
/// invariants are there anyway.
///
/// By SavePolicy::Recompute the memory of what is saved is the least that there
/// is, as a minimum cut of the body's graph, after Jain et al., Checkmate,
/// 2020, and the min-cut partitioner of PyTorch's AOTAutograd.
Residuals chooseResiduals(ScanOp scan, llvm::ArrayRef<mlir::Value> needed,
                          SavePolicy policy);

} // namespace seqc::seq

#endif // SEQC_COMPILER_DIALECT_SEQ_TRANSFORMS_DIFFERENTIATE_RESIDUALS_H
