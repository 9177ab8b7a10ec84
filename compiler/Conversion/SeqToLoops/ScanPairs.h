//===- ScanPairs.h - Loops that two workers do at the same time -----------===//
// The two directions of a layer, mostly: nothing of one needs the other.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_CONVERSION_SEQTOLOOPS_SCANPAIRS_H
#define SEQC_COMPILER_CONVERSION_SEQTOLOOPS_SCANPAIRS_H

#include "compiler/Conversion/SeqToLoops/Lowering.h"
#include "compiler/Dialect/Seq/IR/SeqDialect.h"
#include "compiler/Target/TargetDescription.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace seqc::loops {

/// The weights of the products that stand in `region`, not in a loop in it.
int64_t weightsIn(mlir::Region &region);

/// Marks (`sched.side`) loops of `main` that follow each other, of which none
/// needs a result of the other, and whose steps have as many weights: few
/// enough for a worker's own cache, or two would better share each step; and
/// enough to be worth another worker.
void markPairs(mlir::func::FuncOp main, const TargetDescription &target);

/// Whether `scan` is one of a pair.
bool isOfPair(seq::ScanOp scan);

/// While it lives, what `scan` becomes is marked as the scan is.
class SideMarker {
public:
  SideMarker(Lowering &l, seq::ScanOp scan);
  ~SideMarker();

private:
  mlir::ImplicitLocOpBuilder &b;
  mlir::Attribute side;
  mlir::Block *block;
  /// The operation before the first one to mark; null at a block's beginning.
  mlir::Operation *before;
};

} // namespace seqc::loops

#endif // SEQC_COMPILER_CONVERSION_SEQTOLOOPS_SCANPAIRS_H
