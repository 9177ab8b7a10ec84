//===- WindowBatching.cpp - How windows take one more dimension -----------===//
// A ragged axis is cut into windows of each row's own positions: beyond its
// end there are zeros, and of its windows there are as many as its own length
// gives.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/IR/Batcher.h"
#include "compiler/Dialect/Seq/IR/SeqDialect.h"
#include "compiler/Dialect/Seq/IR/SeqShapes.h"

#include <numeric>

using namespace mlir;
using namespace seqc::seq;

namespace {

/// The dimensions inside a dimension that is cut into windows: each window has
/// the lengths of the positions that it holds.
class EnclosedDimensions {
public:
  EnclosedDimensions(Batcher &batcher, WindowsOp op, const Dimension *source,
                     const Dimension *counted)
      : batcher(batcher), op(op), source(source), counted(counted) {}

  /// What stands for `dimension` in the result.
  const Dimension *find(const Dimension *dimension) {
    if (!isInside(dimension))
      return dimension;
    const Dimension *&known = made[dimension];
    if (!known)
      known = dimension == source ? makeWithin() : makeWindowed(dimension);
    return known;
  }

private:
  /// Whether it is the walked dimension or inside it.
  bool isInside(const Dimension *dimension) const {
    while (dimension && dimension != source)
      dimension = dimension->outer;
    return dimension;
  }
  static int64_t rankOf(Value value) {
    return cast<RankedTensorType>(value.getType()).getRank();
  }
  const Dimension *makeWithin();
  const Dimension *makeWindowed(const Dimension *dimension);

  Batcher &batcher;
  WindowsOp op;
  const Dimension *source, *counted;
  DenseMap<const Dimension *, const Dimension *> made;
};

} // namespace

/// The positions in a window: every window has all of them.
const Dimension *EnclosedDimensions::makeWithin() {
  OpBuilder &builder = batcher.builder;
  const Location loc = op.getLoc();
  const auto size = static_cast<int64_t>(op.getSize());
  Value rows = batcher.capture(counted->lengths);
  SmallVector<OpFoldResult> sizes;
  for (int64_t axis = 0; axis < rankOf(rows); ++axis)
    sizes.push_back(
        tensor::DimOp::create(builder, loc, rows, axis).getResult());
  sizes.push_back(batcher.capture(counted->size));
  auto scalar = DenseElementsAttr::get(
      RankedTensorType::get({}, builder.getI64Type()), ArrayRef<int64_t>(size));
  Value all = arith::ConstantOp::create(builder, loc, scalar);
  Value lengths =
      BroadcastOp::create(builder, loc, all, ArrayRef<int64_t>(), sizes);
  Value extent = arith::ConstantIndexOp::create(builder, loc, size);
  return &batcher.makeDimension(lengths, extent, counted);
}

/// Positions outside of the sample have no elements.
const Dimension *EnclosedDimensions::makeWindowed(const Dimension *dimension) {
  OpBuilder &builder = batcher.builder;
  const Location loc = op.getLoc();
  Value walked = batcher.capture(source->lengths);
  const int64_t axis = rankOf(walked);
  Value lengths = batcher.capture(dimension->lengths);
  lengths = MaskOp::create(builder, loc, lengths, walked, axis,
                           builder.getI64IntegerAttr(0));
  lengths = WindowsOp::create(builder, loc, lengths, axis, op.getSize(),
                              op.getStride(), op.getBefore(), op.getAfter());
  return &batcher.makeDimension(lengths, dimension->size,
                                find(dimension->outer));
}

/// The axes of the result; `input` is masked.
static SmallVector<Axis> axesOf(Batcher &batcher, WindowsOp op,
                                const Batched &input) {
  const int64_t axis = op.getAxis();
  SmallVector<Axis> axes;
  for (const Axis &info : input.axes)
    axes.push_back(mergeAxes(info, {}));
  axes.insert(axes.begin() + axis + 1, Axis());
  const Dimension *source = input.axes[axis].dimension;
  if (!source)
    return axes;
  const Dimension *counted = batcher.windowsOf(source, op.getWindowShape());
  axes[axis].dimension = counted;
  EnclosedDimensions enclosed(batcher, op, source, counted);
  bool isRagged = false;
  for (Axis &info : MutableArrayRef(axes).drop_front(axis + 2)) {
    if (info.dimension == source) // beside it and not inside, as in [T, T]
      continue;
    const Dimension *inside = enclosed.find(info.dimension);
    isRagged |= inside != info.dimension;
    info.dimension = inside;
  }
  if (isRagged)
    axes[axis + 1].dimension = enclosed.find(source);
  return axes;
}

LogicalResult WindowsOp::batch(Batcher &batcher) {
  Batched input = batcher.get(getInput());
  const int64_t axis = getAxis();
  const int64_t rank = static_cast<int64_t>(input.axes.size());
  OpBuilder &builder = batcher.builder;
  Type element = getElementTypeOrSelf(getInput().getType());
  if (failed(batcher.mask(input, axis, builder.getZeroAttr(element), *this)))
    return failure();
  Value result = WindowsOp::create(builder, getLoc(), input.value,
                                   batcher.shift(axis, input), getSize(),
                                   getStride(), getBefore(), getAfter());
  // The axis of the positions may stand before the new dimension's place.
  if (input.hasDimension) {
    const int64_t from =
        batcher.positionIn(rank) + (axis < batcher.positionIn(rank) ? 1 : 0);
    SmallVector<int64_t> permutation(rank + 2);
    std::iota(permutation.begin(), permutation.end(), 0);
    permutation.erase(permutation.begin() + from);
    permutation.insert(permutation.begin() + batcher.positionIn(rank + 1),
                       from);
    result = batcher.transpose(result, permutation, getLoc());
  }
  batcher.set(getResult(), result, axesOf(batcher, *this, input));
  return success();
}

/// Windows behind a row's end hold nothing, nor does the padding of what is
/// inside them: all of it is zero, and so is then the padding of the sums.
LogicalResult OverlapAddOp::batch(Batcher &batcher) {
  Batched input = batcher.get(getInput());
  const int64_t axis = getAxis();
  const int64_t rank = getType().getRank();
  OpBuilder &builder = batcher.builder;
  for (int64_t gone : {axis, axis + 1})
    if (failed(
            batcher.maskGone(input, gone, builder.getF32FloatAttr(0), *this)))
      return failure();
  OpFoldResult size = builder.getIndexAttr(getType().getDimSize(axis));
  SmallVector<Axis> axes(input.axes);
  axes.erase(axes.begin() + axis + 1);
  axes[axis] = {};
  if (getSize()) {
    const Batched &known = batcher.get(getSize());
    size = known.value;
    if (!known.axes.empty())
      axes[axis].dimension = known.axes.front().dimension;
  }
  // The axes of windows and positions must stand side by side.
  Value windows = input.value;
  if (input.hasDimension) {
    const int64_t from = batcher.positionIn(rank + 1);
    const int64_t to =
        batcher.positionIn(rank) + (axis < batcher.positionIn(rank) ? 1 : 0);
    SmallVector<int64_t> permutation(rank + 2);
    std::iota(permutation.begin(), permutation.end(), 0);
    permutation.erase(permutation.begin() + from);
    permutation.insert(permutation.begin() + to, from);
    windows = batcher.transpose(windows, permutation, getLoc());
  }
  const int64_t place = input.hasDimension ? batcher.shift(axis, rank) : axis;
  Value result = OverlapAddOp::create(builder, getLoc(), windows, place,
                                      getStride(), getBefore(), size);
  batcher.set(getResult(), result, axes);
  return success();
}

/// A size is one of the program; lengths are counted one by one.
LogicalResult WindowCountOp::batch(Batcher &batcher) {
  if (!isa<IndexType>(getInput().getType()))
    return batcher.rewriteElementwise(*getOperation());
  const Batched &input = batcher.get(getInput());
  const Dimension *source =
      input.axes.empty() ? nullptr : input.axes.front().dimension;
  if (!source) {
    batcher.copy(*getOperation(), input.axes);
    return success();
  }
  const Dimension *counted = batcher.windowsOf(source, getWindowShape());
  batcher.set(getResult(), batcher.capture(counted->size), Axis{counted});
  return success();
}
