//===- HoistIn.cpp - What does not depend on the state leaves the loop ----===//
// Takes out of a scan's body the work that no step has to wait for, as one
// operation over all time steps. How an op takes the time dimension is the
// batching rule that it has anyway.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/IR/Batcher.h"
#include "compiler/Dialect/Seq/IR/Program.h"
#include "compiler/Dialect/Seq/IR/SeqShapes.h"
#include "compiler/Dialect/Seq/Transforms/Passes.h"
#include "compiler/Dialect/Seq/Transforms/Regroup.h"
#include "compiler/Dialect/Seq/Transforms/ScanUtils.h"

#include "mlir/IR/Dominance.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Transforms/CSE.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;

namespace seqc::seq {
#define GEN_PASS_DEF_HOISTINPASS
#include "compiler/Dialect/Seq/Transforms/Passes.h.inc"

namespace {

/// What a value of a scan's body depends on; the strongest of its operands.
enum class Dependence { Invariant, Element, State };

/// Dependences of all values of a scan's body.
class BodyDependences {
public:
  explicit BodyDependences(ScanOp scan);

  Dependence of(Value value) const { return known.lookup(value); }
  bool onState(Value value) const { return of(value) == Dependence::State; }
  bool isInvariant(Value value) const {
    return of(value) == Dependence::Invariant;
  }
  /// `value` is made in the place of `original`.
  void setLike(Value value, Value original) { known[value] = of(original); }

private:
  Dependence ofResults(Operation &op) const;

  const int64_t time;
  DenseMap<Value, Dependence> known;
};

struct HoistInPass : impl::HoistInPassBase<HoistInPass> {
  void runOnOperation() override;
};

} // namespace

//===----------------------------------------------------------------------===//
// What may leave
//===----------------------------------------------------------------------===//

BodyDependences::BodyDependences(ScanOp scan) : time(scan.getAxis()) {
  for (Value argument : scan.getElementArgs())
    known[argument] = Dependence::Element;
  for (Value argument : scan.getStateArgs())
    known[argument] = Dependence::State;
  for (Operation &op : scan.getBody().front().without_terminator()) {
    const Dependence dependence = ofResults(op);
    for (Value result : op.getResults())
      known[result] = dependence;
  }
}

Dependence BodyDependences::ofResults(Operation &op) const {
  Dependence result = Dependence::Invariant;
  for (Value operand : op.getOperands())
    result = std::max(result, of(operand));
  const bool hasRule = isa<BatchOpInterface, tensor::DimOp>(op) ||
                       OpTrait::hasElementwiseMappableTraits(&op) ||
                       result == Dependence::Invariant;
  auto gather = dyn_cast<GatherOp>(op);
  const bool movesTable = gather && !isInvariant(gather.getTable());
  if (!isMemoryEffectFree(&op) || !hasRule || movesTable ||
      !lengthsAllowTime(&op, time))
    return Dependence::State;
  return result;
}

/// Ops that compute nothing, or as well in the loop: outside they would only
/// take memory.
static bool isWork(Operation *op, bool isInvariant) {
  if (isa<BroadcastOp, IotaOp, SampleIdsOp>(op) ||
      op->hasTrait<OpTrait::ConstantLike>())
    return false;
  if (isInvariant)
    return true;
  return !isa<SliceOp, ConcatOp, AtOp, TransposeOp, ReshapeOp, ShiftOp, MaskOp,
              WindowsOp, UniformOp>(op);
}

/// The values to compute outside: those that the rest of the body needs, where
/// they are work; else those that they are made of.
static SetVector<Value> findRoots(ScanOp scan,
                                  const BodyDependences &dependences) {
  Block &body = scan.getBody().front();
  SmallVector<Value> needed;
  for (Operation &op : body)
    if (op.hasTrait<OpTrait::IsTerminator>() || !isMemoryEffectFree(&op) ||
        llvm::any_of(op.getResults(),
                     [&](Value v) { return dependences.onState(v); }))
      llvm::append_range(needed, op.getOperands());
  SetVector<Value> roots;
  DenseSet<Value> seen;
  while (!needed.empty()) {
    Value value = needed.pop_back_val();
    Operation *op = value.getDefiningOp();
    if (!op || dependences.onState(value) || !seen.insert(value).second)
      continue;
    if (isWork(op, dependences.isInvariant(value)))
      roots.insert(value);
    else
      llvm::append_range(needed, op->getOperands());
  }
  return roots;
}

//===----------------------------------------------------------------------===//
// Regrouping
//===----------------------------------------------------------------------===//

/// Biases: broadcasts alike of values that are the same at every step. Their
/// sum is one broadcast, of a sum that depends on parameters alone.
static Value joinBroadcasts(OpBuilder &builder, ArrayRef<BroadcastOp> like) {
  SmallVector<Value> inputs;
  for (BroadcastOp op : like)
    inputs.push_back(op.getInput());
  BroadcastOp first = like.front();
  Value sum = buildSum(builder, first.getLoc(), inputs);
  return BroadcastOp::create(builder, first.getLoc(), first.getType(), sum,
                             first.getSizes(), first.getDims());
}

/// Rewrites a sum so that what does not depend on the state is one addend.
static void regroupSum(Operation *root, BodyDependences &dependences) {
  SmallVector<Value> free, bound;
  llvm::MapVector<Attribute, SmallVector<BroadcastOp>> biases;
  for (Value addend : flattenSum(root->getResult(0))) {
    auto broadcast = addend.getDefiningOp<BroadcastOp>();
    if (broadcast && dependences.isInvariant(addend))
      biases[broadcast.getDimsAttr()].push_back(broadcast);
    else
      (dependences.onState(addend) ? bound : free).push_back(addend);
  }
  if (free.empty() && biases.empty())
    return;
  OpBuilder builder(root);
  for (auto &[dims, like] : biases)
    free.push_back(joinBroadcasts(builder, like));
  llvm::append_range(free, bound);
  Value sum = buildSum(builder, root->getLoc(), free);
  dependences.setLike(sum, root->getResult(0));
  root->getResult(0).replaceAllUsesWith(sum);
}

static void regroup(ScanOp scan) {
  Block &body = scan.getBody().front();
  {
    const BodyDependences dependences(scan);
    splitContractions(body, [&](const ContractSide &, ConcatOp concat) {
      return llvm::any_of(concat.getInputs(), [&](Value part) {
        return dependences.of(part) != dependences.of(concat);
      });
    });
  }
  raiseSlices(body);
  eraseDeadOps(scan.getBody());
  BodyDependences dependences(scan);
  SmallVector<Operation *> sums;
  for (Operation &op : body)
    if (isSumRoot(&op))
      sums.push_back(&op);
  for (Operation *sum : sums)
    regroupSum(sum, dependences);
  eraseDeadOps(scan.getBody());
}

//===----------------------------------------------------------------------===//
// Moving
//===----------------------------------------------------------------------===//

/// The ops that `roots` are made of, in the order of the body.
static SmallVector<Operation *> conesOf(ScanOp scan,
                                        const SetVector<Value> &roots) {
  DenseSet<Operation *> cone;
  SmallVector<Value> open(roots.begin(), roots.end());
  while (!open.empty()) {
    Operation *op = open.pop_back_val().getDefiningOp();
    if (op && cone.insert(op).second)
      llvm::append_range(open, op->getOperands());
  }
  SmallVector<Operation *> ordered;
  for (Operation &op : scan.getBody().front())
    if (cone.contains(&op))
      ordered.push_back(&op);
  return ordered;
}

static LogicalResult hoist(ScanOp scan) {
  const BodyDependences dependences(scan);
  const SetVector<Value> roots = findRoots(scan, dependences);
  if (roots.empty())
    return success();
  OpBuilder builder(scan);
  const int64_t axis = scan.getAxis();
  Value first = scan.getSequences().front();
  const int64_t steps =
      cast<RankedTensorType>(first.getType()).getDimSize(axis);
  Value size;
  if (ShapedType::isDynamic(steps))
    size = traceSize(builder, first, axis);
  Batcher batcher(builder, axis, steps, size);
  for (auto [argument, sequence] :
       llvm::zip_equal(scan.getElementArgs(), scan.getSequences()))
    batcher.set(argument, sequence);
  for (auto [argument, invariant] :
       llvm::zip_equal(scan.getInvariantArgs(), scan.getInvariants()))
    batcher.set(argument, invariant);
  for (Operation *op : conesOf(scan, roots))
    if (failed(batcher.rewrite(*op)))
      return failure();
  for (Value root : roots) {
    const Batched &outside = batcher.get(root);
    root.replaceAllUsesWith(outside.hasDimension
                                ? addSequence(scan, outside.value)
                                : addInvariant(scan, outside.value));
  }
  return success();
}

void HoistInPass::runOnOperation() {
  func::FuncOp function = getOperation();
  SmallVector<ScanOp> scans;
  function.walk([&](ScanOp scan) { scans.push_back(scan); });
  IRRewriter rewriter(function.getContext());
  DominanceInfo dominance(function);
  // An inner loop comes before the one around it, which may take its work on.
  for (ScanOp scan : scans) {
    // All steps at once would take the memory that segments are to save.
    if (scan->hasAttr(kSegmentsAttr))
      continue;
    eliminateCommonSubExpressions(rewriter, dominance, scan);
    regroup(scan);
    eliminateCommonSubExpressions(rewriter, dominance, scan);
    if (failed(hoist(scan)))
      return signalPassFailure();
    eraseDeadOps(scan.getBody());
    dropUnusedOperands(scan);
  }
  eraseDeadOps(function.getBody());
}

} // namespace seqc::seq
