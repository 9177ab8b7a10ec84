//===- ScanUtils.cpp - Changes of a scan's operands in place --------------===//
// Keeps operands and body arguments in step.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/Transforms/ScanUtils.h"
#include "compiler/Dialect/Seq/IR/SeqShapes.h"

#include "mlir/IR/Matchers.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/Sequence.h"

#include <tuple>

using namespace mlir;
using namespace seqc::seq;

/// The argument of the first operand that is `value`, if any.
static Value findArgument(OperandRange operands,
                          ArrayRef<BlockArgument> arguments, Value value) {
  for (auto [operand, argument] : llvm::zip_equal(operands, arguments))
    if (operand == value)
      return argument;
  return {};
}

Value seqc::seq::addSequence(ScanOp scan, Value sequence) {
  if (Value known =
          findArgument(scan.getSequences(), scan.getElementArgs(), sequence))
    return known;
  const unsigned place = scan.getSequences().size();
  scan.getSequencesMutable().append(sequence);
  auto type = cast<RankedTensorType>(sequence.getType());
  return scan.getBody().front().insertArgument(
      place, dropAxis(type, scan.getAxis()), sequence.getLoc());
}

Value seqc::seq::addInvariant(ScanOp scan, Value invariant) {
  if (Value known = findArgument(scan.getInvariants(), scan.getInvariantArgs(),
                                 invariant))
    return known;
  scan.getInvariantsMutable().append(invariant);
  return scan.getBody().addArgument(invariant.getType(), invariant.getLoc());
}

void seqc::seq::selectOperands(ScanOp scan, ArrayRef<int64_t> sequences,
                               ArrayRef<int64_t> invariants) {
  Block &body = scan.getBody().front();
  const unsigned count = body.getNumArguments();
  SmallVector<BlockArgument> kept;
  SmallVector<Value> newSequences, newInvariants;
  for (int64_t i : sequences) {
    kept.push_back(scan.getElementArgs()[i]);
    newSequences.push_back(scan.getSequences()[i]);
  }
  llvm::append_range(kept, scan.getStateArgs());
  for (int64_t i : invariants) {
    kept.push_back(scan.getInvariantArgs()[i]);
    newInvariants.push_back(scan.getInvariants()[i]);
  }
  for (BlockArgument argument : kept)
    argument.replaceAllUsesWith(
        body.addArgument(argument.getType(), argument.getLoc()));
  body.eraseArguments(0, count);
  scan.getSequencesMutable().assign(newSequences);
  scan.getInvariantsMutable().assign(newInvariants);
}

/// The numbers of the operands that stay. A second of the same value gives its
/// uses to the first.
static SmallVector<int64_t>
usedOperands(OperandRange operands, MutableArrayRef<BlockArgument> arguments) {
  SmallVector<int64_t> used;
  for (auto [i, argument] : llvm::enumerate(arguments)) {
    Value first = findArgument(operands, arguments, operands[i]);
    if (first != argument)
      argument.replaceAllUsesWith(first);
  }
  for (auto [i, argument] : llvm::enumerate(arguments))
    if (!argument.use_empty())
      used.push_back(i);
  return used;
}

void seqc::seq::dropUnusedOperands(ScanOp scan) {
  SmallVector<int64_t> sequences =
      usedOperands(scan.getSequences(), scan.getElementArgs());
  SmallVector<int64_t> invariants =
      usedOperands(scan.getInvariants(), scan.getInvariantArgs());
  if (sequences.empty())
    sequences.push_back(0);
  if (sequences.size() != scan.getSequences().size() ||
      invariants.size() != scan.getInvariants().size())
    selectOperands(scan, sequences, invariants);
}

void seqc::seq::eraseDeadOps(Region &region) {
  for (Block &block : llvm::reverse(region))
    for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block))) {
      if (isOpTriviallyDead(&op)) {
        op.erase();
        continue;
      }
      for (Region &inner : op.getRegions())
        eraseDeadOps(inner);
    }
}

static bool isZero(Value value) {
  if (auto broadcast = value.getDefiningOp<BroadcastOp>())
    value = broadcast.getInput();
  return matchPattern(value, m_AnyZeroFloat());
}

bool seqc::seq::isSumOfSteps(ScanOp scan, unsigned state) {
  BlockArgument argument = scan.getStateArgs()[state];
  Value next = scan.getNextStates()[state];
  auto add = next.getDefiningOp<arith::AddFOp>();
  // A row that has ended keeps its own, so that its rows are no one sum.
  return !scan.getLengths() && add && next.hasOneUse() &&
         argument.hasOneUse() && *argument.user_begin() == add &&
         isZero(scan.getInits()[state]);
}

Value seqc::seq::addedByStep(ScanOp scan, unsigned state) {
  auto add = scan.getNextStates()[state].getDefiningOp<arith::AddFOp>();
  const bool isLeft = add.getLhs() == scan.getStateArgs()[state];
  return isLeft ? add.getRhs() : add.getLhs();
}

ScanOp seqc::seq::findReadingScan(Value value) {
  ScanOp scan;
  SmallVector<Value> open{value};
  SmallVector<int64_t> sliced;
  llvm::DenseSet<Operation *> seen;
  while (!open.empty())
    for (OpOperand &use : open.pop_back_val().getUses()) {
      Operation *op = use.getOwner();
      if (auto reader = dyn_cast<ScanOp>(op)) {
        if (use.getOperandNumber() >= reader.getSequences().size() ||
            (scan && scan != reader))
          return {};
        scan = reader;
        continue;
      }
      if (auto slice = dyn_cast<SliceOp>(op))
        sliced.push_back(slice.getAxis());
      else if (!isa<MaskOp>(op) && !OpTrait::hasElementwiseMappableTraits(op))
        return {};
      if (seen.insert(op).second)
        open.push_back(op->getResult(0));
    }
  const bool isCut =
      scan && llvm::is_contained(sliced, static_cast<int64_t>(scan.getAxis()));
  return isCut ? ScanOp() : scan;
}

bool seqc::seq::lengthsAllowTime(Operation *op, int64_t time) {
  if (auto mask = dyn_cast<MaskOp>(op))
    return static_cast<int64_t>(mask.getAxis()) >= time;
  if (auto at = dyn_cast<AtOp>(op))
    return !at.getLengths() || static_cast<int64_t>(at.getAxis()) >= time;
  if (auto inner = dyn_cast<ScanOp>(op))
    return static_cast<int64_t>(inner.getAxis()) >= time;
  return true;
}

//===----------------------------------------------------------------------===//
// Sizes
//===----------------------------------------------------------------------===//

using ValueAxis = std::pair<Value, int64_t>;

/// The operand's axis that is `axis` of a contraction's result.
static ValueAxis sourceInContraction(ContractOp op, int64_t axis) {
  auto batch = static_cast<int64_t>(op.getLhsBatch().size());
  if (axis < batch)
    return {op.getLhs(), op.getLhsBatch()[axis]};
  axis -= batch;
  auto findFree = [&](Value side, ArrayRef<int64_t> summed,
                      ArrayRef<int64_t> walked) -> ValueAxis {
    const int64_t rank = cast<RankedTensorType>(side.getType()).getRank();
    for (int64_t i : llvm::seq<int64_t>(0, rank))
      if (!llvm::is_contained(summed, i) && !llvm::is_contained(walked, i) &&
          axis-- == 0)
        return {side, i};
    return {};
  };
  ValueAxis left = findFree(op.getLhs(), op.getLhsAxes(), op.getLhsBatch());
  return left.first ? left
                    : findFree(op.getRhs(), op.getRhsAxes(), op.getRhsBatch());
}

/// What a scan's result has from outside: states all, outputs the axes up to
/// the time axis.
static ValueAxis sourceInScan(ScanOp scan, OpResult result, int64_t axis) {
  const size_t number = result.getResultNumber();
  if (number < scan.getInits().size())
    return {scan.getInits()[number], axis};
  if (axis <= static_cast<int64_t>(scan.getAxis()))
    return {scan.getSequences().front(), axis};
  return {};
}

/// The axes of windows but their own two; their own where it has the operand's
/// size.
static ValueAxis sourceInWindows(WindowsOp op, int64_t axis) {
  const auto walked = static_cast<int64_t>(op.getAxis());
  if (axis == walked + 1 ||
      (axis == walked && !op.getWindowShape().keepsLength()))
    return {};
  return {op.getInput(), axis > walked ? axis - 1 : axis};
}

/// The value and axis that have the same size, one op further up; null where
/// none is known.
static ValueAxis sourceOfAxis(Value value, int64_t axis) {
  Operation *op = value.getDefiningOp();
  if (!op)
    return {};
  if (auto scan = dyn_cast<ScanOp>(op))
    return sourceInScan(scan, cast<OpResult>(value), axis);
  if (auto contract = dyn_cast<ContractOp>(op))
    return sourceInContraction(contract, axis);
  if (auto transpose = dyn_cast<TransposeOp>(op))
    return {transpose.getInput(), transpose.getPermutation()[axis]};
  if (auto windows = dyn_cast<WindowsOp>(op))
    return sourceInWindows(windows, axis);
  if (auto sums = dyn_cast<OverlapAddOp>(op)) {
    const auto walked = static_cast<int64_t>(sums.getAxis());
    if (axis == walked)
      return {};
    return {sums.getInput(), axis > walked ? axis + 1 : axis};
  }
  if (auto uniform = dyn_cast<UniformOp>(op))
    return {uniform.getTime(), axis};
  if (auto gather = dyn_cast<GatherOp>(op))
    if (axis < gather.getTokens().getType().getRank())
      return {gather.getTokens(), axis};
  if (auto hot = dyn_cast<OneHotOp>(op))
    if (axis < hot.getTokens().getType().getRank())
      return {hot.getTokens(), axis};
  if (auto scatter = dyn_cast<ScatterAddOp>(op))
    if (axis > 0)
      return {scatter.getUpdates(),
              scatter.getTokens().getType().getRank() + axis - 1};
  if (auto reshape = dyn_cast<ReshapeOp>(op))
    for (const ReshapePart &part : reshape.getParts())
      if (part.isAxis() && part.firstTo == axis)
        return {reshape.getInput(), part.firstFrom};
  if (auto broadcast = dyn_cast<BroadcastOp>(op)) {
    const auto *kept = llvm::find(broadcast.getDims(), axis);
    if (kept != broadcast.getDims().end())
      return {broadcast.getInput(), kept - broadcast.getDims().begin()};
  }
  if (OpTrait::hasElementwiseMappableTraits(op) ||
      isa<MaskOp, ConcatOp, SliceOp, ShiftOp, SoftmaxOp, CumsumOp>(op))
    for (Value operand : op->getOperands())
      if (isa<RankedTensorType>(operand.getType()))
        return {operand, axis};
  return {};
}

bool seqc::seq::isState(Value v) {
  auto argument = dyn_cast<BlockArgument>(v);
  auto scan = argument ? dyn_cast<ScanOp>(argument.getOwner()->getParentOp())
                       : ScanOp();
  return scan && llvm::is_contained(scan.getStateArgs(), argument);
}

Value seqc::seq::traceSize(OpBuilder &builder, Value value, int64_t axis) {
  const Location loc = value.getLoc();
  for (ValueAxis next; (next = sourceOfAxis(value, axis)).first;)
    std::tie(value, axis) = next;
  auto windows = value.getDefiningOp<WindowsOp>();
  if (!windows || axis != static_cast<int64_t>(windows.getAxis()))
    return tensor::DimOp::create(builder, loc, value, axis);
  Value walked = traceSize(builder, windows.getInput(), axis);
  return WindowCountOp::create(builder, loc, walked, windows.getWindowShape());
}
