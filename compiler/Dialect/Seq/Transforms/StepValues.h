//===- StepValues.h - Values of a scan's body over all steps --------------===//
// What seq-hoist-out computes behind a scan reads what each step has computed:
// this makes tensors over all steps of values of the body, and then the scan
// that gives them.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_DIALECT_SEQ_TRANSFORMS_STEPVALUES_H
#define SEQC_COMPILER_DIALECT_SEQ_TRANSFORMS_STEPVALUES_H

#include "compiler/Dialect/Seq/IR/Batcher.h"
#include "compiler/Dialect/Seq/IR/SeqDialect.h"

#include "llvm/ADT/DenseSet.h"

namespace seqc::seq {

/// The size of a batcher's new dimension, made in front of `scan`.
Batcher makeStepBatcher(mlir::OpBuilder &builder, ScanOp scan);

/// Lives while one scan is taken apart. All that is made behind the scan stands
/// at `builder`; outputs that the scan does not have yet are placeholders until
/// `finish` makes the scan anew.
class StepValues {
public:
  explicit StepValues(ScanOp scan);

  /// Whether `value` of the body is the same at every step.
  bool isInvariant(mlir::Value value) const { return !varying.contains(value); }
  /// Whether `value` over all steps is there, or is made of such by ops that
  /// only move elements.
  bool isFree(mlir::Value value) const;
  /// `value` behind the scan, over all steps where it is not the same at each.
  const Batched &get(mlir::Value value);
  /// The same, with zeros where rows have ended, for what sums over the steps.
  mlir::Value getZeroPadded(mlir::Value value);
  /// Whether `value` begins with the rows of the scan, so that it may be an
  /// output.
  bool hasRows(mlir::Value value) const;
  /// The step's values of `op`, whose operands are there, behind the scan.
  mlir::LogicalResult rewrite(mlir::Operation &op);
  /// Puts zeros where rows have ended.
  mlir::Value mask(mlir::Value overSteps, mlir::Value original);

  /// Makes the scan anew, without the states named in `dropped` and without
  /// outputs that nothing reads.
  void finish(const llvm::DenseSet<int64_t> &dropped);

  ScanOp scan;
  mlir::OpBuilder builder;
  Batcher batcher;

private:
  mlir::Value makeOutput(mlir::Value value);
  bool isMade(mlir::Operation *op) const;

  llvm::DenseSet<mlir::Value> varying;
  llvm::DenseSet<mlir::Value> known;
  /// Values that are to become outputs, with what stands for them so far.
  llvm::SmallVector<std::pair<mlir::Value, mlir::Value>> added;
};

} // namespace seqc::seq

#endif // SEQC_COMPILER_DIALECT_SEQ_TRANSFORMS_STEPVALUES_H
