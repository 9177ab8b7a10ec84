//===- PulledExpression.h - Tensors as expressions at a position ----------===//
// Elementwise operations, slices, broadcasts, masks and the like get no
// buffer: their value is computed where a loop asks for it, as scalar code.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_CONVERSION_SEQTOLOOPS_PULLEDEXPRESSION_H
#define SEQC_COMPILER_CONVERSION_SEQTOLOOPS_PULLEDEXPRESSION_H

#include "compiler/Conversion/SeqToLoops/Lowering.h"

#include <map>

namespace seqc::loops {

/// Whether an operation's value is computed where it is asked for.
bool isPulled(mlir::Operation *op);

/// Whether an operation is lowered by itself, into a buffer.
bool isComputed(mlir::Operation *op);

/// A place in a tensor: an index for each axis.
struct Position {
  Coords coords;

  Position() = default;
  explicit Position(llvm::ArrayRef<mlir::Value> indices);

  bool operator<(const Position &o) const { return coords < o.coords; }
  /// The same place in a tensor with one axis more.
  Position with(int64_t axis, Coord coord) const;
  /// The place of the leading `count` axes.
  Position leading(int64_t count) const;
};

/// The expressions of one loop's body. Each is computed once for a position.
class Puller {
public:
  explicit Puller(Lowering &l) : l(l), b(l.b) {}

  /// The value of `v`.
  mlir::Value at(mlir::Value v, const Position &position);

  /// The same, computed even where `v` has a buffer: to fill that buffer.
  mlir::Value compute(mlir::Value v, const Position &position);

  /// Reads and writes memory.
  mlir::Value load(mlir::Value memref, mlir::Type element,
                   const Position &position);
  void store(mlir::Value value, mlir::Value memref, const Position &position);

  /// Whether the position of `axis` is below the row's length.
  mlir::Value isBelow(mlir::Value lengths, int64_t axis,
                      const Position &position);

private:
  mlir::Value elementwise(mlir::Operation *op, const Position &position);
  mlir::Value fixedIndex(seq::AtOp op, const Position &position);
  mlir::Value masked(seq::MaskOp op, const Position &position);
  mlir::Value moved(seq::ShiftOp op, const Position &position);
  mlir::Value iota(seq::IotaOp op, const Position &position);
  mlir::Value uniform(seq::UniformOp op, const Position &position);
  mlir::Value count(seq::WindowCountOp op, const Position &position);
  mlir::Value guarded(mlir::Value condition, mlir::Type type,
                      llvm::function_ref<mlir::Value()> value);

  Lowering &l;
  mlir::ImplicitLocOpBuilder &b;
  std::map<std::pair<void *, Position>, mlir::Value> memo;
};

} // namespace seqc::loops

#endif // SEQC_COMPILER_CONVERSION_SEQTOLOOPS_PULLEDEXPRESSION_H
