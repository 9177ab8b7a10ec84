//===- LaneAnalysis.h - What differs from lane to lane --------------------===//
// Follows the body of a parallel loop whose last dimension is to run over the
// lanes of vectors, and says of each value what it is there, and of which
// stores lanes cannot make.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_CONVERSION_PARALLELTOVECTOR_LANEANALYSIS_H
#define SEQC_COMPILER_CONVERSION_PARALLELTOVECTOR_LANEANALYSIS_H

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/ADT/SetVector.h"

namespace seqc {

/// What a value is in the lanes of a vector. A later one includes those before.
enum class Lanes {
  /// The same in all of them: it stays a scalar.
  Same,
  /// An index that counts them: the scalar of the first lane says all.
  SideBySide,
  /// Any: a vector.
  Apart,
  /// Lanes cannot have it.
  None
};

class LaneAnalysis {
public:
  /// Looks at `loop` with `width` lanes along its last dimension.
  LaneAnalysis(mlir::scf::ParallelOp loop, int64_t width);

  /// Whether all of the loop can run on lanes, and whether anything could, if
  /// `scattered` were not there.
  bool allOnLanes() const { return isPossible && scatteredStores.empty(); }
  bool someOnLanes() const { return isPossible; }

  /// The stores that lanes cannot make.
  llvm::ArrayRef<mlir::memref::StoreOp> scattered() const {
    return scatteredStores.getArrayRef();
  }

  Lanes of(mlir::Value v) const { return lanes.lookup(v); }
  Lanes of(mlir::ValueRange values) const;

private:
  void visit(mlir::Block &block);
  void visit(mlir::memref::StoreOp op);
  void visit(mlir::scf::ForOp op);
  void visit(mlir::scf::IfOp op);
  void visit(mlir::scf::ParallelOp op);
  void visitScalarCode(mlir::Operation *op);
  bool visitIndex(mlir::Operation *op);
  bool isSideBySide(mlir::Value memref, mlir::ValueRange indices) const;
  bool isMultiple(mlir::Value v) const;
  void set(mlir::ValueRange values, Lanes kind);
  void setCarried(mlir::Value result, Lanes a, Lanes b);

  int64_t width;
  bool isPossible = true;
  llvm::DenseMap<mlir::Value, Lanes> lanes;
  /// Indices that count lanes, whose first one is a multiple of the width.
  llvm::DenseSet<mlir::Value> aligned;
  llvm::SetVector<mlir::memref::StoreOp> scatteredStores;
};

/// Whether `v` is known to be a multiple of `n`.
bool isMultipleOf(mlir::Value v, int64_t n);

} // namespace seqc

#endif // SEQC_COMPILER_CONVERSION_PARALLELTOVECTOR_LANEANALYSIS_H
