//===- GenericContract.cpp - Contractions of any form ---------------------===//
// Plain loops, right for all axes and layouts: over the result, and inside over
// what is summed. Lanes lie along the result's last axis if its operand can be
// read so, else along the last summed axis, else there are none.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/SeqToLoops/Kernels.h"
#include "compiler/Conversion/SeqToLoops/PulledExpression.h"

#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace seqc::seq;

namespace seqc::loops {

namespace {

/// One operand, with the axis of the result or the sum that each of its axes
/// is. Sums count from -1 downwards.
struct Side {
  Value value;
  SmallVector<int64_t> axes;

  /// The axis that is `axis`, or -1.
  int64_t find(int64_t axis) const {
    auto it = llvm::find(axes, axis);
    return it == axes.end() ? -1 : it - axes.begin();
  }
};

class GenericContract {
public:
  GenericContract(Lowering &l, ContractOp op)
      : l(l), result(op.getResult()), sizes(l.sizes.of(op)) {
    lhs = sideOf(op.getLhs(), op.getLhsAxes(), op.getLhsBatch());
    rhs = sideOf(op.getRhs(), op.getRhsAxes(), op.getRhsBatch());
    int64_t next = op.getLhsBatch().size();
    for (Side *side : {&lhs, &rhs})
      for (int64_t &axis : side->axes)
        if (axis == unknown)
          axis = next++;
    Sizes lhsSizes = l.sizes.of(op.getLhs());
    for (int64_t axis : op.getLhsAxes())
      summed.push_back(lhsSizes[axis]);
    chooseLanes();
  }

  void emit() {
    bool overResult = width > 1 && lane >= 0;
    ArrayRef<Size> outer = ArrayRef(sizes).drop_back(overResult);
    forEach(l, outer, [&](ArrayRef<Value> ivs) {
      if (!overResult)
        return emitElement(ivs, {});
      forLanes(l, sizes.back(), width, [&](Value iv, Value mask) {
        SmallVector<Value> all(ivs);
        all.push_back(iv);
        emitElement(all, mask);
      });
    });
  }

private:
  static constexpr int64_t unknown = std::numeric_limits<int64_t>::max();

  Side sideOf(Value value, ArrayRef<int64_t> axes, ArrayRef<int64_t> batch) {
    Side side{value, {}};
    side.axes.assign(cast<RankedTensorType>(value.getType()).getRank(),
                     unknown);
    for (auto [i, axis] : llvm::enumerate(batch))
      side.axes[axis] = i;
    for (auto [i, axis] : llvm::enumerate(axes))
      side.axes[axis] = -1 - int64_t(i);
    return side;
  }

  bool canRead(const Side &side, int64_t axis) {
    return canVectorize(l, side.value, side.find(axis));
  }

  void chooseLanes() {
    int64_t last = int64_t(sizes.size()) - 1;
    bool unit = hasUnitStride(l.buffers.lookup(result));
    auto tryAxis = [&](int64_t axis, Size size, bool isWritten) {
      if (width > 1 || size.is(1) || (isWritten && !unit) ||
          !canRead(lhs, axis) || !canRead(rhs, axis))
        return;
      width = l.target.lanes();
      lane = axis;
    };
    if (last >= 0)
      tryAxis(last, sizes[last], true);
    if (!summed.empty())
      tryAxis(-int64_t(summed.size()), summed.back(), false);
  }

  Position positionOf(const Side &side, ArrayRef<Value> ivs,
                      ArrayRef<Value> sums) {
    Position position;
    for (auto [i, axis] : llvm::enumerate(side.axes)) {
      position.coords.push_back({axis < 0 ? sums[-1 - axis] : ivs[axis], 0});
      if (width > 1 && axis == lane)
        position.lane = i;
    }
    return position;
  }

  Value product(ArrayRef<Value> ivs, ArrayRef<Value> sums, Value mask,
                Value sum) {
    Puller puller(l, width, mask);
    Position all;
    all.lane = width > 1 ? 0 : -1;
    Value x =
        puller.splat(puller.at(lhs.value, positionOf(lhs, ivs, sums)), all);
    Value y =
        puller.splat(puller.at(rhs.value, positionOf(rhs, ivs, sums)), all);
    if (width > 1) {
      Value next = vector::FMAOp::create(l.b, x, y, sum);
      // Of memory such lanes read zero; a constant has them all.
      return mask && lane < 0
                 ? arith::SelectOp::create(l.b, mask, next, sum).getResult()
                 : next;
    }
    return math::FmaOp::create(l.b, x, y, sum);
  }

  /// The loops over what is summed; lanes that do not exist add nothing.
  Value sumOver(ArrayRef<Value> ivs, SmallVector<Value> sums, Value mask,
                Value sum) {
    size_t depth = sums.size();
    if (depth == summed.size())
      return product(ivs, sums, mask, sum);
    bool overLanes = width > 1 && lane == -1 - int64_t(depth);
    return forLanesCarried(
        l, summed[depth], overLanes ? width : 1, sum,
        [&](Value iv, Value lanes, ValueRange carried) {
          SmallVector<Value> next = sums;
          next.push_back(iv);
          return SmallVector<Value>{
              sumOver(ivs, next, overLanes ? lanes : mask, carried[0])};
        })[0];
  }

  void emitElement(ArrayRef<Value> ivs, Value mask) {
    Type f32 = l.b.getF32Type();
    Type type = width > 1 ? Type(VectorType::get(width, f32)) : f32;
    Value zero =
        arith::ConstantOp::create(l.b, cast<TypedAttr>(l.b.getZeroAttr(type)));
    Value sum = sumOver(ivs, {}, mask, zero);
    bool overSum = width > 1 && lane < 0;
    if (overSum)
      sum = vector::ReductionOp::create(l.b, vector::CombiningKind::ADD, sum,
                                        arith::FastMathFlags::reassoc);
    Position position;
    for (Value iv : ivs)
      position.coords.push_back({iv, 0});
    position.lane = width > 1 && !overSum ? lane : -1;
    Puller(l, width, mask).store(sum, l.buffers.lookup(result), position);
  }

  Lowering &l;
  Value result;
  Sizes sizes, summed;
  Side lhs, rhs;
  /// The axis of the lanes, if there is more than one.
  int64_t lane = 0, width = 1;
};

} // namespace

void emitContract(Lowering &l, ContractOp op) { GenericContract(l, op).emit(); }

} // namespace seqc::loops
