//===- Sides.h - Work that two members do at the same time ----------------===//
// Finds what is marked as independent of what stands before it.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_DIALECT_SCHED_TRANSFORMS_SIDES_H
#define SEQC_COMPILER_DIALECT_SCHED_TRANSFORMS_SIDES_H

#include "mlir/IR/Operation.h"

namespace seqc::sched {

/// Two runs of operations with `sched.side`, one behind the other.
struct SidePair {
  llvm::SmallVector<mlir::Operation *> sides[2];

  mlir::Operation *first() const { return sides[0].front(); }
};

/// The pairs of `block` from `from` on. A run without its partner right behind
/// it, or with something between that touches memory, is in none.
llvm::SmallVector<SidePair> findPairs(mlir::Block::iterator from,
                                      mlir::Block &block);

} // namespace seqc::sched

#endif // SEQC_COMPILER_DIALECT_SCHED_TRANSFORMS_SIDES_H
