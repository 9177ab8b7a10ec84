//===- PulledExpression.h - Tensors as expressions at a position ----------===//
// Elementwise operations, slices, broadcasts, masks and the like get no
// buffer: their value is computed, on vectors, where a loop asks for it.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_CONVERSION_SEQTOLOOPS_PULLEDEXPRESSION_H
#define SEQC_COMPILER_CONVERSION_SEQTOLOOPS_PULLEDEXPRESSION_H

#include "compiler/Conversion/SeqToLoops/Lowering.h"

#include <map>

namespace seqc::loops {

/// A place in a tensor: an index for each axis, and the axis along which the
/// lanes of a vector lie (-1: a single element).
struct Position {
  Coords coords;
  int64_t lane = -1;

  bool operator<(const Position &o) const;
  /// The same place in a tensor with one axis more, or one less.
  Position with(int64_t axis, Coord coord) const;
  Position without(int64_t axis) const;
  /// The place of the leading `count` axes.
  Position leading(int64_t count) const;
};

/// The expressions of one loop's body. Each is computed once for a position.
class Puller {
public:
  /// `width` lanes; `mask` says which exist (null: all).
  Puller(Lowering &l, int64_t width, mlir::Value mask)
      : l(l), b(l.b), width(width), mask(mask) {}

  /// The value of `v`: a vector if the position has a lane axis, else a scalar.
  mlir::Value at(mlir::Value v, const Position &position);

  /// The same, computed even where `v` has a buffer: to fill that buffer.
  mlir::Value compute(mlir::Value v, const Position &position);

  /// Reads and writes memory.
  mlir::Value load(mlir::Value memref, mlir::Type element,
                   const Position &position);
  void store(mlir::Value value, mlir::Value memref, const Position &position);

  /// `value` in all lanes, where the position has a lane axis.
  mlir::Value splat(mlir::Value value, const Position &position);

  /// Whether the position of `axis` is below the row's length.
  mlir::Value isBelow(mlir::Value lengths, int64_t axis,
                      const Position &position);

private:
  mlir::Type typeAt(mlir::Value v, const Position &position);
  mlir::Value elementwise(mlir::Operation *op, const Position &position);
  mlir::Value constant(mlir::arith::ConstantOp op, const Position &position);
  mlir::Value broadcast(seq::BroadcastOp op, const Position &position);
  mlir::Value fixedIndex(seq::AtOp op, const Position &position);
  mlir::Value masked(seq::MaskOp op, const Position &position);
  mlir::Value reshaped(seq::ReshapeOp op, const Position &position);
  mlir::Value moved(seq::ShiftOp op, const Position &position);
  mlir::Value iota(seq::IotaOp op, const Position &position);
  mlir::Value uniform(seq::UniformOp op, const Position &position);
  /// `first`, and the positions behind it in the other lanes.
  mlir::Value lanesFrom(mlir::Value first);
  mlir::Value count(seq::WindowCountOp op, const Position &position);
  mlir::Value guarded(mlir::Value condition, mlir::Type type,
                      llvm::function_ref<mlir::Value()> value);

  Lowering &l;
  mlir::ImplicitLocOpBuilder &b;
  int64_t width;
  mlir::Value mask;
  std::map<std::pair<void *, Position>, mlir::Value> memo;
};

/// Whether `v` can be read with vectors along axis `lane`; with `compute` its
/// own buffer is not looked at.
bool canVectorize(Lowering &l, mlir::Value v, int64_t lane,
                  bool compute = false);

} // namespace seqc::loops

#endif // SEQC_COMPILER_CONVERSION_SEQTOLOOPS_PULLEDEXPRESSION_H
