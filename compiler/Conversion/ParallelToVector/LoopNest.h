//===- LoopNest.h - Parallel loops as nests of loops ----------------------===//
// The order in which one worker walks an index space, and how it adds up what
// a parallel loop reduces.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_CONVERSION_PARALLELTOVECTOR_LOOPNEST_H
#define SEQC_COMPILER_CONVERSION_PARALLELTOVECTOR_LOOPNEST_H

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace seqc {

/// Gets the indices and what is carried; gives what is carried on.
using NestBody = llvm::function_ref<llvm::SmallVector<mlir::Value>(
    mlir::ValueRange, mlir::ValueRange)>;

/// Bounds of a nest, outermost first.
struct NestBounds {
  llvm::SmallVector<mlir::Value> begins, ends, steps;
};

NestBounds boundsOf(mlir::scf::ParallelOp loop);

/// One loop for each dimension, `body` in the innermost; none for a dimension
/// that has one position. Gives what is carried at the end.
llvm::SmallVector<mlir::Value> buildNest(mlir::ImplicitLocOpBuilder &b,
                                         const NestBounds &bounds,
                                         mlir::ValueRange inits, NestBody body);

/// What combines value number `i` of a parallel loop with those before: the
/// one operation of its region; null if there are more.
mlir::Operation *combinerOf(mlir::scf::ReduceOp reduce, unsigned i);

/// The combiner as vectors know it, if they do.
std::optional<mlir::vector::CombiningKind>
combiningKindOf(mlir::scf::ReduceOp reduce, unsigned i);

/// The product that may be one operation with the sum that value number `i`
/// goes into; null if there is none.
mlir::arith::MulFOp contractedProduct(mlir::scf::ReduceOp reduce, unsigned i);

/// `sum` combined with `value`: scalars or vectors.
mlir::Value combine(mlir::ImplicitLocOpBuilder &b, mlir::scf::ReduceOp reduce,
                    unsigned i, mlir::Value sum, mlir::Value value);

/// `sum + x * y` without rounding between.
mlir::Value addProduct(mlir::ImplicitLocOpBuilder &b, mlir::Value x,
                       mlir::Value y, mlir::Value sum);

/// The parallel loops below `root` that stand in no other one.
llvm::SmallVector<mlir::scf::ParallelOp> outermostLoops(mlir::Operation *root);

/// Turns `loop` into loops of scalar code; parallel loops in it stay.
void lowerToScalarLoops(mlir::scf::ParallelOp loop);

} // namespace seqc

#endif // SEQC_COMPILER_CONVERSION_PARALLELTOVECTOR_LOOPNEST_H
