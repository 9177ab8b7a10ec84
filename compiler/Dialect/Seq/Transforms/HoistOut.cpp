//===- HoistOut.cpp - What only accumulates or only maps leaves the loop --===//
// Takes out of a scan's body the work that no later step reads: sums over the
// steps become contractions over time, and products of outputs become products
// of all steps' values.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/IR/Program.h"
#include "compiler/Dialect/Seq/Transforms/Passes.h"
#include "compiler/Dialect/Seq/Transforms/Regroup.h"
#include "compiler/Dialect/Seq/Transforms/ScanUtils.h"
#include "compiler/Dialect/Seq/Transforms/StepValues.h"

#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;

namespace seqc::seq {
#define GEN_PASS_DEF_HOISTOUTPASS
#include "compiler/Dialect/Seq/Transforms/Passes.h.inc"

namespace {

struct HoistOutPass : impl::HoistOutPassBase<HoistOutPass> {
  void runOnOperation() override;
};

/// A term of a sum.
struct Addend {
  Value value;
  bool isNegative;
};

/// Takes one scan apart.
class HoistOut {
public:
  explicit HoistOut(ScanOp scan) : steps(scan), scan(scan) {}

  void run() {
    hoistSums();
    // What sums have asked for is at hand then.
    hoistMaps();
    steps.finish(gone);
  }

private:
  void hoistSums();
  void hoistState(int64_t k, ArrayRef<Addend> addends);
  bool isLeaf(Value value) const;
  bool hasProduct(Value value) const;
  bool sumsRows(Operation *op) const;
  bool canLeave(Value value) const;
  Value sum(Value value);
  Value sumOfProduct(ContractOp op);
  Value sumOfSteps(Value value);

  void hoistMaps();
  bool mayMap(Operation &op, const DenseSet<Operation *> &mapping) const;
  bool isAtHand(Value operand, Value result,
                const DenseSet<Operation *> &leaving) const;
  bool addWithUsers(Operation *root, DenseSet<Operation *> &leaving) const;

  StepValues steps;
  ScanOp scan;
  /// States that nothing is left of.
  DenseSet<int64_t> gone;
};

} // namespace

static RankedTensorType tensorType(Value value) {
  return cast<RankedTensorType>(value.getType());
}

/// Ops that are linear in each operand alone, and how one sees it.
static bool isLinearMove(Operation *op) {
  auto at = dyn_cast<AtOp>(op);
  auto reduce = dyn_cast<ReduceOp>(op);
  return isa<TransposeOp, ReshapeOp, BroadcastOp, SliceOp, OverlapAddOp,
             arith::NegFOp>(op) ||
         (at && !at.getLengths()) ||
         (reduce && reduce.getKind() == ReductionKind::Sum);
}

//===----------------------------------------------------------------------===//
// Sums over the steps
//===----------------------------------------------------------------------===//

/// The terms that a state gains in each step, if it does nothing else.
static SmallVector<Addend> findAddends(Value state, Value next) {
  SmallVector<Addend> addends;
  while (state != next) {
    if (!state.hasOneUse())
      return {};
    OpOperand &use = *state.use_begin();
    Operation *user = use.getOwner();
    const bool isLeft = use.getOperandNumber() == 0;
    if (!isa<arith::AddFOp>(user) && !(isa<arith::SubFOp>(user) && isLeft))
      return {};
    addends.push_back({user->getOperand(isLeft ? 1 : 0),
                       /*isNegative=*/isa<arith::SubFOp>(user)});
    state = user->getResult(0);
  }
  return next.hasOneUse() ? addends : SmallVector<Addend>();
}

/// Splits terms that are sums themselves, and nothing else reads.
static SmallVector<Addend> flatten(ArrayRef<Addend> addends) {
  SmallVector<Addend> open(llvm::reverse(addends)), flat;
  while (!open.empty()) {
    const Addend addend = open.pop_back_val();
    Operation *op = addend.value.getDefiningOp();
    if (!op || !isa<arith::AddFOp, arith::SubFOp>(op) ||
        !addend.value.hasOneUse()) {
      flat.push_back(addend);
      continue;
    }
    const bool flips = isa<arith::SubFOp>(op);
    open.push_back({op->getOperand(1), addend.isNegative != flips});
    open.push_back({op->getOperand(0), addend.isNegative});
  }
  return flat;
}

/// Whether `value` is arithmetic that the sum alone asks for: to add it up
/// where it is made takes a place, to keep it of each step one for each.
static bool isMadeForSum(Value value) {
  Operation *op = value.getDefiningOp();
  return op && value.hasOneUse() && OpTrait::hasElementwiseMappableTraits(op);
}

/// What is small enough to be kept of each step, or is there anyway: one axis
/// beside the rows.
bool HoistOut::isLeaf(Value value) const {
  ScanOp op = scan;
  const RankedTensorType type = tensorType(value);
  const int64_t own = type.getRank() - static_cast<int64_t>(op.getAxis());
  if (steps.isInvariant(value) || !steps.hasRows(value))
    return false;
  if (steps.isFree(value) || own <= 0)
    return true;
  return own == 1 && !type.isDynamicDim(type.getRank() - 1) &&
         !isMadeForSum(value);
}

/// Whether products are what a value is made of, but for sums and moves.
bool HoistOut::hasProduct(Value value) const {
  Operation *op = value.getDefiningOp();
  if (!op || steps.isInvariant(value))
    return false;
  if (isa<ContractOp>(op))
    return llvm::all_of(op->getOperands(), [&](Value operand) {
      return steps.isInvariant(operand) || steps.hasRows(operand);
    });
  if (isa<arith::AddFOp, arith::SubFOp>(op))
    return hasProduct(op->getOperand(0)) && hasProduct(op->getOperand(1));
  return isLinearMove(op) && hasProduct(op->getOperand(0));
}

/// Whether an op adds up the rows, so that its result is none of an output's.
bool HoistOut::sumsRows(Operation *op) const {
  auto reduce = dyn_cast<ReduceOp>(op);
  return reduce && reduce.getKind() == ReductionKind::Sum &&
         !steps.hasRows(reduce);
}

bool HoistOut::canLeave(Value value) const {
  Operation *op = value.getDefiningOp();
  if (!op || steps.isInvariant(value))
    return isLeaf(value);
  auto canAll = [&](ValueRange operands) {
    return llvm::all_of(operands, [&](Value v) { return canLeave(v); });
  };
  auto scales = [&](Value by, Value scaled) {
    return steps.isInvariant(by) && canLeave(scaled);
  };
  bool isSum = hasProduct(value);
  if (isa<arith::AddFOp, arith::SubFOp, ConcatOp>(op))
    isSum |= canAll(op->getOperands());
  else if (isa<TransposeOp, ReshapeOp, BroadcastOp, arith::NegFOp>(op) ||
           sumsRows(op))
    isSum |= canLeave(op->getOperand(0));
  else if (isa<arith::MulFOp>(op))
    isSum |= scales(op->getOperand(0), op->getOperand(1)) ||
             scales(op->getOperand(1), op->getOperand(0));
  else if (isa<arith::DivFOp>(op))
    isSum |= scales(op->getOperand(1), op->getOperand(0));
  return isSum || isLeaf(value);
}

/// The sum of what the steps have kept.
Value HoistOut::sumOfSteps(Value value) {
  const int64_t rank = tensorType(value).getRank();
  return ReduceOp::create(steps.builder, value.getLoc(), ReductionKind::Sum,
                          steps.getZeroPadded(value),
                          steps.batcher.positionIn(rank));
}

/// A contraction over the steps too, or the contraction of a sum where one
/// operand is the same at each.
Value HoistOut::sumOfProduct(ContractOp op) {
  OpBuilder &builder = steps.builder;
  const Location loc = op.getLoc();
  for (bool isLeft : {true, false}) {
    const ContractSide side{op, isLeft};
    if (!steps.isInvariant(side.other()))
      continue;
    Value summed = canLeave(side.operand()) ? sum(side.operand())
                                            : sumOfSteps(side.operand());
    return side.create(builder, summed, steps.get(side.other()).value);
  }
  SmallVector<Value> operands;
  SmallVector<int64_t> summed[2], batch[2];
  for (bool isLeft : {true, false}) {
    const ContractSide side{op, isLeft};
    const int64_t rank = tensorType(side.operand()).getRank();
    auto shifted = [&](int64_t axis) {
      return steps.batcher.shift(axis, rank);
    };
    operands.push_back(steps.getZeroPadded(side.operand()));
    summed[!isLeft].push_back(steps.batcher.positionIn(rank));
    llvm::append_range(summed[!isLeft], llvm::map_range(side.axes(), shifted));
    batch[!isLeft] = llvm::map_to_vector(side.batch(), shifted);
  }
  return ContractOp::create(builder, loc, operands[0], operands[1], summed[0],
                            summed[1], batch[0], batch[1]);
}

/// The sum of `value`, which can leave, over all steps.
Value HoistOut::sum(Value value) {
  Operation *op = value.getDefiningOp();
  const bool isProduct = hasProduct(value);
  if (!op || (!isProduct && isLeaf(value)))
    return sumOfSteps(value);
  if (auto contract = dyn_cast<ContractOp>(op))
    return sumOfProduct(contract);
  IRMapping mapping;
  for (Value operand : op->getOperands())
    mapping.map(operand, steps.isInvariant(operand) ? steps.get(operand).value
                                                    : sum(operand));
  return steps.builder.clone(*op, mapping)->getResult(0);
}

static bool isZero(Value value) {
  if (auto broadcast = value.getDefiningOp<BroadcastOp>())
    return isZero(broadcast.getInput());
  return matchPattern(value, m_AnyZeroFloat());
}

/// Takes out of a state's sum what can leave.
void HoistOut::hoistState(int64_t k, ArrayRef<Addend> addends) {
  SmallVector<Addend> left;
  Value total;
  OpBuilder &builder = steps.builder;
  const Location loc = scan.getLoc();
  for (const Addend &addend : addends) {
    if (!canLeave(addend.value)) {
      left.push_back(addend);
      continue;
    }
    Value term = sum(addend.value);
    if (total && addend.isNegative)
      total = arith::SubFOp::create(builder, loc, total, term);
    else if (total)
      total = arith::AddFOp::create(builder, loc, total, term);
    else
      total = addend.isNegative
                  ? Value(arith::NegFOp::create(builder, loc, term))
                  : term;
  }
  if (!total)
    return;
  Value begin = scan.getInits()[k], final = scan.getFinals()[k];
  if (!left.empty()) {
    OpBuilder inside(scan.getYield());
    Value next = scan.getStateArgs()[k];
    for (const Addend &addend : left)
      next =
          addend.isNegative
              ? Value(arith::SubFOp::create(inside, loc, next, addend.value))
              : Value(arith::AddFOp::create(inside, loc, next, addend.value));
    scan.getYield()->setOperand(k, next);
    auto sum = arith::AddFOp::create(builder, loc, final, total);
    final.replaceAllUsesExcept(sum, sum);
    return;
  }
  gone.insert(k);
  if (!isZero(begin))
    total = arith::AddFOp::create(builder, loc, begin, total);
  final.replaceAllUsesWith(total);
}

void HoistOut::hoistSums() {
  for (auto [k, state] : llvm::enumerate(scan.getStateArgs())) {
    if (!getElementTypeOrSelf(state.getType()).isF32())
      continue;
    const SmallVector<Addend> addends =
        findAddends(state, scan.getNextStates()[k]);
    if (!addends.empty())
      hoistState(k, flatten(addends));
  }
}

//===----------------------------------------------------------------------===//
// What only maps
//===----------------------------------------------------------------------===//

/// Whether all that reads `op` are outputs and ops that may leave, which are
/// in `mapping`.
bool HoistOut::mayMap(Operation &op,
                      const DenseSet<Operation *> &mapping) const {
  ScanOp loop = scan;
  const bool hasRule =
      isa<BatchOpInterface>(op) || OpTrait::hasElementwiseMappableTraits(&op);
  if (!isMemoryEffectFree(&op) || !hasRule)
    return false;
  return llvm::all_of(op.getUses(), [&](OpOperand &use) {
    if (isa<YieldOp>(use.getOwner()))
      return use.getOperandNumber() >= loop.getInits().size();
    return mapping.contains(use.getOwner());
  });
}

/// The axes of unknown size, and the product of the others' sizes.
static std::pair<int64_t, int64_t> extentOf(Value value) {
  int64_t dynamic = 0, size = 1;
  for (int64_t extent : tensorType(value).getShape())
    if (ShapedType::isDynamic(extent))
      ++dynamic;
    else
      size *= extent;
  return {dynamic, size};
}

/// Whether `a` over all steps takes no more memory than `b`.
static bool isNoLarger(Value a, Value b) {
  auto [dynamicOfA, sizeOfA] = extentOf(a);
  auto [dynamicOfB, sizeOfB] = extentOf(b);
  return dynamicOfA <= dynamicOfB && sizeOfA <= sizeOfB;
}

/// Whether `operand` of an op with `result` can be had behind the scan: it
/// leaves too, is there, is a state (of which a backward pass asks for all
/// steps anyway), or takes no more memory.
bool HoistOut::isAtHand(Value operand, Value result,
                        const DenseSet<Operation *> &leaving) const {
  if (steps.isInvariant(operand))
    return true;
  ScanOp op = scan;
  if (!steps.hasRows(operand))
    return false;
  return steps.isFree(operand) || leaving.contains(operand.getDefiningOp()) ||
         llvm::is_contained(op.getNextStates(), operand) ||
         llvm::is_contained(op.getStateArgs(), operand) ||
         isNoLarger(operand, result);
}

/// Adds `root` and all that is computed from it, if all of it can leave.
bool HoistOut::addWithUsers(Operation *root,
                            DenseSet<Operation *> &leaving) const {
  ScanOp loop = scan;
  DenseSet<Operation *> more(leaving);
  SmallVector<Operation *> open{root}, found;
  while (!open.empty()) {
    Operation *op = open.pop_back_val();
    if (isa<YieldOp>(op) || !more.insert(op).second)
      continue;
    found.push_back(op);
    llvm::append_range(open, op->getUsers());
  }
  for (Operation *op : found) {
    auto gather = dyn_cast<GatherOp>(op);
    if ((gather && !steps.isInvariant(gather.getTable())) ||
        !lengthsAllowTime(op, static_cast<int64_t>(loop.getAxis())))
      return false;
    for (Value operand : op->getOperands())
      if (!isAtHand(operand, op->getResult(0), more))
        return false;
    if (!steps.hasRows(op->getResult(0)))
      return false;
  }
  leaving = std::move(more);
  return true;
}

void HoistOut::hoistMaps() {
  DenseSet<Operation *> mapping, leaving;
  Block &body = scan.getBody().front();
  for (Operation &op : llvm::reverse(body.without_terminator()))
    if (mayMap(op, mapping))
      mapping.insert(&op);
  for (auto contract : body.getOps<ContractOp>())
    if (!steps.isInvariant(contract) && !contract->use_empty() &&
        mapping.contains(contract))
      addWithUsers(contract, leaving);
  for (Operation &op : body)
    if (leaving.contains(&op) && failed(steps.rewrite(op)))
      return;
  for (auto [output, step] :
       llvm::zip_equal(scan.getOutputs(), scan.getStepOutputs())) {
    if (!leaving.contains(step.getDefiningOp()))
      continue;
    Value overSteps = steps.batcher.expand(steps.get(step), output.getLoc());
    output.replaceAllUsesWith(steps.mask(overSteps, step));
  }
}

void HoistOutPass::runOnOperation() {
  SmallVector<ScanOp> scans;
  // An inner loop comes before the one around it, which may take its sums on.
  // Of a loop over segments nothing is kept: each makes its own part of a sum.
  getOperation().walk([&](ScanOp scan) {
    if (!scan->hasAttr(kSegmentsAttr))
      scans.push_back(scan);
  });
  for (ScanOp scan : scans)
    HoistOut(scan).run();
  eraseDeadOps(getOperation().getBody());
}

} // namespace seqc::seq
