//===- Activity.h - What a gradient can flow through ----------------------===//
// Owns the forward half of the question what needs a gradient: which values
// depend, by ops that pass a gradient on, on what is differentiated by.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_DIALECT_SEQ_TRANSFORMS_DIFFERENTIATE_ACTIVITY_H
#define SEQC_COMPILER_DIALECT_SEQ_TRANSFORMS_DIFFERENTIATE_ACTIVITY_H

#include "compiler/Dialect/Seq/IR/SeqDialect.h"

#include "llvm/ADT/DenseSet.h"

namespace seqc::seq {

class Activity {
public:
  /// Follows the numbers `sources` through `block` and the bodies in it.
  Activity(mlir::ValueRange sources, mlir::Block &block);

  bool contains(mlir::Value value) const { return active.contains(value); }

private:
  void visit(mlir::Block &block);
  void visit(ScanOp scan);
  bool anyOf(mlir::ValueRange values) const {
    return llvm::any_of(values, [&](mlir::Value v) { return contains(v); });
  }
  /// Tells whether it was news.
  bool insert(mlir::Value value);

  llvm::DenseSet<mlir::Value> active;
};

} // namespace seqc::seq

#endif // SEQC_COMPILER_DIALECT_SEQ_TRANSFORMS_DIFFERENTIATE_ACTIVITY_H
