//===- ScanPairs.h - Loops that two workers do at the same time -----------===//
// The two directions of a layer, of which none needs the other; or two layers,
// of which one runs some steps ahead.
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

/// Whatever `scan` follows from.
llvm::SetVector<mlir::Operation *> neededBy(seq::ScanOp scan);

/// Marks (`sched.side`) loops of `main` that follow each other, if their steps
/// have as many weights: few enough for a worker's own cache, or two would
/// better share each step; and enough to be worth another worker. Either none
/// needs a result of the other, or the second one needs of the first only what
/// that gives at each step (`seq.wave`).
void markPairs(mlir::func::FuncOp main, const TargetDescription &target,
               Precision precision);

/// Whether `scan` is one of a pair.
bool isOfPair(seq::ScanOp scan);

/// Whether `scan` is the first, or the second, of a pair whose second needs it.
bool isAhead(seq::ScanOp scan);
bool isBehind(seq::ScanOp scan);

/// While it lives, whatever is made that touches memory gets the mark of
/// `scan`, if that has one.
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
