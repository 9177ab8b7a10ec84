//===- Reductions.cpp - Sums, extremes and softmax over an axis -----------===//
// What is reduced is pulled into the loop. Lanes lie along the last axis, be it
// the reduced one or not; the order of a sum depends on shape and target only.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/SeqToLoops/Kernels.h"
#include "compiler/Conversion/SeqToLoops/PulledExpression.h"

#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace seqc::seq;

namespace seqc::loops {

namespace {

/// The loops of an operation that walks one axis of its operand at each place
/// of the others.
class AxisWalk {
public:
  AxisWalk(Lowering &l, Value input, int64_t axis, bool mayUseLanes)
      : l(l), sizes(l.sizes.of(input)), axis(axis) {
    int64_t last = int64_t(sizes.size()) - 1;
    isLast = axis == last;
    if (mayUseLanes && !sizes[last].is(1) && canVectorize(l, input, last))
      width = l.target.lanes();
  }

  /// Whether lanes lie along the walked axis, so that a walk ends with as many
  /// values as lanes.
  bool lanesAlongAxis() const { return isLast && width > 1; }

  Type type() const {
    Type f32 = l.b.getF32Type();
    return width > 1 ? Type(VectorType::get(width, f32)) : f32;
  }

  /// Calls `body` at each place, with the mask of the lanes there.
  void forPlaces(const std::function<void(Position, Value)> &body) {
    Sizes outer = sizes;
    outer.erase(outer.begin() + axis);
    Size inner = isLast ? Size::fixed(1) : outer.pop_back_val();
    forEach(l, outer, [&](ArrayRef<Value> ivs) {
      Position place;
      for (Value iv : ivs)
        place.coords.push_back({iv, 0});
      if (isLast)
        return body(place, {});
      forLanes(l, inner, width, [&](Value iv, Value mask) {
        Position here = place;
        here.lane = width > 1 ? int64_t(here.coords.size()) : -1;
        here.coords.push_back({iv, 0});
        body(here, mask);
      });
    });
  }

  using Step = std::function<SmallVector<Value>(Puller &, const Position &,
                                                Value mask, ValueRange)>;

  /// Walks the axis at `place`, whose lanes are `mask`, carrying `inits`.
  SmallVector<Value> walk(const Position &place, Value mask, ValueRange inits,
                          const Step &step) {
    return forLanesCarried(l, sizes[axis], isLast ? width : 1, inits,
                           [&](Value iv, Value lanes, ValueRange carried) {
                             Position position = place.with(axis, {iv, 0});
                             if (lanesAlongAxis())
                               position.lane = axis;
                             Value here = isLast ? lanes : mask;
                             Puller puller(l, width, here);
                             return step(puller, position, here, carried);
                           });
  }

private:
  Lowering &l;
  Sizes sizes;
  int64_t axis;
  int64_t width = 1;
  bool isLast;
};

} // namespace

//===----------------------------------------------------------------------===//
// How values are combined
//===----------------------------------------------------------------------===//

static Value identity(Lowering &l, ReductionKind kind, Type type) {
  double infinity = std::numeric_limits<double>::infinity();
  double value = kind == ReductionKind::Sum   ? 0.0
                 : kind == ReductionKind::Max ? -infinity
                                              : infinity;
  TypedAttr scalar = l.b.getF32FloatAttr(value);
  if (auto vector = dyn_cast<VectorType>(type))
    scalar = DenseElementsAttr::get(vector, Attribute(scalar));
  return arith::ConstantOp::create(l.b, scalar);
}

static Value combine(Lowering &l, ReductionKind kind, Value x, Value y) {
  switch (kind) {
  case ReductionKind::Sum:
    return arith::AddFOp::create(l.b, x, y);
  case ReductionKind::Max:
    return arith::MaximumFOp::create(l.b, x, y);
  case ReductionKind::Min:
    return arith::MinimumFOp::create(l.b, x, y);
  }
  llvm_unreachable("a reduction that has no code");
}

static Value combineLanes(Lowering &l, ReductionKind kind, Value lanes) {
  switch (kind) {
  case ReductionKind::Sum:
    return vector::ReductionOp::create(l.b, vector::CombiningKind::ADD, lanes,
                                       arith::FastMathFlags::reassoc);
  case ReductionKind::Max:
    return vector::ReductionOp::create(l.b, vector::CombiningKind::MAXIMUMF,
                                       lanes);
  case ReductionKind::Min:
    return vector::ReductionOp::create(l.b, vector::CombiningKind::MINIMUMF,
                                       lanes);
  }
  llvm_unreachable("a reduction that has no code");
}

/// `value` in the lanes that exist, the identity in the others.
static Value inLanes(Lowering &l, ReductionKind kind, Value value, Value mask) {
  if (!mask)
    return value;
  return arith::SelectOp::create(l.b, mask, value,
                                 identity(l, kind, value.getType()));
}

/// Reduces what `read` gives at each position of the walk.
static Value
reduceWalk(Lowering &l, AxisWalk &walk, ReductionKind kind,
           const Position &place, Value mask,
           const std::function<Value(Puller &, const Position &)> &read) {
  Value init = identity(l, kind, walk.type());
  Value result = walk.walk(place, mask, init,
                           [&](Puller &puller, const Position &position,
                               Value lanes, ValueRange carried) {
                             Value value = read(puller, position);
                             if (walk.lanesAlongAxis())
                               value = inLanes(l, kind, value, lanes);
                             return SmallVector<Value>{
                                 combine(l, kind, carried[0], value)};
                           })[0];
  return walk.lanesAlongAxis() ? combineLanes(l, kind, result) : result;
}

//===----------------------------------------------------------------------===//
// The operations
//===----------------------------------------------------------------------===//

void emitReduce(Lowering &l, ReduceOp op) {
  Value result = l.buffers.lookup(op);
  int64_t axis = op.getAxis();
  bool writesElements =
      axis == cast<RankedTensorType>(op.getInput().getType()).getRank() - 1;
  AxisWalk walk(l, op.getInput(), axis,
                writesElements || hasUnitStride(result));
  walk.forPlaces([&](const Position &place, Value mask) {
    Value value = reduceWalk(l, walk, op.getKind(), place, mask,
                             [&](Puller &puller, const Position &position) {
                               return puller.at(op.getInput(), position);
                             });
    Puller(l, l.target.lanes(), mask).store(value, result, place);
  });
}

/// Lanes lie beside the axis only: along it each sum waits for the one before.
void emitCumsum(Lowering &l, CumsumOp op) {
  Value result = l.buffers.lookup(op);
  const int64_t axis = op.getAxis();
  Value last;
  if (op.getReverse())
    last = arith::SubIOp::create(l.b, l.size(l.sizes.of(op.getInput())[axis]),
                                 l.constant(1));
  const bool isLast = axis == op.getType().getRank() - 1;
  AxisWalk walk(l, op.getInput(), axis, !isLast && hasUnitStride(result));
  walk.forPlaces([&](const Position &place, Value mask) {
    Value init = identity(l, ReductionKind::Sum, walk.type());
    walk.walk(
        place, mask, init,
        [&](Puller &puller, Position position, Value, ValueRange carried) {
          if (last)
            position.coords[axis] = {
                arith::SubIOp::create(l.b, last,
                                      l.index(position.coords[axis])),
                0};
          Value x = puller.at(op.getInput(), position);
          Value sum = combine(l, ReductionKind::Sum, carried[0], x);
          puller.store(sum, result, position);
          return SmallVector<Value>{sum};
        });
  });
}

/// One divided by `sum`, or zero where nothing was summed.
static Value inverse(Lowering &l, Value sum) {
  Value zero = identity(l, ReductionKind::Sum, sum.getType());
  TypedAttr one = l.b.getF32FloatAttr(1);
  if (auto vector = dyn_cast<VectorType>(sum.getType()))
    one = DenseElementsAttr::get(vector, Attribute(one));
  Value quotient =
      arith::DivFOp::create(l.b, arith::ConstantOp::create(l.b, one), sum);
  Value isEmpty =
      arith::CmpFOp::create(l.b, arith::CmpFPredicate::OEQ, sum, zero);
  return arith::SelectOp::create(l.b, isEmpty, zero, quotient);
}

void emitSoftmax(Lowering &l, SoftmaxOp op) {
  Value result = l.buffers.lookup(op);
  Type f32 = l.b.getF32Type();
  AxisWalk walk(l, op.getInput(), op.getAxis(), hasUnitStride(result));
  walk.forPlaces([&](const Position &place, Value mask) {
    // The operand goes to the result's place, so that it is computed once.
    Value top = reduceWalk(l, walk, ReductionKind::Max, place, mask,
                           [&](Puller &puller, const Position &position) {
                             Value x = puller.at(op.getInput(), position);
                             puller.store(x, result, position);
                             return x;
                           });
    // Where everything is minus infinity, so is the largest: every power is
    // then zero, not NaN.
    Value lowest = identity(l, ReductionKind::Max, top.getType());
    Value isEmpty =
        arith::CmpFOp::create(l.b, arith::CmpFPredicate::OEQ, top, lowest);
    Value shift = arith::SelectOp::create(
        l.b, isEmpty, identity(l, ReductionKind::Sum, top.getType()), top);
    Value sum = reduceWalk(
        l, walk, ReductionKind::Sum, place, mask,
        [&](Puller &puller, const Position &position) -> Value {
          Value x = puller.load(result, f32, position);
          x = arith::SubFOp::create(l.b, x, puller.splat(shift, position));
          x = math::ExpOp::create(l.b, x);
          puller.store(x, result, position);
          return x;
        });
    Value scale = inverse(l, sum);
    walk.walk(place, mask, {},
              [&](Puller &puller, const Position &position, Value,
                  ValueRange) -> SmallVector<Value> {
                Value x = puller.load(result, f32, position);
                x = arith::MulFOp::create(l.b, x,
                                          puller.splat(scale, position));
                puller.store(x, result, position);
                return {};
              });
  });
}

} // namespace seqc::loops
