//===- SeqShapes.h - Types of tensors with an axis more or less -----------===//
// The arithmetic on shapes that builders, verifiers and passes share. Axes
// must be in range: verifiers check before they ask.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_DIALECT_SEQ_IR_SEQSHAPES_H
#define SEQC_COMPILER_DIALECT_SEQ_IR_SEQSHAPES_H

#include "compiler/Dialect/Seq/IR/SeqDialect.h"

#include <optional>

namespace seqc::seq {

/// `type` without `axis`.
inline mlir::RankedTensorType dropAxis(mlir::RankedTensorType type,
                                       int64_t axis) {
  llvm::SmallVector<int64_t> shape(type.getShape());
  shape.erase(shape.begin() + axis);
  return type.clone(shape);
}

/// `type` with a new axis of `size` in front of axis `axis`.
inline mlir::RankedTensorType insertAxis(mlir::RankedTensorType type,
                                         int64_t axis, int64_t size) {
  llvm::SmallVector<int64_t> shape(type.getShape());
  shape.insert(shape.begin() + axis, size);
  return type.clone(shape);
}

/// `type` where `axis` has `size` instead.
inline mlir::RankedTensorType resizeAxis(mlir::RankedTensorType type,
                                         int64_t axis, int64_t size) {
  llvm::SmallVector<int64_t> shape(type.getShape());
  shape[axis] = size;
  return type.clone(shape);
}

/// The smallest parts of a reshape in order; nothing where the shapes do not
/// agree as (C2) of `seq.reshape` says.
std::optional<llvm::SmallVector<ReshapePart>>
reshapeParts(llvm::ArrayRef<int64_t> from, llvm::ArrayRef<int64_t> to);

} // namespace seqc::seq

#endif // SEQC_COMPILER_DIALECT_SEQ_IR_SEQSHAPES_H
