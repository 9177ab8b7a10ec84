//===- Batcher.cpp - One more dimension for a piece of program ------------===//
// What all batching rules share: shapes, sizes, lengths, and the rule of
// elementwise ops. The rules of seq ops are in SeqBatching.cpp.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/IR/Batcher.h"
#include "compiler/Dialect/Seq/IR/SeqDialect.h"
#include "compiler/Dialect/Seq/IR/SeqShapes.h"

#include "mlir/IR/IRMapping.h"

#include <numeric>

using namespace mlir;
using namespace seqc::seq;

static RankedTensorType tensorType(Value value) {
  return cast<RankedTensorType>(value.getType());
}

Axis seqc::seq::mergeAxes(const Axis &a, const Axis &b) {
  return {a.dimension ? a.dimension : b.dimension, false};
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

void Batcher::set(Value original, Batched batched) {
  if (auto type = dyn_cast<RankedTensorType>(original.getType()))
    batched.axes.resize(type.getRank());
  values[original] = std::move(batched);
}

void Batcher::set(Value original, Value value, ArrayRef<Axis> axes) {
  auto type = dyn_cast<RankedTensorType>(original.getType());
  const bool hasDimension =
      type && tensorType(value).getRank() > type.getRank();
  set(original, Batched{value, hasDimension, SmallVector<Axis>(axes)});
}

void Batcher::copy(Operation &op, ArrayRef<Axis> axes) {
  IRMapping mapping;
  for (Value operand : op.getOperands())
    mapping.map(operand, get(operand).value);
  Operation *copied = builder.clone(op, mapping);
  for (auto [original, result] :
       llvm::zip_equal(op.getResults(), copied->getResults()))
    set(original, result, axes);
}

int64_t Batcher::shift(int64_t axis, const Batched &operand) const {
  if (!operand.hasDimension)
    return axis;
  return shift(axis, static_cast<int64_t>(operand.axes.size()));
}

RankedTensorType Batcher::withDimension(Type type) const {
  auto tensor = cast<RankedTensorType>(type);
  return insertAxis(tensor, positionIn(tensor.getRank()), staticSize);
}

/// Repeats `value` along a new axis. A repetition of a repetition is one.
static Value broadcastAlong(OpBuilder &builder, Location loc, Value value,
                            int64_t newAxis, OpFoldResult extent) {
  RankedTensorType type = tensorType(value);
  SmallVector<int64_t> dims;
  for (int64_t axis = 0; axis < type.getRank(); ++axis)
    dims.push_back(axis + (axis >= newAxis ? 1 : 0));
  auto inner = value.getDefiningOp<BroadcastOp>();
  if (!inner)
    return BroadcastOp::create(builder, loc, value, dims, extent);
  SmallVector<OpFoldResult> sizes;
  auto dynamic = inner.getSizes().begin();
  for (int64_t axis = 0; axis < type.getRank(); ++axis) {
    if (llvm::is_contained(inner.getDims(), axis))
      continue;
    if (type.isDynamicDim(axis))
      sizes.push_back(*dynamic++);
    else
      sizes.push_back(builder.getIndexAttr(type.getDimSize(axis)));
  }
  // The new axis among those of both.
  const int64_t kept = llvm::count_if(
      inner.getDims(), [&](int64_t axis) { return axis < newAxis; });
  sizes.insert(sizes.begin() + (newAxis - kept), extent);
  return BroadcastOp::create(
      builder, loc, inner.getInput(),
      llvm::map_to_vector(inner.getDims(),
                          [&](int64_t axis) { return dims[axis]; }),
      sizes);
}

Value Batcher::expand(const Batched &batched, Location loc) {
  if (batched.hasDimension)
    return batched.value;
  OpFoldResult extent = builder.getIndexAttr(staticSize);
  if (ShapedType::isDynamic(staticSize))
    extent = capture(size);
  return broadcastAlong(builder, loc, batched.value,
                        positionIn(tensorType(batched.value).getRank()),
                        extent);
}

void Batcher::expandInPlace(Batched &batched, Location loc) {
  batched.value = expand(batched, loc);
  batched.hasDimension = true;
}

Value Batcher::transpose(Value value, ArrayRef<int64_t> permutation,
                         Location loc) {
  if (llvm::is_sorted(permutation))
    return value;
  return TransposeOp::create(builder, loc, value, permutation);
}

Value Batcher::moveDimension(Value value, int64_t leading, int64_t rank,
                             Location loc) {
  SmallVector<int64_t> permutation(rank + 1);
  std::iota(permutation.begin(), permutation.end(), 0);
  const int64_t from = positionIn(leading);
  permutation.erase(permutation.begin() + from);
  permutation.insert(permutation.begin() + positionIn(rank), from);
  return transpose(value, permutation, loc);
}

Value Batcher::capture(Value value) {
  if (!parent || value.getParentRegion() == &scan->getBody())
    return value;
  Value &inner = captured[value];
  if (!inner) {
    scan->getInvariantsMutable().append(parent->capture(value));
    inner = scan->getBody().addArgument(value.getType(), value.getLoc());
  }
  return inner;
}

Value Batcher::sampleIds() {
  const Batcher *outermost = this;
  while (outermost->parent)
    outermost = outermost->parent;
  return outermost->samples ? capture(outermost->samples) : Value();
}

Dimension &Batcher::makeDimension(Value lengths, Value extent,
                                  const Dimension *outer) {
  if (parent)
    return parent->makeDimension(lengths, extent, outer);
  return dimensions.emplace_back(
      Dimension{lengths, extent, outer, /*source=*/nullptr, /*windows=*/{}});
}

const Dimension *Batcher::windowsOf(const Dimension *source,
                                    const WindowShape &shape) {
  if (parent)
    return parent->windowsOf(source, shape);
  if (shape.keepsLength())
    return source;
  const Dimension *&known = windowed[{source, shape}];
  if (known)
    return known;
  OpBuilder::InsertionGuard guard(builder);
  auto count = [&](Value value) -> Value {
    builder.setInsertionPointAfterValue(value);
    return WindowCountOp::create(builder, value.getLoc(), value, shape);
  };
  Dimension &made =
      makeDimension(count(source->lengths), count(source->size), source->outer);
  made.source = source;
  made.windows = shape;
  return known = &made;
}

//===----------------------------------------------------------------------===//
// Ragged axes
//===----------------------------------------------------------------------===//

/// The nearest axis before `axis` that is of `dimension`, or -1.
static int64_t findBefore(const Batched &operand, int64_t axis,
                          const Dimension *dimension) {
  while (--axis >= 0 && operand.axes[axis].dimension != dimension)
    ;
  return axis;
}

Value Batcher::spread(Value lengths, ArrayRef<int64_t> dims,
                      const Batched &operand, int64_t rank, Location loc) {
  if (static_cast<int64_t>(dims.size()) == rank)
    return lengths;
  SmallVector<OpFoldResult> sizes;
  for (int64_t axis = 0; axis < rank; ++axis) {
    if (llvm::is_contained(dims, axis))
      continue;
    const int64_t extent = tensorType(operand.value).getDimSize(axis);
    const Dimension *dimension =
        axis == 0 ? nullptr : operand.axes[axis - 1].dimension;
    if (!ShapedType::isDynamic(extent))
      sizes.push_back(builder.getIndexAttr(extent));
    else if (dimension)
      sizes.push_back(capture(dimension->size));
    else
      sizes.push_back(
          tensor::DimOp::create(builder, loc, operand.value, axis).getResult());
  }
  return BroadcastOp::create(builder, loc, lengths, dims, sizes);
}

bool Batcher::encloses(const Batched &operand, int64_t axis) const {
  const Dimension *outer = operand.axes[axis].dimension->outer;
  for (; outer && axis >= 0; outer = outer->outer)
    axis = findBefore(operand, axis, outer);
  return axis >= 0;
}

Value Batcher::lengthsOf(Batched &operand, int64_t axis, int64_t rows,
                         Operation *user) {
  const Dimension *dimension = operand.axes[axis].dimension;
  SmallVector<int64_t> dims;
  int64_t place = axis;
  for (const Dimension *outer = dimension->outer; outer; outer = outer->outer) {
    place = findBefore(operand, place, outer);
    if (place < 0 || place >= rows) {
      user->emitOpError("needs the lengths of a dimension inside another, "
                        "whose axis does not come before it");
      return {};
    }
    dims.insert(dims.begin(), place + 1);
  }
  dims.insert(dims.begin(), 0);
  expandInPlace(operand, user->getLoc());
  return spread(capture(dimension->lengths), dims, operand, rows + 1,
                user->getLoc());
}

LogicalResult Batcher::matchLengths(Batched &operand, Value original,
                                    int64_t axis, Operation *user,
                                    Value &lengths) {
  const Batched &given = get(original);
  lengths = given.value;
  if (!operand.hasDimension && !given.hasDimension)
    return success();
  // Only what stands before the new dimension has rows of its own.
  if (axis < position)
    return user->emitOpError("needs its axis after the new dimension");
  expandInPlace(operand, user->getLoc());
  lengths = expand(given, user->getLoc());
  return success();
}

/// Masks an axis that what encloses it does not stand in front of: with these
/// axes brought in front, and back.
LogicalResult Batcher::maskBehind(Batched &operand, int64_t axis,
                                  TypedAttr fill, Operation *user) {
  SmallVector<int64_t> order;
  for (const Dimension *outer = operand.axes[axis].dimension->outer; outer;
       outer = outer->outer)
    for (int64_t other = operand.axes.size(); other-- > 0;)
      if (operand.axes[other].dimension == outer)
        order.insert(order.begin(), other);
  const int64_t place = order.size();
  order.push_back(axis);
  for (int64_t other = 0, rank = operand.axes.size(); other < rank; ++other)
    if (!llvm::is_contained(order, other))
      order.push_back(other);
  expandInPlace(operand, user->getLoc());
  Batched moved = operand;
  SmallVector<int64_t> there = {0}, back(order.size() + 1, 0);
  for (auto [to, from] : llvm::enumerate(order)) {
    moved.axes[to] = operand.axes[from];
    there.push_back(from + 1);
    back[from + 1] = to + 1;
  }
  moved.value = transpose(operand.value, there, user->getLoc());
  if (!encloses(moved, place))
    return user->emitOpError("needs the lengths of a dimension inside another, "
                             "which is not there");
  if (failed(mask(moved, place, fill, user)))
    return failure();
  operand.value = transpose(moved.value, back, user->getLoc());
  for (auto [to, from] : llvm::enumerate(order))
    operand.axes[from].zeroPadded = moved.axes[to].zeroPadded;
  return success();
}

LogicalResult Batcher::mask(Batched &operand, int64_t axis, TypedAttr fill,
                            Operation *user) {
  Axis &info = operand.axes[axis];
  const bool fillsZero = fill == builder.getZeroAttr(fill.getType());
  if (!info.dimension || (fillsZero && info.zeroPadded))
    return success();
  if (position == 0 && !encloses(operand, axis))
    return maskBehind(operand, axis, fill, user);
  Value lengths = lengthsOf(operand, axis, axis, user);
  if (!lengths)
    return failure();
  operand.value = MaskOp::create(builder, user->getLoc(), operand.value,
                                 lengths, axis + 1, fill);
  for (auto [other, known] : llvm::enumerate(operand.axes))
    known.zeroPadded =
        fillsZero && (known.zeroPadded || static_cast<int64_t>(other) == axis);
  return success();
}

LogicalResult Batcher::maskGone(Batched &operand, int64_t axis, TypedAttr fill,
                                Operation *user) {
  const Dimension *gone = operand.axes[axis].dimension;
  for (auto [other, known] : llvm::enumerate(operand.axes)) {
    if (!gone || !known.dimension || known.dimension->outer != gone)
      continue;
    if (failed(mask(operand, other, fill, user)))
      return failure();
    known.dimension = nullptr;
  }
  return mask(operand, axis, fill, user);
}

void Batcher::requireLength(const Dimension &dimension, int64_t minimum,
                            StringRef what, Location loc) {
  Value lengths = capture(dimension.lengths);
  TypedAttr enough = builder.getI64IntegerAttr(minimum);
  int64_t axis = tensorType(lengths).getRank() - 1;
  // The padding of an enclosing dimension has no rows to be too short.
  for (const Dimension *outer = dimension.outer; outer; outer = outer->outer)
    lengths = MaskOp::create(builder, loc, lengths, capture(outer->lengths),
                             axis--, enough);
  requireLength(lengths, minimum, what, loc);
}

void Batcher::requireLength(Value lengths, int64_t minimum, StringRef what,
                            Location loc) {
  if (Value atLeast = leastLengths())
    lengths = largerOf(atLeast, lengths, loc);
  RequireLengthOp::create(builder, loc, lengths, minimum, what);
}

Value Batcher::leastLengths() {
  if (makeLeastLengths)
    least = std::exchange(makeLeastLengths, nullptr)();
  return least;
}

/// The sizes of `value` but the first.
static SmallVector<OpFoldResult> innerSizes(OpBuilder &builder, Value value,
                                            Location loc) {
  SmallVector<OpFoldResult> sizes;
  RankedTensorType type = tensorType(value);
  for (int64_t axis = 1; axis < type.getRank(); ++axis)
    if (type.isDynamicDim(axis))
      sizes.push_back(
          tensor::DimOp::create(builder, loc, value, axis).getResult());
    else
      sizes.push_back(builder.getIndexAttr(type.getDimSize(axis)));
  return sizes;
}

Value Batcher::largerOf(Value a, Value b, Location loc) {
  const int64_t rankA = tensorType(a).getRank();
  const int64_t rankB = tensorType(b).getRank();
  SmallVector<int64_t> dimsA, dimsB = {0};
  for (int64_t axis = 0; axis < rankA; ++axis)
    dimsA.push_back(axis);
  for (int64_t axis = 1; axis < rankB; ++axis)
    dimsB.push_back(rankA - 1 + axis);
  auto widen = [&](Value value, ArrayRef<int64_t> dims, Value other) -> Value {
    if (tensorType(other).getRank() == 1)
      return value;
    return BroadcastOp::create(builder, loc, value, dims,
                               innerSizes(builder, other, loc));
  };
  Value wideA = widen(a, dimsA, b);
  Value wideB = widen(b, dimsB, a);
  return arith::MaxSIOp::create(builder, loc, wideA, wideB);
}

//===----------------------------------------------------------------------===//
// Ops
//===----------------------------------------------------------------------===//

LogicalResult Batcher::rewrite(Block &block) {
  for (Operation &op : block.without_terminator())
    if (failed(rewrite(op)))
      return failure();
  return success();
}

LogicalResult Batcher::rewrite(Operation &op) {
  if (auto rule = dyn_cast<BatchOpInterface>(op))
    return rule.batch(*this);
  if (isa<tensor::DimOp>(op))
    return rewriteSize(op);
  if (OpTrait::hasElementwiseMappableTraits(&op))
    return rewriteElementwise(op);
  if (op.getNumRegions() != 0 || llvm::any_of(op.getOperands(), [&](Value v) {
        return get(v).hasDimension;
      }))
    return op.emitOpError("has no batching rule");
  copy(op);
  return success();
}

LogicalResult Batcher::rewriteElementwise(Operation &op) {
  SmallVector<Axis> axes;
  bool hasDimension = false;
  for (Value operand : op.getOperands()) {
    if (!isa<RankedTensorType>(operand.getType()))
      continue;
    const Batched &batched = get(operand);
    hasDimension |= batched.hasDimension;
    axes.resize(std::max(axes.size(), batched.axes.size()));
    for (auto [merged, axis] : llvm::zip(axes, batched.axes))
      merged = mergeAxes(merged, axis);
  }
  if (!hasDimension) {
    copy(op, axes);
    return success();
  }
  IRMapping mapping;
  for (Value operand : op.getOperands()) {
    const bool isTensor = isa<RankedTensorType>(operand.getType());
    mapping.map(operand, isTensor ? expand(get(operand), op.getLoc())
                                  : get(operand).value);
  }
  Operation *copied = builder.clone(op, mapping);
  for (auto [original, result] :
       llvm::zip_equal(op.getResults(), copied->getResults())) {
    result.setType(withDimension(original.getType()));
    set(original, result, axes);
  }
  return success();
}

/// A size keeps its meaning: that of a ragged dimension is read where the
/// dimension comes in, so that no size depends on what is computed.
LogicalResult Batcher::rewriteSize(Operation &op) {
  auto dim = cast<tensor::DimOp>(op);
  const Batched &source = get(dim.getSource());
  std::optional<int64_t> axis = dim.getConstantIndex();
  if (!axis)
    return op.emitOpError("needs a constant index");
  const Axis info = source.axes[*axis];
  Value result;
  if (info.dimension)
    result = capture(info.dimension->size);
  else
    result = tensor::DimOp::create(builder, op.getLoc(), source.value,
                                   shift(*axis, source));
  set(dim.getResult(), result, info);
  return success();
}
