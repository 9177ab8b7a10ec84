//===- SumStates.cpp - States that hold the sum over an axis --------------===//
// Where only the sum over an axis of what a loop adds up is wanted, the loop
// adds up that sum.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/IR/SeqShapes.h"
#include "compiler/Dialect/Seq/Transforms/Passes.h"
#include "compiler/Dialect/Seq/Transforms/ScanUtils.h"

using namespace mlir;

namespace seqc::seq {
#define GEN_PASS_DEF_SUMSTATESPASS
#include "compiler/Dialect/Seq/Transforms/Passes.h.inc"

namespace {

struct SumStatesPass : impl::SumStatesPassBase<SumStatesPass> {
  void runOnOperation() override;
};

} // namespace

/// The sum that is all that is wanted of the final state of this number.
static ReduceOp wantedSum(ScanOp scan, unsigned state) {
  Value final = scan.getFinals()[state];
  if (!final.hasOneUse() || !isSumOfSteps(scan, state))
    return {};
  auto reduce = dyn_cast<ReduceOp>(*final.user_begin());
  const bool isSum = reduce && reduce.getKind() == ReductionKind::Sum;
  return isSum && reduce.getType().hasStaticShape() ? reduce : ReduceOp();
}

/// Takes the sum of each step into the loop.
static void moveSum(ScanOp scan, unsigned state, ReduceOp reduce) {
  const RankedTensorType type = reduce.getType();
  OpBuilder builder(scan);
  Value zero = arith::ConstantOp::create(
      builder, reduce.getLoc(), cast<TypedAttr>(builder.getZeroAttr(type)));
  OpOperand &next = scan.getYield().getValuesMutable()[state];
  Operation *add = next.get().getDefiningOp();
  builder.setInsertionPoint(add);
  Value step = ReduceOp::create(builder, reduce.getLoc(), ReductionKind::Sum,
                                addedByStep(scan, state), reduce.getAxis());
  BlockArgument argument = scan.getStateArgs()[state];
  argument.setType(type);
  next.set(arith::AddFOp::create(builder, add->getLoc(), argument, step));
  add->erase();
  scan.getInitsMutable()[state].set(zero);
  Value final = scan.getFinals()[state];
  final.setType(type);
  reduce.replaceAllUsesWith(final);
  reduce.erase();
}

void SumStatesPass::runOnOperation() {
  SmallVector<ScanOp> scans;
  getOperation().walk([&](ScanOp scan) { scans.push_back(scan); });
  for (ScanOp scan : scans)
    for (unsigned state = 0; state < scan.getInits().size(); ++state)
      if (ReduceOp reduce = wantedSum(scan, state))
        moveSum(scan, state, reduce);
  eraseDeadOps(getOperation().getBody());
}

} // namespace seqc::seq
