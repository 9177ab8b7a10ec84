//===- FuseGates.cpp - One product for all gates --------------------------===//
// The order of the rewritings that give one form to all spellings of a cell:
// cut into the smallest parts, bring these into an order, join.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/Transforms/Passes.h"
#include "compiler/Dialect/Seq/Transforms/Products.h"
#include "compiler/Dialect/Seq/Transforms/Regroup.h"
#include "compiler/Dialect/Seq/Transforms/ScanUtils.h"
#include "compiler/Dialect/Seq/Transforms/Structure.h"

#include "mlir/IR/Dominance.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Transforms/CSE.h"

using namespace mlir;

namespace seqc::seq {
#define GEN_PASS_DEF_FUSEGATESPASS
#include "compiler/Dialect/Seq/Transforms/Passes.h.inc"

namespace {

struct FuseGatesPass : impl::FuseGatesPassBase<FuseGatesPass> {
  void runOnOperation() override;

private:
  /// Inner scans first, the function's own block last.
  void forEachBlock(function_ref<void(Block &)> visit);
  void forEachScan(function_ref<void(ScanOp)> visit) {
    getOperation().walk(visit);
  }
  void simplify();
  void cut();
  void join();
};

} // namespace

void FuseGatesPass::forEachBlock(function_ref<void(Block &)> visit) {
  forEachScan([&](ScanOp scan) { visit(scan.getBody().front()); });
  for (Block &block : getOperation().getBody())
    visit(block);
}

void FuseGatesPass::simplify() {
  IRRewriter rewriter(&getContext());
  DominanceInfo dominance(getOperation());
  eliminateCommonSubExpressions(rewriter, dominance, getOperation());
  eraseDeadOps(getOperation().getBody());
  forEachScan(dropUnusedOperands);
  eraseDeadOps(getOperation().getBody());
}

/// Moves what depends on parameters alone out of a scan: @pack can have it
/// then. Copies along new axes stay, they would only take memory.
static void liftParameterCode(ScanOp scan, const ParameterValues &parameters) {
  OpBuilder builder(scan);
  IRMapping mapping;
  for (auto [argument, invariant] :
       llvm::zip_equal(scan.getInvariantArgs(), scan.getInvariants()))
    mapping.map(argument, invariant);
  Block &body = scan.getBody().front();
  for (Operation &op : llvm::make_early_inc_range(body.without_terminator())) {
    if (op.getNumResults() != 1 || !parameters.contains(op.getResult(0)) ||
        isa<BroadcastOp>(op) || !llvm::all_of(op.getOperands(), [&](Value v) {
          return mapping.contains(v);
        }))
      continue;
    Value outside = builder.clone(op, mapping)->getResult(0);
    Value inside = addInvariant(scan, outside);
    mapping.map(inside, outside);
    op.getResult(0).replaceAllUsesWith(inside);
    op.erase();
  }
}

/// Lets a scan take, of each sequence that it reads in slices only, those: the
/// product that made it may be cut into them.
static void takeSlicedSequences(ScanOp scan) {
  OpBuilder builder(scan);
  const auto time = static_cast<int64_t>(scan.getAxis());
  for (size_t i = 0, count = scan.getSequences().size(); i < count; ++i) {
    BlockArgument whole = scan.getElementArgs()[i];
    SmallVector<SliceOp> slices;
    for (Operation *user : whole.getUsers())
      if (auto slice = dyn_cast<SliceOp>(user))
        slices.push_back(slice);
    const auto userCount = std::distance(whole.user_begin(), whole.user_end());
    if (static_cast<size_t>(userCount) != slices.size())
      continue;
    Value sequence = scan.getSequences()[i];
    for (SliceOp slice : slices) {
      const auto axis = static_cast<int64_t>(slice.getAxis());
      Value part = SliceOp::create(
          builder, slice.getLoc(), sequence, axis < time ? axis : axis + 1,
          slice.getOffset(), slice.getType().getDimSize(axis));
      slice.getResult().replaceAllUsesWith(addSequence(scan, part));
      slice.erase();
    }
  }
  dropUnusedOperands(scan);
}

/// Lets a scan take the whole of what it takes slices of: one sequence.
static void takeWholeSequences(ScanOp scan) {
  OpBuilder builder = OpBuilder::atBlockBegin(&scan.getBody().front());
  const int64_t time = scan.getAxis();
  for (size_t i = 0; i < scan.getSequences().size(); ++i) {
    auto slice = scan.getSequences()[i].getDefiningOp<SliceOp>();
    if (!slice || static_cast<int64_t>(slice.getAxis()) <= time)
      continue;
    Value whole = addSequence(scan, slice.getInput());
    Value part = SliceOp::create(builder, slice.getLoc(), whole,
                                 slice.getAxis() - 1, slice.getOffset(),
                                 slice.getType().getDimSize(slice.getAxis()));
    scan.getElementArgs()[i].replaceAllUsesWith(part);
  }
}

void FuseGatesPass::cut() {
  forEachScan([](ScanOp scan) {
    raiseSlices(scan.getBody().front());
    takeSlicedSequences(scan);
  });
  for (Block &block : getOperation().getBody())
    raiseSlices(block);
  simplify();
  const ParameterValues parameters(getOperation());
  forEachBlock([&](Block &block) { cutProducts(block, parameters); });
}

void FuseGatesPass::join() {
  const ParameterValues parameters(getOperation());
  forEachBlock([&](Block &block) {
    const bool isBody = isa<ScanOp>(block.getParentOp());
    joinProducts(block, parameters, /*withBiases=*/!isBody);
  });
  forEachScan(takeWholeSequences);
}

void FuseGatesPass::runOnOperation() {
  func::FuncOp function = getOperation();
  auto lift = [&] {
    forEachScan([&](ScanOp scan) {
      liftParameterCode(scan, ParameterValues(function));
    });
  };
  cut();
  lift();
  simplify();
  orderOperands(function, ParameterValues(function));
  orderProgram(function);
  join();
  lift();
  orderProgram(function);
  simplify();
  orderProgram(function);
}

} // namespace seqc::seq
