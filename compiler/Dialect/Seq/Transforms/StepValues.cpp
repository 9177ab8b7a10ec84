//===- StepValues.cpp - Values of a scan's body over all steps ------------===//
// Sequences are there already; what moves elements of what is there is done
// again behind the scan; all else becomes an output.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/Transforms/StepValues.h"
#include "compiler/Dialect/Seq/IR/SeqShapes.h"
#include "compiler/Dialect/Seq/Transforms/ScanUtils.h"

#include "mlir/IR/IRMapping.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;
using namespace seqc::seq;

static int64_t rankOf(Value value) {
  return cast<RankedTensorType>(value.getType()).getRank();
}

Batcher seqc::seq::makeStepBatcher(OpBuilder &builder, ScanOp scan) {
  const int64_t axis = scan.getAxis();
  Value first = scan.getSequences().front();
  const int64_t steps =
      cast<RankedTensorType>(first.getType()).getDimSize(axis);
  Value size;
  if (ShapedType::isDynamic(steps)) {
    OpBuilder before(scan);
    size = traceSize(before, first, axis);
  }
  return {builder, axis, steps, size};
}

StepValues::StepValues(ScanOp scan)
    : scan(scan), builder(scan->getBlock(), std::next(scan->getIterator())),
      batcher(makeStepBatcher(builder, scan)) {
  for (auto [argument, invariant] :
       llvm::zip_equal(scan.getInvariantArgs(), scan.getInvariants())) {
    batcher.set(argument, Batched{invariant, /*hasDimension=*/false, {}});
    known.insert(argument);
  }
  for (Value argument : scan.getElementArgs())
    varying.insert(argument);
  for (Value argument : scan.getStateArgs())
    varying.insert(argument);
  for (Operation &op : scan.getBody().front())
    if (!isa<tensor::DimOp>(op) && // no size depends on a step
        (!isMemoryEffectFree(&op) ||
         llvm::any_of(op.getOperands(), [&](Value operand) {
           return varying.contains(operand);
         })))
      varying.insert(op.result_begin(), op.result_end());
}

/// Ops of which it is no work to have them again behind the scan. What makes
/// much of little is always made again; parts of something only where the whole
/// is there.
bool StepValues::isMade(Operation *op) const {
  if (isa<OneHotOp, BroadcastOp, TransposeOp, ReshapeOp>(op))
    return true;
  auto at = dyn_cast<AtOp>(op);
  return (isa<SliceOp, ConcatOp>(op) || (at && !at.getLengths())) &&
         llvm::all_of(op->getOperands(),
                      [&](Value operand) { return isFree(operand); });
}

bool StepValues::isFree(Value value) const {
  ScanOp op = scan;
  if (isInvariant(value) || known.contains(value) ||
      llvm::is_contained(op.getStepOutputs(), value))
    return true;
  if (auto argument = dyn_cast<BlockArgument>(value))
    return argument.getArgNumber() < op.getSequences().size();
  Operation *maker = value.getDefiningOp();
  return isMade(maker) &&
         llvm::all_of(maker->getOperands(),
                      [&](Value operand) { return isFree(operand); });
}

/// The output that gives `value` already, or one that is to be.
Value StepValues::makeOutput(Value value) {
  ScanOp op = scan;
  for (auto [output, step] :
       llvm::zip_equal(op.getOutputs(), op.getStepOutputs()))
    if (step == value)
      return output;
  OpBuilder before(scan);
  Value placeholder = UnrealizedConversionCastOp::create(
                          before, value.getLoc(),
                          batcher.withDimension(value.getType()), ValueRange())
                          .getResult(0);
  added.emplace_back(value, placeholder);
  return placeholder;
}

const Batched &StepValues::get(Value value) {
  if (!known.insert(value).second)
    return batcher.get(value);
  auto argument = dyn_cast<BlockArgument>(value);
  Operation *op = value.getDefiningOp();
  if (argument && argument.getArgNumber() < scan.getSequences().size()) {
    Value sequence = scan.getSequences()[argument.getArgNumber()];
    // Tokens of the padding may be any numbers, and look-ups check theirs.
    if (getElementTypeOrSelf(sequence.getType()).isInteger(64))
      sequence = mask(sequence, value);
    batcher.set(value, sequence);
  } else if (op && (isInvariant(value) || isMade(op))) {
    if (failed(rewrite(*op)))
      batcher.set(value, makeOutput(value));
  } else {
    batcher.set(value, makeOutput(value));
  }
  return batcher.get(value);
}

LogicalResult StepValues::rewrite(Operation &op) {
  for (Value operand : op.getOperands())
    get(operand);
  known.insert(op.result_begin(), op.result_end());
  return batcher.rewrite(op);
}

bool StepValues::hasRows(Value value) const {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!type)
    return false;
  ScanOp op = scan;
  const auto axis = static_cast<int64_t>(op.getAxis());
  Value first = op.getSequences().front();
  return type.getRank() >= axis && type.getShape().take_front(axis) ==
                                       cast<RankedTensorType>(first.getType())
                                           .getShape()
                                           .take_front(axis);
}

Value StepValues::mask(Value overSteps, Value original) {
  Value lengths = scan.getLengths();
  if (!lengths || rankOf(overSteps) == rankOf(original))
    return overSteps;
  return MaskOp::create(builder, scan.getLoc(), overSteps, lengths,
                        scan.getAxis(),
                        cast<TypedAttr>(builder.getZeroAttr(
                            getElementTypeOrSelf(overSteps.getType()))));
}

Value StepValues::getZeroPadded(Value value) {
  Value overSteps = get(value).value;
  const bool isOutput =
      llvm::is_contained(scan.getResults(), overSteps) ||
      llvm::any_of(added, [&](auto &pair) { return pair.second == overSteps; });
  return isOutput ? overSteps : mask(overSteps, value);
}

/// Moves the body of `from` to `to`, which has the states `kept` and yields
/// what `yielded` was.
static void moveBody(ScanOp from, ScanOp to, ArrayRef<int64_t> kept,
                     SmallVector<Value> &yielded) {
  IRMapping arguments;
  arguments.map(from.getElementArgs(), to.getElementArgs());
  arguments.map(from.getInvariantArgs(), to.getInvariantArgs());
  for (auto [k, made] : llvm::zip_equal(kept, to.getStateArgs()))
    arguments.map(from.getStateArgs()[k], made);
  for (auto [old, made] : arguments.getValueMap())
    old.replaceAllUsesWith(made);
  for (Value &value : yielded)
    value = arguments.lookupOrDefault(value);
  Block &there = from.getBody().front(), &here = to.getBody().front();
  here.getOperations().splice(here.end(), there.getOperations(), there.begin(),
                              std::prev(there.end()));
  OpBuilder builder(&here, here.end());
  YieldOp::create(builder, from.getYield().getLoc(), yielded);
  from.getYield().erase();
}

void StepValues::finish(const DenseSet<int64_t> &dropped) {
  SmallVector<Value> inits, yielded, outputs;
  SmallVector<Value> replaced; // by the results of the new scan, in order
  SmallVector<int64_t> kept;
  for (auto [k, init] : llvm::enumerate(scan.getInits())) {
    if (dropped.contains(k))
      continue;
    kept.push_back(k);
    inits.push_back(init);
    yielded.push_back(scan.getNextStates()[k]);
    replaced.push_back(scan.getFinals()[k]);
  }
  for (auto [output, step] :
       llvm::zip_equal(scan.getOutputs(), scan.getStepOutputs()))
    if (!output.use_empty()) {
      outputs.push_back(step);
      replaced.push_back(output);
    }
  for (auto [value, placeholder] : added) {
    outputs.push_back(value);
    replaced.push_back(placeholder);
  }
  llvm::append_range(yielded, outputs);
  OpBuilder before(scan);
  ScanOp fresh =
      ScanOp::create(before, scan.getLoc(), scan.getSequences(), inits,
                     scan.getInvariants(), scan.getLengths(), scan.getAxis(),
                     scan.getReverse(), ValueRange(outputs).getTypes());
  fresh->setDiscardableAttrs(scan->getDiscardableAttrDictionary());
  moveBody(scan, fresh, kept, yielded);
  for (auto [old, made] : llvm::zip_equal(replaced, fresh.getResults()))
    old.replaceAllUsesWith(made);
  for (auto [value, placeholder] : added)
    placeholder.getDefiningOp()->erase();
  // What has read the dropped states goes before they do.
  eraseDeadOps(fresh.getBody());
  scan.erase();
  scan = fresh;
  dropUnusedOperands(scan);
}
