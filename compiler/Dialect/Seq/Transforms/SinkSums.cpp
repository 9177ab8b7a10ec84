//===- SinkSums.cpp - Sums over an axis move into contractions ------------===//
// The sum over an axis that a contraction walks is the contraction over it: no
// tensor holds what each position adds.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/IR/SeqShapes.h"
#include "compiler/Dialect/Seq/Transforms/Passes.h"
#include "compiler/Dialect/Seq/Transforms/ScanUtils.h"

#include "mlir/IR/IRMapping.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;

namespace seqc::seq {
#define GEN_PASS_DEF_SINKSUMSPASS
#include "compiler/Dialect/Seq/Transforms/Passes.h.inc"

namespace {

struct SinkSumsPass : impl::SinkSumsPassBase<SinkSumsPass> {
  void runOnOperation() override;
};

} // namespace

static RankedTensorType tensorType(Value value) {
  return cast<RankedTensorType>(value.getType());
}

/// `axes` where `gone` is no axis any more.
static SmallVector<int64_t> without(ArrayRef<int64_t> axes, int64_t gone) {
  SmallVector<int64_t> left;
  for (int64_t axis : axes)
    if (axis != gone)
      left.push_back(axis - (axis > gone ? 1 : 0));
  return left;
}

/// The operand's axis that `axis` of a reshape's result is; -1 if it is cut.
static int64_t beforeReshape(ReshapeOp op, int64_t axis) {
  for (const ReshapePart &part : op.getParts())
    if (part.isAxis() && part.firstTo == axis)
      return part.firstFrom;
  return -1;
}

/// The broadcast that gives `value` the same elements all along `axis`.
static BroadcastOp repeatedAlong(Value value, int64_t axis) {
  auto broadcast = value.getDefiningOp<BroadcastOp>();
  return broadcast && !llvm::is_contained(broadcast.getDims(), axis)
             ? broadcast
             : BroadcastOp();
}

static bool isSplat(Value value) {
  auto constant = value.getDefiningOp<arith::ConstantOp>();
  return constant && isa<SplatElementsAttr>(constant.getValue());
}

static bool isConstantAlong(Value value, int64_t axis) {
  return isSplat(value) || repeatedAlong(value, axis);
}

/// An operation whose operand `input` has at `axis` what the result has.
struct Passed {
  Value input;
  int64_t axis;
};

/// What a sum over `axis` of the result of `op` passes, if the op only moves
/// elements or sums over another axis.
static Passed passes(Operation *op, int64_t axis) {
  if (isa<arith::NegFOp>(op))
    return {op->getOperand(0), axis};
  if (auto transpose = dyn_cast<TransposeOp>(op))
    return {transpose.getInput(), transpose.getPermutation()[axis]};
  if (auto reshape = dyn_cast<ReshapeOp>(op)) {
    const int64_t from = beforeReshape(reshape, axis);
    return from < 0 ? Passed{} : Passed{reshape.getInput(), from};
  }
  if (auto slice = dyn_cast<SliceOp>(op))
    if (static_cast<int64_t>(slice.getAxis()) != axis)
      return {slice.getInput(), axis};
  auto over = [&](Value input, int64_t gone) -> Passed {
    return {input, axis + (axis >= gone ? 1 : 0)};
  };
  if (auto at = dyn_cast<AtOp>(op); at && !at.getLengths())
    return over(at.getInput(), static_cast<int64_t>(at.getAxis()));
  if (auto reduce = dyn_cast<ReduceOp>(op);
      reduce && reduce.getKind() == ReductionKind::Sum)
    return over(reduce.getInput(), static_cast<int64_t>(reduce.getAxis()));
  if (auto broadcast = dyn_cast<BroadcastOp>(op)) {
    const auto *kept = llvm::find(broadcast.getDims(), axis);
    if (kept != broadcast.getDims().end())
      return {broadcast.getInput(), kept - broadcast.getDims().begin()};
  }
  return {};
}

/// Whether `value` is what a scan's steps have added up.
static bool isSumOfSteps(Value value) {
  auto scan = value.getDefiningOp<ScanOp>();
  const unsigned number = cast<OpResult>(value).getResultNumber();
  return scan && number < scan.getInits().size() && isSumOfSteps(scan, number);
}

namespace {

/// One sum on its way to the contractions that take it.
class SinkingSum {
public:
  SinkingSum(ReduceOp reduce) : reduce(reduce), builder(reduce) {
    findWay(reduce.getInput(), reduce.getAxis());
  }

  bool isPossible() { return canSink(reduce.getInput(), reduce.getAxis()); }
  Value move() { return sumOver(reduce.getInput(), reduce.getAxis()); }

private:
  void findWay(Value value, int64_t axis);
  bool isReadOnTheWayAlone(Value value);
  bool areUsersOnTheWay(Value value);
  bool canSink(Value value, int64_t axis);
  bool findsTaker(Value value, int64_t axis);

  Value sumOver(Value value, int64_t axis);
  Value makeSum(Value value, int64_t axis);
  Value sumOfContract(ContractOp op, int64_t axis);
  Value dropRepeated(Value value, int64_t axis);
  Value sumOfElementwise(Operation *op, int64_t axis);
  Value movePast(Operation *op, int64_t axis);
  Value sumOfConcat(ConcatOp op, int64_t axis);

  ReduceOp reduce;
  OpBuilder builder;
  /// The operations that the sum passes, with the axis of it there; -1 where
  /// that is not the same from all sides.
  DenseMap<Operation *, int64_t> way;
  /// What has been found out of values that are read in several places.
  DenseMap<Value, bool> alone;
  DenseMap<std::pair<Value, int64_t>, bool> sinks;
  /// Sums that have been made.
  DenseMap<std::pair<Value, int64_t>, Value> made;
};

} // namespace

/// The operands of `op` of which a sum over `axis` of its result is made.
static SmallVector<Passed> summedOperands(Operation *op, int64_t axis) {
  if (isa<arith::AddFOp, arith::SubFOp>(op))
    return {{op->getOperand(0), axis}, {op->getOperand(1), axis}};
  if (isa<arith::MulFOp, arith::DivFOp>(op)) {
    SmallVector<Passed> scaled;
    if (isConstantAlong(op->getOperand(1), axis))
      scaled.push_back({op->getOperand(0), axis});
    if (isa<arith::MulFOp>(op) && isConstantAlong(op->getOperand(0), axis))
      scaled.push_back({op->getOperand(1), axis});
    return scaled;
  }
  if (auto concat = dyn_cast<ConcatOp>(op)) {
    SmallVector<Passed> parts;
    if (static_cast<int64_t>(concat.getAxis()) != axis)
      for (Value input : concat.getInputs())
        parts.push_back({input, axis});
    return parts;
  }
  const Passed passed = passes(op, axis);
  return passed.input ? SmallVector<Passed>{passed} : SmallVector<Passed>();
}

void SinkingSum::findWay(Value value, int64_t axis) {
  Operation *op = value.getDefiningOp();
  if (!op)
    return;
  auto [it, isNew] = way.try_emplace(op, axis);
  if (!isNew) {
    if (it->second != axis)
      it->second = -1;
    return;
  }
  for (const Passed &operand : summedOperands(op, axis))
    findWay(operand.input, operand.axis);
}

/// Whether nothing is computed twice when the sum moves past `value`.
bool SinkingSum::isReadOnTheWayAlone(Value value) {
  if (!value.hasNUsesOrMore(2))
    return true;
  auto it = alone.find(value);
  if (it != alone.end())
    return it->second;
  const bool found = areUsersOnTheWay(value);
  alone[value] = found;
  return found;
}

bool SinkingSum::areUsersOnTheWay(Value value) {
  auto isOnTheWay = [&](Operation *op) {
    auto it = way.find(op);
    return it != way.end() && it->second >= 0;
  };
  // As what is summed, and not as a factor or what a product reads.
  auto isSummedBy = [&](Operation *user) {
    return llvm::count(user->getOperands(), value) ==
           llvm::count_if(summedOperands(user, way.lookup(user)),
                          [&](const Passed &p) { return p.input == value; });
  };
  return isOnTheWay(value.getDefiningOp()) &&
         llvm::all_of(value.getUsers(), [&](Operation *user) {
           return user == reduce || (isOnTheWay(user) && isSummedBy(user) &&
                                     isReadOnTheWayAlone(user->getResult(0)));
         });
}

/// Whether contractions, or a scan (`seq-sum-states`), are what takes the sum
/// of `value` over `axis`.
bool SinkingSum::canSink(Value value, int64_t axis) {
  auto it = sinks.find({value, axis});
  if (it != sinks.end())
    return it->second;
  const bool found = findsTaker(value, axis);
  sinks[{value, axis}] = found;
  return found;
}

bool SinkingSum::findsTaker(Value value, int64_t axis) {
  Operation *op = value.getDefiningOp();
  if (!op || !isReadOnTheWayAlone(value))
    return false;
  if (isa<ContractOp>(op) || isSumOfSteps(value))
    return true;
  return llvm::any_of(summedOperands(op, axis), [&](const Passed &operand) {
    return canSink(operand.input, operand.axis);
  });
}

/// The contraction that sums over `axis` of the result of `op` too.
Value SinkingSum::sumOfContract(ContractOp op, int64_t axis) {
  const Location loc = op.getLoc();
  SmallVector<int64_t> axes[2] = {SmallVector<int64_t>(op.getLhsAxes()),
                                  SmallVector<int64_t>(op.getRhsAxes())};
  SmallVector<int64_t> batch[2] = {SmallVector<int64_t>(op.getLhsBatch()),
                                   SmallVector<int64_t>(op.getRhsBatch())};
  Value operands[2] = {op.getLhs(), op.getRhs()};
  const auto walked = static_cast<int64_t>(batch[0].size());
  if (axis < walked) {
    for (int side : {0, 1}) {
      axes[side].insert(axes[side].begin(), batch[side][axis]);
      batch[side].erase(batch[side].begin() + axis);
    }
    return ContractOp::create(builder, loc, operands[0], operands[1], axes[0],
                              axes[1], batch[0], batch[1]);
  }
  // An axis of one operand alone: that is summed first.
  int64_t place = axis - walked;
  for (int side : {0, 1})
    for (int64_t own = 0, rank = tensorType(operands[side]).getRank();
         own < rank; ++own) {
      if (llvm::is_contained(axes[side], own) ||
          llvm::is_contained(batch[side], own) || place-- != 0)
        continue;
      operands[side] = sumOver(operands[side], own);
      axes[side] = without(axes[side], own);
      batch[side] = without(batch[side], own);
      return ContractOp::create(builder, loc, operands[0], operands[1], axes[0],
                                axes[1], batch[0], batch[1]);
    }
  llvm_unreachable("an axis that no operand has");
}

/// `value`, which is the same all along `axis`, without that axis.
Value SinkingSum::dropRepeated(Value value, int64_t axis) {
  const RankedTensorType type = dropAxis(tensorType(value), axis);
  BroadcastOp broadcast = repeatedAlong(value, axis);
  if (!broadcast) {
    auto constant = value.getDefiningOp<arith::ConstantOp>();
    auto splat = cast<SplatElementsAttr>(constant.getValue());
    return arith::ConstantOp::create(builder, value.getLoc(),
                                     splat.resizeSplat(type));
  }
  SmallVector<Value> sizes;
  auto next = broadcast.getSizes().begin();
  for (int64_t other = 0; other < broadcast.getType().getRank(); ++other) {
    if (llvm::is_contained(broadcast.getDims(), other) ||
        !broadcast.getType().isDynamicDim(other))
      continue;
    if (other != axis)
      sizes.push_back(*next);
    ++next;
  }
  return BroadcastOp::create(builder, value.getLoc(), type,
                             broadcast.getInput(), sizes,
                             without(broadcast.getDims(), axis));
}

/// The sum over `axis` of an elementwise op that it passes.
Value SinkingSum::sumOfElementwise(Operation *op, int64_t axis) {
  IRMapping mapping;
  const bool isSum = isa<arith::AddFOp, arith::SubFOp>(op);
  const bool scalesLeft = !isSum && isConstantAlong(op->getOperand(1), axis) &&
                          canSink(op->getOperand(0), axis);
  for (OpOperand &operand : op->getOpOperands()) {
    const bool isSummed =
        isSum || (operand.getOperandNumber() == 0) == scalesLeft;
    mapping.map(operand.get(), isSummed ? sumOver(operand.get(), axis)
                                        : dropRepeated(operand.get(), axis));
  }
  Operation *copy = builder.clone(*op, mapping);
  copy->getResult(0).setType(dropAxis(tensorType(op->getResult(0)), axis));
  return copy->getResult(0);
}

/// The op that `op`, which passes a sum over `axis`, is on the sum.
Value SinkingSum::movePast(Operation *op, int64_t axis) {
  const Passed passed = passes(op, axis);
  Value input = sumOver(passed.input, passed.axis);
  const Location loc = op->getLoc();
  const RankedTensorType type = dropAxis(tensorType(op->getResult(0)), axis);
  auto lower = [&](uint64_t other) {
    const auto own = static_cast<int64_t>(other);
    return own - (own > passed.axis ? 1 : 0);
  };
  if (isa<arith::NegFOp>(op))
    return arith::NegFOp::create(builder, loc, input);
  if (auto transpose = dyn_cast<TransposeOp>(op))
    return TransposeOp::create(
        builder, loc, input, without(transpose.getPermutation(), passed.axis));
  if (isa<ReshapeOp>(op))
    return ReshapeOp::create(builder, loc, type, input);
  if (auto slice = dyn_cast<SliceOp>(op))
    return SliceOp::create(builder, loc, type, input, lower(slice.getAxis()),
                           slice.getOffset());
  if (auto at = dyn_cast<AtOp>(op))
    return AtOp::create(builder, loc, input, lower(at.getAxis()),
                        static_cast<int64_t>(at.getIndex()));
  if (auto reduce = dyn_cast<ReduceOp>(op))
    return sumOver(input, lower(reduce.getAxis()));
  auto broadcast = cast<BroadcastOp>(op);
  return BroadcastOp::create(builder, loc, type, input, broadcast.getSizes(),
                             without(broadcast.getDims(), axis));
}

Value SinkingSum::sumOfConcat(ConcatOp op, int64_t axis) {
  const auto joined = static_cast<int64_t>(op.getAxis());
  SmallVector<Value> parts;
  for (Value input : op.getInputs())
    parts.push_back(sumOver(input, axis));
  return ConcatOp::create(builder, op.getLoc(), parts,
                          joined - (joined > axis ? 1 : 0));
}

/// The sum of `value` over `axis`: taken by contractions where they can.
Value SinkingSum::sumOver(Value value, int64_t axis) {
  // Not by reference: making one sum makes others.
  if (Value known = made.lookup({value, axis}))
    return known;
  Value sum = makeSum(value, axis);
  made[{value, axis}] = sum;
  return sum;
}

Value SinkingSum::makeSum(Value value, int64_t axis) {
  if (!canSink(value, axis) || isSumOfSteps(value))
    return ReduceOp::create(builder, value.getLoc(), ReductionKind::Sum, value,
                            axis);
  Operation *op = value.getDefiningOp();
  if (auto contract = dyn_cast<ContractOp>(op))
    return sumOfContract(contract, axis);
  if (auto concat = dyn_cast<ConcatOp>(op))
    return sumOfConcat(concat, axis);
  if (isa<arith::AddFOp, arith::SubFOp, arith::MulFOp, arith::DivFOp>(op))
    return sumOfElementwise(op, axis);
  return movePast(op, axis);
}

/// Erases `op` and what only it has read: it counts as a use no more.
static void eraseChain(Operation *op) {
  SetVector<Operation *> open;
  open.insert(op);
  while (!open.empty()) {
    Operation *dead = open.pop_back_val();
    if (!isOpTriviallyDead(dead))
      continue;
    SetVector<Operation *> makers;
    for (Value operand : dead->getOperands())
      if (Operation *maker = operand.getDefiningOp())
        makers.insert(maker);
    dead->erase();
    open.insert(makers.begin(), makers.end());
  }
}

void SinkSumsPass::runOnOperation() {
  SmallVector<ReduceOp> sums;
  getOperation().walk([&](ReduceOp reduce) {
    if (reduce.getKind() == ReductionKind::Sum)
      sums.push_back(reduce);
  });
  for (ReduceOp reduce : sums) {
    if (reduce->use_empty())
      continue;
    SinkingSum sum(reduce);
    if (!sum.isPossible())
      continue;
    reduce.replaceAllUsesWith(sum.move());
    eraseChain(reduce);
  }
  eraseDeadOps(getOperation().getBody());
}

} // namespace seqc::seq
