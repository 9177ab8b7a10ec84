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

/// Whether contractions, or a scan (`seq-sum-states`), are what takes the sum
/// of `value` over `axis`, and nothing is computed twice for it.
static bool canSink(Value value, int64_t axis) {
  Operation *op = value.getDefiningOp();
  if (!op || value.hasNUsesOrMore(2))
    return false;
  if (isa<ContractOp>(op) || isSumOfSteps(value))
    return true;
  if (isa<arith::AddFOp, arith::SubFOp>(op))
    return canSink(op->getOperand(0), axis) || canSink(op->getOperand(1), axis);
  if (isa<arith::MulFOp>(op))
    return (isConstantAlong(op->getOperand(1), axis) &&
            canSink(op->getOperand(0), axis)) ||
           (isConstantAlong(op->getOperand(0), axis) &&
            canSink(op->getOperand(1), axis));
  if (isa<arith::DivFOp>(op))
    return isConstantAlong(op->getOperand(1), axis) &&
           canSink(op->getOperand(0), axis);
  if (auto concat = dyn_cast<ConcatOp>(op))
    return static_cast<int64_t>(concat.getAxis()) != axis &&
           llvm::any_of(concat.getInputs(),
                        [&](Value input) { return canSink(input, axis); });
  const Passed passed = passes(op, axis);
  return passed.input && canSink(passed.input, axis);
}

static Value sumOver(OpBuilder &builder, Value value, int64_t axis);

/// The contraction that sums over `axis` of the result of `op` too.
static Value sumOfContract(OpBuilder &builder, ContractOp op, int64_t axis) {
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
      operands[side] = sumOver(builder, operands[side], own);
      axes[side] = without(axes[side], own);
      batch[side] = without(batch[side], own);
      return ContractOp::create(builder, loc, operands[0], operands[1], axes[0],
                                axes[1], batch[0], batch[1]);
    }
  llvm_unreachable("an axis that no operand has");
}

/// `value`, which is the same all along `axis`, without that axis.
static Value dropRepeated(OpBuilder &builder, Value value, int64_t axis) {
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
static Value sumOfElementwise(OpBuilder &builder, Operation *op, int64_t axis) {
  IRMapping mapping;
  const bool isSum = isa<arith::AddFOp, arith::SubFOp>(op);
  const bool scalesLeft = !isSum && isConstantAlong(op->getOperand(1), axis) &&
                          canSink(op->getOperand(0), axis);
  for (OpOperand &operand : op->getOpOperands()) {
    const bool isSummed =
        isSum || (operand.getOperandNumber() == 0) == scalesLeft;
    mapping.map(operand.get(),
                isSummed ? sumOver(builder, operand.get(), axis)
                         : dropRepeated(builder, operand.get(), axis));
  }
  Operation *copy = builder.clone(*op, mapping);
  copy->getResult(0).setType(dropAxis(tensorType(op->getResult(0)), axis));
  return copy->getResult(0);
}

/// The op that `op`, which passes a sum over `axis`, is on the sum.
static Value movePast(OpBuilder &builder, Operation *op, int64_t axis) {
  const Passed passed = passes(op, axis);
  Value input = sumOver(builder, passed.input, passed.axis);
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
    return sumOver(builder, input, lower(reduce.getAxis()));
  auto broadcast = cast<BroadcastOp>(op);
  return BroadcastOp::create(builder, loc, type, input, broadcast.getSizes(),
                             without(broadcast.getDims(), axis));
}

static Value sumOfConcat(OpBuilder &builder, ConcatOp op, int64_t axis) {
  const auto joined = static_cast<int64_t>(op.getAxis());
  SmallVector<Value> parts;
  for (Value input : op.getInputs())
    parts.push_back(sumOver(builder, input, axis));
  return ConcatOp::create(builder, op.getLoc(), parts,
                          joined - (joined > axis ? 1 : 0));
}

/// The sum of `value` over `axis`: taken by contractions where they can.
static Value sumOver(OpBuilder &builder, Value value, int64_t axis) {
  if (!canSink(value, axis) || isSumOfSteps(value))
    return ReduceOp::create(builder, value.getLoc(), ReductionKind::Sum, value,
                            axis);
  Operation *op = value.getDefiningOp();
  if (auto contract = dyn_cast<ContractOp>(op))
    return sumOfContract(builder, contract, axis);
  if (auto concat = dyn_cast<ConcatOp>(op))
    return sumOfConcat(builder, concat, axis);
  if (isa<arith::AddFOp, arith::SubFOp, arith::MulFOp, arith::DivFOp>(op))
    return sumOfElementwise(builder, op, axis);
  return movePast(builder, op, axis);
}

/// Erases `op` and what only it has read: it counts as a use no more.
static void eraseChain(Operation *op) {
  SmallVector<Operation *> open{op};
  while (!open.empty()) {
    Operation *dead = open.pop_back_val();
    if (!isOpTriviallyDead(dead))
      continue;
    SetVector<Operation *> makers;
    for (Value operand : dead->getOperands())
      if (Operation *maker = operand.getDefiningOp())
        makers.insert(maker);
    dead->erase();
    open.append(makers.begin(), makers.end());
  }
}

void SinkSumsPass::runOnOperation() {
  SmallVector<ReduceOp> sums;
  getOperation().walk([&](ReduceOp reduce) {
    if (reduce.getKind() == ReductionKind::Sum)
      sums.push_back(reduce);
  });
  for (ReduceOp reduce : sums) {
    const auto axis = static_cast<int64_t>(reduce.getAxis());
    if (reduce->use_empty() || !canSink(reduce.getInput(), axis))
      continue;
    OpBuilder builder(reduce);
    reduce.replaceAllUsesWith(sumOver(builder, reduce.getInput(), axis));
    eraseChain(reduce);
  }
  eraseDeadOps(getOperation().getBody());
}

} // namespace seqc::seq
