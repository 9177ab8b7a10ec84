//===- Batcher.h - One more dimension for a piece of program --------------===//
// Owns the rewriting of ops so that all that depends on given values has one
// more dimension: the batch (seq-batch), the positions of a map, or all time
// steps at once (seq-hoist-in). Ops bring their rules by BatchOpInterface.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_DIALECT_SEQ_IR_BATCHER_H
#define SEQC_COMPILER_DIALECT_SEQ_IR_BATCHER_H

#include "compiler/Dialect/Seq/IR/WindowShape.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/DenseMap.h"

#include <deque>
#include <functional>
#include <map>

namespace seqc::seq {

class ScanOp;

/// A ragged dimension: each row has a length of its own.
struct Dimension {
  /// One length for each position of the batch and of all that encloses this
  /// dimension, from the outside in.
  mlir::Value lengths;
  /// The padded size.
  mlir::Value size;
  /// The ragged dimension that encloses this one, if any.
  const Dimension *outer = nullptr;
  /// The dimension whose windows it is of, if any, and which.
  const Dimension *source = nullptr;
  WindowShape windows;
};

/// What is known of an axis of a value.
struct Axis {
  /// Null where every row is full.
  const Dimension *dimension = nullptr;
  /// All that stands beyond a row's length is zero.
  bool zeroPadded = false;
};

/// What stands for a value of the original program. `axes` are those of the
/// original value, so they say the same whether it has the new dimension or
/// not (then each row has a copy of its own in thought). Those of a size are
/// one, of the dimension that it is the size of.
struct Batched {
  mlir::Value value;
  bool hasDimension = false;
  llvm::SmallVector<Axis> axes;
};

/// Rewrites the ops of one block, at the builder's insertion point. A body of
/// a scan gets a batcher of its own, whose parent is that of the scan.
///
/// The new dimension of a value stands at `position`, or last where the value
/// has fewer axes. With a position other than 0, what stands before it are
/// dimensions whose rows do not see each other, and no axis is ragged.
class Batcher {
public:
  /// For a block that sees all outer values. `staticSize` is that of the new
  /// dimension; `size` holds it where that is dynamic.
  Batcher(mlir::OpBuilder &builder, int64_t position, int64_t staticSize,
          mlir::Value size)
      : builder(builder), position(position), staticSize(staticSize),
        size(size) {}

  /// For the body of `scan`, which stands in the block of `parent`.
  Batcher(mlir::OpBuilder &builder, Batcher &parent, ScanOp &scan)
      : builder(builder), position(parent.position),
        staticSize(parent.staticSize), size(parent.size), parent(&parent),
        scan(&scan) {}

  mlir::OpBuilder &builder;

  /// Rewrites all ops of `block` but its terminator.
  llvm::LogicalResult rewrite(mlir::Block &block);
  llvm::LogicalResult rewrite(mlir::Operation &op);

  const Batched &get(mlir::Value original) const {
    return values.find(original)->second;
  }
  void set(mlir::Value original, Batched batched);
  /// As above; `value` has the new dimension iff its rank says so.
  void set(mlir::Value original, mlir::Value value,
           llvm::ArrayRef<Axis> axes = {});

  /// Copies an op none of whose operands has the new dimension.
  void copy(mlir::Operation &op, llvm::ArrayRef<Axis> axes = {});

  //===--- Shapes ---------------------------------------------------------===//

  int64_t getPosition() const { return position; }
  /// Where the new dimension stands in a value of original rank `rank`.
  int64_t positionIn(int64_t rank) const { return std::min(position, rank); }
  /// Where `axis` of a value of original rank `rank` stands beside the new
  /// dimension.
  int64_t shift(int64_t axis, int64_t rank) const {
    return axis + (axis >= positionIn(rank) ? 1 : 0);
  }
  /// As above, for an operand: unmoved where it lacks the new dimension.
  int64_t shift(int64_t axis, const Batched &operand) const;
  /// The type of a value of original type `type` with the new dimension.
  mlir::RankedTensorType withDimension(mlir::Type type) const;
  /// The value with the new dimension, repeated along it where it lacks it.
  mlir::Value expand(const Batched &batched, mlir::Location loc);
  void expandInPlace(Batched &batched, mlir::Location loc);
  /// Transposes `value` where `permutation` is not the identity.
  mlir::Value transpose(mlir::Value value, llvm::ArrayRef<int64_t> permutation,
                        mlir::Location loc);
  /// Moves the new dimension of `value`, which is that of one with the first
  /// `leading` of its `rank` axes, to its place among all of them.
  mlir::Value moveDimension(mlir::Value value, int64_t leading, int64_t rank,
                            mlir::Location loc);
  /// What the new dimension numbers, if that is the batch: the samples.
  mlir::Value sampleIds();
  void setSampleIds(mlir::Value ids) { samples = ids; }
  /// `value` of the block that this batcher's chain begins with, in this one.
  mlir::Value capture(mlir::Value value);

  //===--- Ragged axes ----------------------------------------------------===//

  /// Whether the dimensions that enclose that of `axis` are axes before it.
  bool encloses(const Batched &operand, int64_t axis) const;
  /// The lengths of a ragged axis, one for each position of the new dimension
  /// and of the operand's first `rows` axes (for most ops: all before `axis`).
  /// The operand gains the new dimension. Null, after an error, where the
  /// lengths differ along other axes.
  mlir::Value lengthsOf(Batched &operand, int64_t axis, int64_t rows,
                        mlir::Operation *user);
  /// Gives operand and `original`, the lengths that an op has for one of its
  /// axes, the new dimension if either has it.
  llvm::LogicalResult matchLengths(Batched &operand, mlir::Value original,
                                   int64_t axis, mlir::Operation *user,
                                   mlir::Value &lengths);
  /// Puts `fill` into the padding of an axis, if it is ragged.
  llvm::LogicalResult mask(Batched &operand, int64_t axis, mlir::TypedAttr fill,
                           mlir::Operation *user);
  /// As above for an axis that is about to go, and for those it encloses.
  llvm::LogicalResult maskGone(Batched &operand, int64_t axis,
                               mlir::TypedAttr fill, mlir::Operation *user);
  /// An error at run time where a row of `dimension` is too short.
  void requireLength(const Dimension &dimension, int64_t minimum,
                     llvm::StringRef what, mlir::Location loc);
  /// As above for lengths that have the new dimension. In the body of a scan,
  /// rows that take no part in the step are never too short.
  void requireLength(mlir::Value lengths, int64_t minimum, llvm::StringRef what,
                     mlir::Location loc);
  /// How long each row counts at least, in the step that the block is of: rows
  /// that take no part in it are as long as any op asks for, others zero. The
  /// first axis is the new dimension. Null where all rows take part.
  mlir::Value leastLengths();
  /// Says how to make them; asked at most once, and only where they are needed.
  void setLeastLengths(std::function<mlir::Value()> make) {
    makeLeastLengths = std::move(make);
  }
  /// Element by element, the larger of two values that share their first axis
  /// alone: a result axis for each of their axes.
  mlir::Value largerOf(mlir::Value a, mlir::Value b, mlir::Location loc);
  /// Repeats `lengths`, whose axes are `dims` of the result, along the others
  /// of the first `rank` axes of `operand`, which has the new dimension.
  mlir::Value spread(mlir::Value lengths, llvm::ArrayRef<int64_t> dims,
                     const Batched &operand, int64_t rank, mlir::Location loc);
  /// A dimension that lives as long as the outermost batcher.
  Dimension &makeDimension(mlir::Value lengths, mlir::Value size,
                           const Dimension *outer);
  /// The dimension of the windows of `source`: one for equal windows. Its
  /// lengths and its size are made behind those of `source`.
  const Dimension *windowsOf(const Dimension *source, const WindowShape &shape);

  /// The rule of elementwise ops.
  llvm::LogicalResult rewriteElementwise(mlir::Operation &op);

private:
  llvm::LogicalResult maskBehind(Batched &operand, int64_t axis,
                                 mlir::TypedAttr fill, mlir::Operation *user);
  llvm::LogicalResult rewriteSize(mlir::Operation &op);

  int64_t position;
  int64_t staticSize;
  mlir::Value size;
  mlir::Value samples;
  Batcher *parent = nullptr;
  ScanOp *scan = nullptr;
  llvm::DenseMap<mlir::Value, Batched> values;
  llvm::DenseMap<mlir::Value, mlir::Value> captured;
  std::deque<Dimension> dimensions;
  std::map<std::pair<const Dimension *, WindowShape>, const Dimension *>
      windowed;
  std::function<mlir::Value()> makeLeastLengths;
  mlir::Value least;
};

/// Both operands' knowledge of an axis that they share.
Axis mergeAxes(const Axis &a, const Axis &b);

} // namespace seqc::seq

#endif // SEQC_COMPILER_DIALECT_SEQ_IR_BATCHER_H
