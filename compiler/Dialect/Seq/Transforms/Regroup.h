//===- Regroup.h - Slices, joined operands and sums in one form -----------===//
// The rewritings that bring what is spelt differently into one form, so that
// seq-hoist-in finds all that can leave a loop and seq-fuse-gates all products
// that can be one.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_DIALECT_SEQ_TRANSFORMS_REGROUP_H
#define SEQC_COMPILER_DIALECT_SEQ_TRANSFORMS_REGROUP_H

#include "compiler/Dialect/Seq/IR/SeqDialect.h"

namespace seqc::seq {

/// A contraction, seen from the operand on a side of choice.
struct ContractSide {
  ContractOp op;
  bool isLeft;

  // Read from the op each time, like all views of ops that are rewritten.
  mlir::Value operand() const { return op->getOperand(isLeft ? 0 : 1); }
  mlir::Value other() const { return op->getOperand(isLeft ? 1 : 0); }
  /// The axes of the operand, and of the other one, that are summed over.
  llvm::ArrayRef<int64_t> axes() const;
  llvm::ArrayRef<int64_t> otherAxes() const;
  /// The axes of the operand that are walked together with the other's.
  llvm::ArrayRef<int64_t> batch() const;
  /// The axes of the operand that are the result's.
  llvm::SmallVector<int64_t> freeAxes() const;
  /// The contraction of other values, by default over the same axes.
  mlir::Value create(mlir::OpBuilder &builder, mlir::Value operand,
                     mlir::Value other) const {
    return create(builder, operand, other, axes(), batch());
  }
  mlir::Value create(mlir::OpBuilder &builder, mlir::Value operand,
                     mlir::Value other, llvm::ArrayRef<int64_t> axes,
                     llvm::ArrayRef<int64_t> batch) const;
};

/// Makes a contraction over the axis of a `seq.concat` the sum of contractions
/// over its parts, for each one in `block` that `wanted` says yes to.
void splitContractions(
    mlir::Block &block,
    llvm::function_ref<bool(const ContractSide &, ConcatOp)> wanted);

/// Moves slices in `block`, and positions of static axes but the last, up
/// through elementwise ops and broadcasts, where nothing else reads the whole;
/// positions also to the operand of a contraction that has the axis, if no
/// sample differs in it.
void raiseSlices(mlir::Block &block);

/// The addends of the sum that `root` ends: of `a + b` those of `a` and `b`
/// where nothing else reads them.
llvm::SmallVector<mlir::Value> flattenSum(mlir::Value root);
/// Whether `op` is an addition that is not merely an addend of another.
bool isSumRoot(mlir::Operation *op);
/// The sum from left to right.
mlir::Value buildSum(mlir::OpBuilder &builder, mlir::Location loc,
                     llvm::ArrayRef<mlir::Value> addends);

} // namespace seqc::seq

#endif // SEQC_COMPILER_DIALECT_SEQ_TRANSFORMS_REGROUP_H
