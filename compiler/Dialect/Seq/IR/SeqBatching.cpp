//===- SeqBatching.cpp - How seq ops take one more dimension --------------===//
// The batching rule of each op but the loops, and what it does on ragged axes:
// reductions and contractions select the identity, an index is the row's own.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/IR/Batcher.h"
#include "compiler/Dialect/Seq/IR/SeqDialect.h"
#include "compiler/Dialect/Seq/IR/SeqShapes.h"

#include <numeric>

using namespace mlir;
using namespace seqc::seq;

static int64_t rankOf(Value value) {
  return cast<RankedTensorType>(value.getType()).getRank();
}

/// The axes of what remains of `operand` without `axis`.
static SmallVector<Axis> without(const Batched &operand, int64_t axis) {
  SmallVector<Axis> axes(operand.axes);
  axes.erase(axes.begin() + axis);
  return axes;
}

/// The axes of what is computed from `operand` position by position: its
/// padding may be anything.
static SmallVector<Axis> withUnknownPadding(const Batched &operand) {
  return llvm::map_to_vector(
      operand.axes, [](const Axis &axis) { return mergeAxes(axis, {}); });
}

//===----------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------===//

namespace {
/// One operand of a contraction; `labels` holds for each of its axes the axis
/// of the original result, or one of these.
struct ContractSide {
  static constexpr int64_t kSummed = -1, kNew = -2;
  Value value;
  bool hasDimension;
  SmallVector<int64_t> summed, batch, labels;

  ContractSide(Batcher &batcher, const Batched &operand,
               ArrayRef<int64_t> summedAxes, ArrayRef<int64_t> batchAxes,
               int64_t &nextFree)
      : value(operand.value), hasDimension(operand.hasDimension) {
    const int64_t rank = operand.axes.size();
    labels.assign(rank, 0);
    for (int64_t axis : summedAxes)
      labels[axis] = kSummed;
    for (auto [label, axis] : llvm::enumerate(batchAxes))
      labels[axis] = label;
    for (int64_t axis = 0; axis < rank; ++axis)
      if (!llvm::is_contained(summedAxes, axis) &&
          !llvm::is_contained(batchAxes, axis))
        labels[axis] = nextFree++;
    auto shifted = [&](int64_t axis) { return batcher.shift(axis, operand); };
    summed = llvm::map_to_vector(summedAxes, shifted);
    batch = llvm::map_to_vector(batchAxes, shifted);
    if (hasDimension)
      labels.insert(labels.begin() + batcher.positionIn(rank), kNew);
  }

  void appendFree(SmallVectorImpl<int64_t> &order) const {
    for (auto [axis, label] : llvm::enumerate(labels))
      if (label != kSummed && !llvm::is_contained(batch, axis))
        order.push_back(label);
  }

  /// Walks the new dimension together with that of the other side.
  void makeBatch(int64_t place) {
    const int64_t axis = llvm::find(labels, kNew) - labels.begin();
    batch.insert(batch.begin() + place, axis);
  }
};
} // namespace

/// What either side knows of an axis that both walk holds for both.
static void shareAxes(Batched &lhs, Batched &rhs, ArrayRef<int64_t> lhsAxes,
                      ArrayRef<int64_t> rhsAxes) {
  for (auto [l, r] : llvm::zip_equal(lhsAxes, rhsAxes)) {
    const Dimension *dimension = mergeAxes(lhs.axes[l], rhs.axes[r]).dimension;
    lhs.axes[l].dimension = dimension;
    rhs.axes[r].dimension = dimension;
  }
}

/// NaN may stand in the padding of either side: both are masked.
static LogicalResult maskSummed(Batcher &batcher, Batched &operand,
                                ArrayRef<int64_t> axes, Operation *op) {
  for (int64_t axis : axes)
    if (failed(batcher.maskGone(operand, axis,
                                batcher.builder.getF32FloatAttr(0), op)))
      return failure();
  return success();
}

LogicalResult ContractOp::batch(Batcher &batcher) {
  Batched lhs = batcher.get(getLhs()), rhs = batcher.get(getRhs());
  shareAxes(lhs, rhs, getLhsAxes(), getRhsAxes());
  shareAxes(lhs, rhs, getLhsBatch(), getRhsBatch());
  if (failed(maskSummed(batcher, lhs, getLhsAxes(), *this)) ||
      failed(maskSummed(batcher, rhs, getRhsAxes(), *this)))
    return failure();

  int64_t nextFree = getLhsBatch().size();
  ContractSide left(batcher, lhs, getLhsAxes(), getLhsBatch(), nextFree);
  ContractSide right(batcher, rhs, getRhsAxes(), getRhsBatch(), nextFree);
  SmallVector<Axis> axes(nextFree);
  for (auto [side, operand] : {std::pair(&left, &lhs), {&right, &rhs}}) {
    SmallVector<int64_t> labels(side->labels);
    llvm::erase(labels, ContractSide::kNew);
    for (auto [label, axis] : llvm::zip_equal(labels, operand->axes))
      if (label != ContractSide::kSummed)
        axes[label] = mergeAxes(axis, {});
  }

  const bool either = left.hasDimension || right.hasDimension;
  if (left.hasDimension && right.hasDimension) {
    const int64_t place = batcher.positionIn(getLhsBatch().size());
    left.makeBatch(place);
    right.makeBatch(place);
  } else if (right.hasDimension) {
    std::swap(left, right);
  }
  SmallVector<int64_t> order, target, permutation;
  for (int64_t axis : left.batch)
    order.push_back(left.labels[axis]);
  left.appendFree(order);
  right.appendFree(order);
  for (int64_t axis = 0; axis < nextFree; ++axis)
    target.push_back(axis);
  if (either)
    target.insert(target.begin() + batcher.positionIn(nextFree),
                  ContractSide::kNew);
  for (int64_t label : target)
    permutation.push_back(llvm::find(order, label) - order.begin());

  Value product =
      ContractOp::create(batcher.builder, getLoc(), left.value, right.value,
                         left.summed, right.summed, left.batch, right.batch);
  batcher.set(getResult(), batcher.transpose(product, permutation, getLoc()),
              axes);
  return success();
}

//===----------------------------------------------------------------------===//
// Reductions
//===----------------------------------------------------------------------===//

static FloatAttr infinity(OpBuilder &builder, bool negative) {
  return builder.getFloatAttr(builder.getF32Type(),
                              APFloat::getInf(APFloat::IEEEsingle(), negative));
}

static FloatAttr identityOf(ReductionKind kind, OpBuilder &builder) {
  if (kind == ReductionKind::Sum)
    return builder.getF32FloatAttr(0);
  return infinity(builder, kind == ReductionKind::Max);
}

LogicalResult ReduceOp::batch(Batcher &batcher) {
  Batched input = batcher.get(getInput());
  const int64_t axis = getAxis();
  const Dimension *dimension = input.axes[axis].dimension;
  if (dimension && getKind() != ReductionKind::Sum)
    batcher.requireLength(*dimension, 1, stringifyReductionKind(getKind()),
                          getLoc());
  if (failed(batcher.maskGone(input, axis,
                              identityOf(getKind(), batcher.builder), *this)))
    return failure();
  Value result = ReduceOp::create(batcher.builder, getLoc(), getKind(),
                                  input.value, batcher.shift(axis, input));
  batcher.set(getResult(), result, without(input, axis));
  return success();
}

LogicalResult SoftmaxOp::batch(Batcher &batcher) {
  Batched input = batcher.get(getInput());
  if (failed(batcher.mask(input, getAxis(), infinity(batcher.builder, true),
                          *this)))
    return failure();
  Value result = SoftmaxOp::create(batcher.builder, getLoc(), input.value,
                                   batcher.shift(getAxis(), input));
  SmallVector<Axis> axes = withUnknownPadding(input);
  batcher.set(getResult(), result, axes);
  return success();
}

/// What stands behind a row's end comes after all that is summed; in reverse,
/// before it.
LogicalResult CumsumOp::batch(Batcher &batcher) {
  Batched input = batcher.get(getInput());
  if (getReverse() &&
      failed(batcher.mask(input, getAxis(), batcher.builder.getF32FloatAttr(0),
                          *this)))
    return failure();
  Value result =
      CumsumOp::create(batcher.builder, getLoc(), input.value,
                       batcher.shift(getAxis(), input), getReverse());
  SmallVector<Axis> axes = withUnknownPadding(input);
  batcher.set(getResult(), result, axes);
  return success();
}

//===----------------------------------------------------------------------===//
// Shape
//===----------------------------------------------------------------------===//

/// The ragged dimension that `size` is the size of.
static const Dimension *dimensionOf(Batcher &batcher, Value size) {
  const Batched &known = batcher.get(size);
  return known.axes.empty() ? nullptr : known.axes.front().dimension;
}

LogicalResult BroadcastOp::batch(Batcher &batcher) {
  Batched input = batcher.get(getInput());
  const int64_t rank = rankOf(getResult());
  auto type = cast<RankedTensorType>(getType());
  SmallVector<Axis> axes(rank);
  for (auto [from, to] : llvm::enumerate(getDims()))
    axes[to] = input.axes[from];
  SmallVector<Value> sizes;
  for (Value size : getSizes())
    sizes.push_back(batcher.get(size).value);
  auto size = getSizes().begin();
  for (int64_t axis = 0; axis < rank; ++axis)
    if (!llvm::is_contained(getDims(), axis) && type.isDynamicDim(axis))
      axes[axis].dimension = dimensionOf(batcher, *size++);

  if (!input.hasDimension) {
    Value result = BroadcastOp::create(batcher.builder, getLoc(), type,
                                       input.value, sizes, getDims());
    batcher.set(getResult(), result, axes);
    return success();
  }
  // Where each axis of the operand goes; they must arrive in order.
  SmallVector<int64_t> targets;
  for (int64_t axis : getDims())
    targets.push_back(batcher.shift(axis, rank));
  targets.insert(targets.begin() + batcher.positionIn(targets.size()),
                 batcher.positionIn(rank));
  SmallVector<int64_t> permutation(targets.size());
  std::iota(permutation.begin(), permutation.end(), 0);
  llvm::sort(permutation,
             [&](int64_t a, int64_t b) { return targets[a] < targets[b]; });
  llvm::sort(targets);
  Value ordered = batcher.transpose(input.value, permutation, getLoc());
  Value result =
      BroadcastOp::create(batcher.builder, getLoc(),
                          batcher.withDimension(type), ordered, sizes, targets);
  batcher.set(getResult(), result, axes);
  return success();
}

LogicalResult ConcatOp::batch(Batcher &batcher) {
  SmallVector<Batched> inputs;
  bool hasDimension = false;
  for (Value input : getInputs()) {
    inputs.push_back(batcher.get(input));
    hasDimension |= inputs.back().hasDimension;
  }
  SmallVector<Axis> axes(inputs.front().axes);
  SmallVector<Value> values;
  for (Batched &input : inputs) {
    if (hasDimension)
      batcher.expandInPlace(input, getLoc());
    values.push_back(input.value);
    for (auto [merged, axis] : llvm::zip_equal(axes, input.axes)) {
      const bool zeroPadded = merged.zeroPadded && axis.zeroPadded;
      merged = mergeAxes(merged, axis);
      merged.zeroPadded = zeroPadded;
    }
  }
  Value result = ConcatOp::create(batcher.builder, getLoc(), values,
                                  batcher.shift(getAxis(), inputs.front()));
  batcher.set(getResult(), result, axes);
  return success();
}

LogicalResult SliceOp::batch(Batcher &batcher) {
  const Batched &input = batcher.get(getInput());
  Value result = SliceOp::create(
      batcher.builder, getLoc(), input.value, batcher.shift(getAxis(), input),
      getOffset(), cast<RankedTensorType>(getType()).getDimSize(getAxis()));
  batcher.set(getResult(), result, SmallVector<Axis>(input.axes));
  return success();
}

/// What `axis` encloses has one length left, that at the position taken.
static void takeEnclosed(Batcher &batcher, AtOp op, MutableArrayRef<Axis> axes,
                         const Dimension *taken) {
  for (Axis &axis : axes) {
    if (!taken || !axis.dimension || axis.dimension->outer != taken)
      continue;
    Value lengths = batcher.capture(axis.dimension->lengths);
    Value left =
        AtOp::create(batcher.builder, op.getLoc(), lengths, rankOf(lengths) - 1,
                     op.getIndex(), batcher.capture(taken->lengths));
    axis.dimension =
        &batcher.makeDimension(left, axis.dimension->size, taken->outer);
  }
}

LogicalResult AtOp::batch(Batcher &batcher) {
  Batched input = batcher.get(getInput());
  const int64_t axis = getAxis();
  const int64_t index = static_cast<int64_t>(getIndex());
  const Dimension *dimension = input.axes[axis].dimension;
  Value lengths;
  if (dimension) {
    batcher.requireLength(*dimension, index >= 0 ? index + 1 : -index,
                          "index " + std::to_string(index), getLoc());
    if (!(lengths = batcher.lengthsOf(input, axis, axis, *this)))
      return failure();
  } else if (getLengths()) {
    if (failed(batcher.matchLengths(input, getLengths(), axis, *this, lengths)))
      return failure();
  }
  Value result = AtOp::create(batcher.builder, getLoc(), input.value,
                              batcher.shift(axis, input), index, lengths);
  SmallVector<Axis> axes = without(input, axis);
  takeEnclosed(batcher, *this, axes, dimension);
  batcher.set(getResult(), result, axes);
  return success();
}

LogicalResult TransposeOp::batch(Batcher &batcher) {
  const Batched &input = batcher.get(getInput());
  SmallVector<int64_t> permutation;
  SmallVector<Axis> axes;
  for (int64_t axis : getPermutation()) {
    permutation.push_back(batcher.shift(axis, input));
    axes.push_back(input.axes[axis]);
  }
  if (input.hasDimension) {
    const int64_t place = batcher.positionIn(axes.size());
    permutation.insert(permutation.begin() + place, place);
  }
  Value result =
      TransposeOp::create(batcher.builder, getLoc(), input.value, permutation);
  batcher.set(getResult(), result, axes);
  return success();
}

LogicalResult ReshapeOp::batch(Batcher &batcher) {
  const Batched &input = batcher.get(getInput());
  auto to = getType();
  SmallVector<Axis> axes(to.getRank());
  for (const ReshapePart &part : getParts())
    if (part.isAxis())
      axes[part.firstTo] = input.axes[part.firstFrom];
  RankedTensorType type =
      input.hasDimension ? batcher.withDimension(to) : RankedTensorType(to);
  Value result =
      ReshapeOp::create(batcher.builder, getLoc(), type, input.value);
  batcher.set(getResult(), result, axes);
  return success();
}

LogicalResult ShiftOp::batch(Batcher &batcher) {
  Batched input = batcher.get(getInput());
  const int64_t axis = getAxis(), by = static_cast<int64_t>(getBy());
  // What moves towards the front comes from behind the row's end.
  if (by < 0 && failed(batcher.mask(input, axis, getFill(), *this)))
    return failure();
  Value result = ShiftOp::create(batcher.builder, getLoc(), input.value,
                                 batcher.shift(axis, input), by, getFill());
  SmallVector<Axis> axes = withUnknownPadding(input);
  batcher.set(getResult(), result, axes);
  return success();
}

/// Whether a size in the body of a map may be that of a dimension which is
/// inside another one: it stands behind one in an input.
static bool mayBeInside(Value size) {
  bool isMapped = false;
  while (auto argument = dyn_cast_if_present<BlockArgument>(size)) {
    Operation *parent = argument.getOwner()->getParentOp();
    int64_t at = argument.getArgNumber();
    if (auto map = dyn_cast<MapOp>(parent)) {
      isMapped = true;
      size = map.getInvariants()[at - map.getSequences().size()];
    } else if (auto scan = dyn_cast<ScanOp>(parent)) {
      at -= scan.getSequences().size() + scan.getInits().size();
      size = scan.getInvariants()[at];
    } else {
      return false;
    }
  }
  auto dim = size ? size.getDefiningOp<tensor::DimOp>() : tensor::DimOp();
  if (!isMapped || !dim)
    return false;
  auto source = cast<RankedTensorType>(dim.getSource().getType());
  ArrayRef<int64_t> before =
      source.getShape().take_front(dim.getConstantIndex().value_or(0));
  return llvm::any_of(before, ShapedType::isDynamic);
}

LogicalResult IotaOp::batch(Batcher &batcher) {
  Axis axis;
  Value size;
  if (getSize()) {
    size = batcher.get(getSize()).value;
    axis.dimension = dimensionOf(batcher, getSize());
  }
  Batched result{IotaOp::create(batcher.builder, getLoc(), getType(), size),
                 false,
                 {axis}};
  // What reads tokens asks for the lengths of all rows.
  if (getElementTypeOrSelf(getType()).isInteger(64) && mayBeInside(getSize()))
    batcher.expandInPlace(result, getLoc());
  batcher.set(getResult(), result);
  return success();
}

//===----------------------------------------------------------------------===//
// Tokens
//===----------------------------------------------------------------------===//

/// Padding may hold any number, and what reads tokens checks their range.
static LogicalResult maskTokens(Batcher &batcher, Batched &tokens,
                                Operation *user) {
  for (int64_t axis = 0, rank = tokens.axes.size(); axis < rank; ++axis)
    if (failed(batcher.mask(tokens, axis, batcher.builder.getI64IntegerAttr(0),
                            user)))
      return failure();
  return success();
}

LogicalResult OneHotOp::batch(Batcher &batcher) {
  Batched tokens = batcher.get(getTokens());
  if (failed(maskTokens(batcher, tokens, *this)))
    return failure();
  auto given = cast<RankedTensorType>(tokens.value.getType());
  auto type = insertAxis(given, given.getRank(),
                         getType().getDimSize(getType().getRank() - 1))
                  .clone(getType().getElementType());
  Value result =
      OneHotOp::create(batcher.builder, getLoc(), type, tokens.value);
  SmallVector<Axis> axes = withUnknownPadding(tokens);
  axes.emplace_back();
  if (tokens.hasDimension)
    result = batcher.moveDimension(result, tokens.axes.size(), axes.size(),
                                   getLoc());
  batcher.set(getResult(), result, axes);
  return success();
}

/// Rows look into tables of their own: a product with one-hot vectors.
static LogicalResult batchAsProduct(GatherOp op, Batcher &batcher) {
  OpBuilder original(op);
  auto tokens = cast<RankedTensorType>(op.getTokens().getType());
  const int64_t classes =
      cast<RankedTensorType>(op.getTable().getType()).getDimSize(0);
  auto type = insertAxis(tokens, tokens.getRank(), classes)
                  .clone(op.getType().getElementType());
  auto hot = OneHotOp::create(original, op.getLoc(), type, op.getTokens());
  auto product = ContractOp::create(original, op.getLoc(), hot, op.getTable(),
                                    ArrayRef<int64_t>{tokens.getRank()},
                                    ArrayRef<int64_t>{0});
  if (failed(hot.batch(batcher)) || failed(product.batch(batcher)))
    return failure();
  batcher.set(op, batcher.get(product));
  return success();
}

LogicalResult GatherOp::batch(Batcher &batcher) {
  const Batched &table = batcher.get(getTable());
  if (table.hasDimension)
    return batchAsProduct(*this, batcher);
  Batched tokens = batcher.get(getTokens());
  if (failed(maskTokens(batcher, tokens, *this)))
    return failure();
  Value rows =
      GatherOp::create(batcher.builder, getLoc(), table.value, tokens.value);
  SmallVector<Axis> axes = withUnknownPadding(tokens);
  axes.append(table.axes.begin() + 1, table.axes.end());
  if (tokens.hasDimension)
    rows =
        batcher.moveDimension(rows, tokens.axes.size(), axes.size(), getLoc());
  batcher.set(getResult(), rows, axes);
  return success();
}

/// Each row of the new dimension fills a table of its own: a product with
/// one-hot vectors.
LogicalResult ScatterAddOp::batch(Batcher &batcher) {
  OpBuilder original(*this);
  auto tokens = getTokens().getType();
  const int64_t classes = getType().getDimSize(0);
  auto type = insertAxis(tokens, tokens.getRank(), classes)
                  .clone(getType().getElementType());
  SmallVector<int64_t> axes(tokens.getRank());
  std::iota(axes.begin(), axes.end(), 0);
  auto hot = OneHotOp::create(original, getLoc(), type, getTokens());
  auto product =
      ContractOp::create(original, getLoc(), hot, getUpdates(), axes, axes);
  if (failed(hot.batch(batcher)) || failed(product.batch(batcher)))
    return failure();
  batcher.set(getResult(), batcher.get(product));
  return success();
}

//===----------------------------------------------------------------------===//
// Lengths
//===----------------------------------------------------------------------===//

LogicalResult MaskOp::batch(Batcher &batcher) {
  Batched input = batcher.get(getInput());
  Value lengths;
  if (failed(
          batcher.matchLengths(input, getLengths(), getAxis(), *this, lengths)))
    return failure();
  Value result = MaskOp::create(batcher.builder, getLoc(), input.value, lengths,
                                batcher.shift(getAxis(), input), getFill());
  batcher.set(getResult(), result);
  return success();
}

/// A result of rank 0 is one sample's; each map around it has added an axis in
/// front, as to the operand.
LogicalResult LengthOp::batch(Batcher &batcher) {
  Batched input = batcher.get(getInput());
  const int64_t axis = getAxis(), rank = rankOf(getResult());
  OpBuilder &builder = batcher.builder;
  auto type = cast<RankedTensorType>(getType());
  const int64_t extent =
      cast<RankedTensorType>(getInput().getType()).getDimSize(axis);
  SmallVector<Axis> axes(ArrayRef<Axis>(input.axes).take_front(rank));
  if (!ShapedType::isDynamic(extent) && type.hasStaticShape()) {
    auto value =
        DenseElementsAttr::get(type, builder.getI64IntegerAttr(extent));
    batcher.set(getResult(),
                arith::ConstantOp::create(builder, getLoc(), value), axes);
    return success();
  }
  if (!input.axes[axis].dimension) {
    Type resultType =
        input.hasDimension ? batcher.withDimension(type) : Type(type);
    Value result = LengthOp::create(builder, getLoc(), resultType, input.value,
                                    batcher.shift(axis, input));
    batcher.set(getResult(), result, axes);
    return success();
  }
  Value lengths = batcher.lengthsOf(input, axis, rank, *this);
  if (!lengths)
    return failure();
  batcher.set(getResult(), lengths, axes);
  return success();
}

LogicalResult RequireLengthOp::batch(Batcher &batcher) {
  Batched lengths = batcher.get(getLengths());
  TypedAttr enough = batcher.builder.getI64IntegerAttr(getMinimum());
  for (int64_t axis = lengths.axes.size(); axis-- > 0;)
    if (failed(batcher.mask(lengths, axis, enough, *this)))
      return failure();
  if (batcher.leastLengths())
    batcher.expandInPlace(lengths, getLoc());
  batcher.requireLength(lengths.value, getMinimum(), getWhat(), getLoc());
  return success();
}
