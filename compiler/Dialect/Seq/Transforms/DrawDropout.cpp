//===- DrawDropout.cpp - Dropout as a draw and a choice -------------------===//
// Says for each element that may be dropped which random number decides: by the
// position in all loops and sequences around it, never by the order in which
// anything is computed.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/Transforms/Passes.h"
#include "compiler/Dialect/Seq/Transforms/ScanUtils.h"

#include <numeric>

using namespace mlir;

namespace seqc::seq {
#define GEN_PASS_DEF_DRAWDROPOUTPASS
#include "compiler/Dialect/Seq/Transforms/Passes.h.inc"

namespace {

/// How far apart in time positions of a sequence are that holds others.
constexpr int64_t kInnerPositions = 65536;

struct DrawDropoutPass : impl::DrawDropoutPassBase<DrawDropoutPass> {
  void runOnOperation() override;
};

/// Makes the coordinates of draws, each position of a loop once.
class DropoutDraws {
public:
  LogicalResult replace(DropoutOp op);

private:
  FailureOr<Value> positionOf(Block *block);
  Value timesOf(OpBuilder &builder, Value position, DropoutOp op);
  FailureOr<Value> draw(OpBuilder &builder, DropoutOp op);
  Value drawOnce(OpBuilder &builder, DropoutOp op);

  /// The position, as tensor<i64>, in the loop that a block is the body of;
  /// null outside of loops.
  DenseMap<Block *, Value> positions;
};

} // namespace

static RankedTensorType tensorType(Value value) {
  return cast<RankedTensorType>(value.getType());
}

static Value constantOf(OpBuilder &builder, Location loc, TypedAttr value) {
  auto type = RankedTensorType::get({}, value.getType());
  return arith::ConstantOp::create(
      builder, loc, DenseElementsAttr::get(type, Attribute(value)));
}

/// The size of an axis, as a number where it is one.
static OpFoldResult sizeOf(OpBuilder &builder, Value value, int64_t axis) {
  const int64_t size = tensorType(value).getDimSize(axis);
  if (!ShapedType::isDynamic(size))
    return builder.getIndexAttr(size);
  return traceSize(builder, value, axis);
}

/// `value` repeated to the shape of `like`, of which its axes are `dims`.
static Value repeatLike(OpBuilder &builder, Value value, ArrayRef<int64_t> dims,
                        Value like) {
  SmallVector<OpFoldResult> sizes;
  for (int64_t axis = 0; axis < tensorType(like).getRank(); ++axis)
    if (!llvm::is_contained(dims, axis))
      sizes.push_back(sizeOf(builder, like, axis));
  if (sizes.empty())
    return value;
  return BroadcastOp::create(builder, value.getLoc(), value, dims, sizes);
}

static Value splat(OpBuilder &builder, double number, Value like) {
  return repeatLike(
      builder,
      constantOf(builder, like.getLoc(), builder.getF32FloatAttr(number)), {},
      like);
}

/// The positions of an axis.
static Value iotaOf(OpBuilder &builder, Value value, int64_t axis) {
  const int64_t size = tensorType(value).getDimSize(axis);
  return IotaOp::create(
      builder, value.getLoc(),
      RankedTensorType::get(size, builder.getI64Type()),
      ShapedType::isDynamic(size) ? traceSize(builder, value, axis) : Value());
}

/// Position `inner` of a sequence inside position `outer` of another one.
static Value positionInside(OpBuilder &builder, Value outer, Value inner) {
  const Location loc = inner.getLoc();
  Value apart = repeatLike(
      builder,
      constantOf(builder, loc, builder.getI64IntegerAttr(kInnerPositions)), {},
      outer);
  return arith::AddIOp::create(
      builder, loc, arith::MulIOp::create(builder, loc, outer, apart), inner);
}

//===----------------------------------------------------------------------===//
// Coordinates
//===----------------------------------------------------------------------===//

static Value addMapSequence(MapOp map, Value sequence) {
  const unsigned place = map.getSequences().size();
  map.getSequencesMutable().append(sequence);
  return map.getBody().front().insertArgument(
      place, RankedTensorType::get({}, tensorType(sequence).getElementType()),
      sequence.getLoc());
}

static Value addMapInvariant(MapOp map, Value invariant) {
  map.getInvariantsMutable().append(invariant);
  return map.getBody().addArgument(invariant.getType(), invariant.getLoc());
}

FailureOr<Value> DropoutDraws::positionOf(Block *block) {
  Operation *loop = block->getParentOp();
  auto scan = dyn_cast<ScanOp>(loop);
  auto map = dyn_cast<MapOp>(loop);
  if (!scan && !map)
    return Value();
  if (Value known = positions.lookup(block))
    return known;
  if (scan && scan.getAxis() != 0)
    return scan.emitOpError("has rows: dropout is drawn for one sample");
  FailureOr<Value> outer = positionOf(loop->getBlock());
  if (failed(outer))
    return failure();
  OpBuilder before(loop);
  Value all = iotaOf(before, loop->getOperand(0), 0);
  Value position = scan ? addSequence(scan, all) : addMapSequence(map, all);
  if (*outer) {
    Value around =
        scan ? addInvariant(scan, *outer) : addMapInvariant(map, *outer);
    OpBuilder inside = OpBuilder::atBlockBegin(block);
    position = positionInside(inside, around, position);
  }
  return positions[block] = position;
}

/// The times of an operand: the position of the loop around it, and those of
/// its own dynamic axes inside each other.
Value DropoutDraws::timesOf(OpBuilder &builder, Value position, DropoutOp op) {
  Value times = position, input = op.getInput();
  int64_t rank = 0;
  for (auto [axis, size] : llvm::enumerate(tensorType(input).getShape())) {
    if (!ShapedType::isDynamic(size))
      continue;
    Value own = iotaOf(builder, input, axis);
    if (times) {
      SmallVector<int64_t> dims(rank);
      std::iota(dims.begin(), dims.end(), 0);
      times = BroadcastOp::create(builder, op.getLoc(), times, dims,
                                  sizeOf(builder, own, 0));
      own = repeatLike(builder, own, {rank}, times);
      times = positionInside(builder, times, own);
    } else {
      times = own;
    }
    ++rank;
  }
  if (times)
    return times;
  return constantOf(builder, op.getLoc(), builder.getI64IntegerAttr(0));
}

//===----------------------------------------------------------------------===//
// Draws
//===----------------------------------------------------------------------===//

/// The axes of `type` that are static, or that are not.
static SmallVector<int64_t> axesOf(RankedTensorType type, bool isStatic) {
  SmallVector<int64_t> axes;
  for (int64_t axis = 0; axis < type.getRank(); ++axis)
    if (type.isDynamicDim(axis) != isStatic)
      axes.push_back(axis);
  return axes;
}

static SmallVector<int64_t> elementsOf(RankedTensorType type) {
  return llvm::map_to_vector(
      axesOf(type, /*isStatic=*/true),
      [&](int64_t axis) { return type.getDimSize(axis); });
}

/// A number for each element; static axes are elements, all others times.
FailureOr<Value> DropoutDraws::draw(OpBuilder &builder, DropoutOp op) {
  FailureOr<Value> position = positionOf(op->getBlock());
  if (failed(position))
    return failure();
  const RankedTensorType type = tensorType(op.getInput());
  Value drawn =
      UniformOp::create(builder, op.getLoc(), timesOf(builder, *position, op),
                        Value(), op.getSite(), elementsOf(type));
  SmallVector<int64_t> order = axesOf(type, /*isStatic=*/false);
  llvm::append_range(order, axesOf(type, /*isStatic=*/true));
  if (llvm::is_sorted(order))
    return drawn;
  SmallVector<int64_t> back(order.size());
  for (auto [from, to] : llvm::enumerate(order))
    back[to] = from;
  return Value(TransposeOp::create(builder, op.getLoc(), drawn, back));
}

/// One number for each element of a position, the same at all times.
Value DropoutDraws::drawOnce(OpBuilder &builder, DropoutOp op) {
  const RankedTensorType type = tensorType(op.getInput());
  Value never = constantOf(builder, op.getLoc(), builder.getI64IntegerAttr(0));
  Value drawn = UniformOp::create(builder, op.getLoc(), never, Value(),
                                  op.getSite(), elementsOf(type));
  return repeatLike(builder, drawn, axesOf(type, /*isStatic=*/true),
                    op.getInput());
}

LogicalResult DropoutDraws::replace(DropoutOp op) {
  const double rate = op.getRate().convertToDouble();
  OpBuilder builder(op);
  const Location loc = op.getLoc();
  Value input = op.getInput(), result = input;
  if (rate == 1) {
    result = splat(builder, 0, input);
  } else if (rate > 0) {
    FailureOr<Value> drawn =
        op.getOnce() ? drawOnce(builder, op) : draw(builder, op);
    if (failed(drawn))
      return failure();
    Value isDropped =
        arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::OLT, *drawn,
                              splat(builder, rate, input));
    Value scaled = arith::MulFOp::create(builder, loc, input,
                                         splat(builder, 1 / (1 - rate), input));
    result = arith::SelectOp::create(builder, loc, isDropped,
                                     splat(builder, 0, input), scaled);
  }
  op.replaceAllUsesWith(result);
  op.erase();
  return success();
}

void DrawDropoutPass::runOnOperation() {
  SmallVector<DropoutOp> dropouts;
  getOperation().walk([&](DropoutOp op) { dropouts.push_back(op); });
  DropoutDraws draws;
  for (DropoutOp op : dropouts)
    if (failed(draws.replace(op)))
      return signalPassFailure();
}

} // namespace seqc::seq
