//===- TileEpilogue.h - What is made of a tile's sums ---------------------===//
// The epilogue of a product, as a loop over the rows and units of a tile.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_CONVERSION_SCHEDTOVECTOR_TILEEPILOGUE_H
#define SEQC_COMPILER_CONVERSION_SCHEDTOVECTOR_TILEEPILOGUE_H

#include "compiler/Dialect/Sched/IR/SchedDialect.h"

#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace seqc {

/// Sums [rows, groups, units] that lie in `memory`: those of the rows from
/// `firstRow` and of the units from `firstUnit` on.
struct TileSums {
  mlir::Value memory, firstRow, firstUnit;
};

/// Memory on the stack for what belongs to a tile of `op`, as sums [rows,
/// groups, units].
mlir::Value allocateTile(sched::ProductOp op, llvm::ArrayRef<int64_t> shape,
                         mlir::Type element);

/// The epilogue of `op` for `rows` rows and `units` units of `sums`.
void makeOfSums(mlir::ImplicitLocOpBuilder &b, sched::ProductOp op,
                const TileSums &sums, mlir::Value rows, int64_t units);

} // namespace seqc

#endif // SEQC_COMPILER_CONVERSION_SCHEDTOVECTOR_TILEEPILOGUE_H
