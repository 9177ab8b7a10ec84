//===- GenericContract.cpp - Contractions of any form ---------------------===//
// Parallel loops, right for all axes and layouts: over the result, and inside
// over what is summed, in the order that suits the target.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/SeqToLoops/Kernels.h"
#include "compiler/Conversion/SeqToLoops/PulledExpression.h"

using namespace mlir;
using namespace seqc::seq;

namespace seqc::loops {

namespace {

/// One operand, with the axis of the result or the sum that each of its axes
/// is. Sums count from -1 downwards.
struct Side {
  Value value;
  SmallVector<int64_t> axes;
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
  }

  void emit() {
    forAll(l, sizes, [&](ArrayRef<Value> ivs) {
      Puller(l).store(sumAt(ivs), l.buffers.lookup(result), Position(ivs));
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

  /// Both factors at a place of the result and of what is summed.
  std::pair<Value, Value> factors(ArrayRef<Value> ivs, ArrayRef<Value> sums) {
    Puller puller(l);
    auto read = [&](const Side &side) {
      Position position;
      for (int64_t axis : side.axes)
        position.coords.push_back({axis < 0 ? sums[-1 - axis] : ivs[axis], 0});
      return puller.at(side.value, position);
    };
    Value x = read(lhs);
    return {x, read(rhs)};
  }

  /// The sum at a place of the result; products may be added to it without
  /// rounding between.
  Value sumAt(ArrayRef<Value> ivs) {
    const auto contract = arith::FastMathFlags::contract;
    Value zero = arith::ConstantOp::create(l.b, l.b.getF32FloatAttr(0));
    if (summed.empty()) {
      auto [x, y] = factors(ivs, {});
      return math::FmaOp::create(l.b, x, y, zero);
    }
    return reduceAll(
        l, summed, zero,
        [&](ArrayRef<Value> sums) -> Value {
          auto [x, y] = factors(ivs, sums);
          return arith::MulFOp::create(l.b, x, y, contract);
        },
        [&](Value x, Value y) -> Value {
          return arith::AddFOp::create(l.b, x, y, contract);
        });
  }

  Lowering &l;
  Value result;
  Sizes sizes, summed;
  Side lhs, rhs;
};

} // namespace

void emitContract(Lowering &l, ContractOp op) { GenericContract(l, op).emit(); }

} // namespace seqc::loops
