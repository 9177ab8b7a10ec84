//===- Reductions.cpp - Sums, extremes and softmax over an axis -----------===//
// What is reduced is pulled into the loop: a parallel one at each place of the
// other axes, so that the target may add up in lanes.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/SeqToLoops/Kernels.h"
#include "compiler/Conversion/SeqToLoops/PulledExpression.h"

using namespace mlir;
using namespace seqc::seq;

namespace seqc::loops {

/// Calls `body` at each place of the axes beside `axis`.
static void forPlaces(Lowering &l, Value input, int64_t axis,
                      const std::function<void(const Position &)> &body) {
  Sizes places = l.sizes.of(input);
  places.erase(places.begin() + axis);
  forAll(l, places, [&](ArrayRef<Value> ivs) { body(Position(ivs)); });
}

//===----------------------------------------------------------------------===//
// How values are combined
//===----------------------------------------------------------------------===//

static Value identity(Lowering &l, ReductionKind kind) {
  double infinity = std::numeric_limits<double>::infinity();
  double value = kind == ReductionKind::Sum   ? 0.0
                 : kind == ReductionKind::Max ? -infinity
                                              : infinity;
  return arith::ConstantOp::create(l.b, l.b.getF32FloatAttr(value));
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

/// Reduces what `read` gives at each position of `axis`, which has `size`.
static Value
reduceAxis(Lowering &l, ReductionKind kind, const Position &place, int64_t axis,
           Size size,
           const std::function<Value(Puller &, const Position &)> &read) {
  return reduceAll(
      l, size, identity(l, kind),
      [&](ArrayRef<Value> ivs) {
        Puller puller(l);
        return read(puller, place.with(axis, {ivs[0], 0}));
      },
      [&](Value x, Value y) { return combine(l, kind, x, y); });
}

//===----------------------------------------------------------------------===//
// The operations
//===----------------------------------------------------------------------===//

void emitReduce(Lowering &l, ReduceOp op) {
  Value result = l.buffers.lookup(op);
  const int64_t axis = op.getAxis();
  const Size size = l.sizes.of(op.getInput())[axis];
  forPlaces(l, op.getInput(), axis, [&](const Position &place) {
    Value value = reduceAxis(l, op.getKind(), place, axis, size,
                             [&](Puller &puller, const Position &position) {
                               return puller.at(op.getInput(), position);
                             });
    Puller(l).store(value, result, place);
  });
}

/// Along the axis each sum waits for the one before.
void emitCumsum(Lowering &l, CumsumOp op) {
  Value result = l.buffers.lookup(op);
  const int64_t axis = op.getAxis();
  Value size = l.size(l.sizes.of(op.getInput())[axis]), last;
  if (op.getReverse())
    last = arith::SubIOp::create(l.b, size, l.constant(1));
  forPlaces(l, op.getInput(), axis, [&](const Position &place) {
    Value init = identity(l, ReductionKind::Sum);
    auto step = [&](Value iv, ValueRange carried) {
      Value at = last ? arith::SubIOp::create(l.b, last, iv).getResult() : iv;
      Position position = place.with(axis, {at, 0});
      Puller puller(l);
      Value x = puller.at(op.getInput(), position);
      Value sum = combine(l, ReductionKind::Sum, carried[0], x);
      puller.store(sum, result, position);
      return SmallVector<Value>{sum};
    };
    forCarried(l, l.constant(0), size, 1, init, step);
  });
}

/// One divided by `sum`, or zero where nothing was summed.
static Value inverse(Lowering &l, Value sum) {
  Value zero = identity(l, ReductionKind::Sum);
  Value one = arith::ConstantOp::create(l.b, l.b.getF32FloatAttr(1));
  Value quotient = arith::DivFOp::create(l.b, one, sum);
  Value isEmpty =
      arith::CmpFOp::create(l.b, arith::CmpFPredicate::OEQ, sum, zero);
  return arith::SelectOp::create(l.b, isEmpty, zero, quotient);
}

void emitSoftmax(Lowering &l, SoftmaxOp op) {
  Value result = l.buffers.lookup(op);
  Type f32 = l.b.getF32Type();
  const int64_t axis = op.getAxis();
  const Size size = l.sizes.of(op.getInput())[axis];
  forPlaces(l, op.getInput(), axis, [&](const Position &place) {
    // The operand goes to the result's place, so that it is computed once.
    Value top = reduceAxis(l, ReductionKind::Max, place, axis, size,
                           [&](Puller &puller, const Position &position) {
                             Value x = puller.at(op.getInput(), position);
                             puller.store(x, result, position);
                             return x;
                           });
    // Where everything is minus infinity, so is the largest: every power is
    // then zero, not NaN.
    Value lowest = identity(l, ReductionKind::Max);
    Value isEmpty =
        arith::CmpFOp::create(l.b, arith::CmpFPredicate::OEQ, top, lowest);
    Value shift = arith::SelectOp::create(l.b, isEmpty,
                                          identity(l, ReductionKind::Sum), top);
    Value sum =
        reduceAxis(l, ReductionKind::Sum, place, axis, size,
                   [&](Puller &puller, const Position &position) -> Value {
                     Value x = puller.load(result, f32, position);
                     x = arith::SubFOp::create(l.b, x, shift);
                     x = math::ExpOp::create(l.b, x);
                     puller.store(x, result, position);
                     return x;
                   });
    Value scale = inverse(l, sum);
    forAll(l, size, [&](ArrayRef<Value> ivs) {
      Puller puller(l);
      Position position = place.with(axis, {ivs[0], 0});
      Value x = puller.load(result, f32, position);
      puller.store(arith::MulFOp::create(l.b, x, scale), result, position);
    });
  });
}

} // namespace seqc::loops
