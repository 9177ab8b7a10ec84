//===- ScanUtils.h - Changes of a scan's operands in place ----------------===//
// What several passes do to a scan: give it operands, take some away, bring
// them into another order, find what its sizes come from.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_DIALECT_SEQ_TRANSFORMS_SCANUTILS_H
#define SEQC_COMPILER_DIALECT_SEQ_TRANSFORMS_SCANUTILS_H

#include "compiler/Dialect/Seq/IR/SeqDialect.h"

namespace seqc::seq {

/// Adds a sequence, or an invariant; gives the body's argument for it. One
/// that the scan has already is not added again.
mlir::Value addSequence(ScanOp scan, mlir::Value sequence);
mlir::Value addInvariant(ScanOp scan, mlir::Value invariant);

/// Keeps the sequences and invariants of these numbers, in this order. Those
/// left out must be unused in the body.
void selectOperands(ScanOp scan, llvm::ArrayRef<int64_t> sequences,
                    llvm::ArrayRef<int64_t> invariants);

/// Drops sequences and invariants that the body does not use or has twice. One
/// sequence stays: it says how many steps there are.
void dropUnusedOperands(ScanOp scan);

/// Erases what nothing uses, from the last op to the first, bodies included.
void eraseDeadOps(mlir::Region &region);

/// Whether the scan's state of this number is no more than the sum of what the
/// steps of all rows add to it: it begins with zero, and only that addition
/// reads it.
bool isSumOfSteps(ScanOp scan, unsigned state);

/// What a step adds to such a state.
mlir::Value addedByStep(ScanOp scan, unsigned state);

/// Whether `v` is what a scan's step has of a state.
bool isState(mlir::Value v);

/// The scan that alone reads `value`, of the same block, and at each step one
/// position of it: as a sequence, or what elementwise operations, masks and
/// slices of other axes make of it. Null if there is none.
ScanOp findReadingScan(mlir::Value value);

/// Whether `op`, of a scan's body, can have the time axis `time` too: lengths
/// are one for each row of what stands before their axis, and the time axis
/// must be one of those.
bool lengthsAllowTime(mlir::Operation *op, int64_t time);

/// The size of `value`'s axis as an index, read from where the axis comes in
/// rather than from what was computed, as far as it can be followed.
mlir::Value traceSize(mlir::OpBuilder &builder, mlir::Value value,
                      int64_t axis);

} // namespace seqc::seq

#endif // SEQC_COMPILER_DIALECT_SEQ_TRANSFORMS_SCANUTILS_H
