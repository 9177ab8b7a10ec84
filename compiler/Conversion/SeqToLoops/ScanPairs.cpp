//===- ScanPairs.cpp - Loops that two workers do at the same time ---------===//
// Compares loops that stand beside each other; hands their mark on.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/SeqToLoops/ScanPairs.h"
#include "compiler/Conversion/SeqToLoops/PackedLayout.h"
#include "compiler/Dialect/Sched/IR/SchedDialect.h"

#include "mlir/Analysis/SliceAnalysis.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;
using namespace seqc::seq;

namespace seqc::loops {

/// With fewer weights a step is over before another worker has begun.
static constexpr int64_t kFewestWeights = 4 << 10;

int64_t weightsIn(Region &region) {
  int64_t weights = 0;
  for (auto product : region.getOps<ContractOp>())
    if (isPanelProduct(product))
      weights +=
          cast<RankedTensorType>(product.getRhs().getType()).getNumElements();
  return weights;
}

static bool needs(ScanOp later, ScanOp earlier) {
  llvm::SetVector<Operation *> slice;
  BackwardSliceOptions options;
  options.omitBlockArguments = true;
  options.omitUsesFromAbove = false;
  (void)getBackwardSlice(later.getOperation(), &slice, options);
  return slice.contains(earlier);
}

void markPairs(func::FuncOp main, const TargetDescription &target) {
  Builder b(main.getContext());
  // The other half is for weights of the products before the steps.
  const int64_t most = target.secondCacheBytes / int64_t(2 * sizeof(float));
  auto scans = main.getBody().getOps<ScanOp>();
  for (auto scan = scans.begin(); scan != scans.end();) {
    ScanOp first = *scan++;
    if (scan == scans.end())
      return;
    ScanOp second = *scan;
    const int64_t weights = weightsIn(first->getRegion(0));
    if (weights < kFewestWeights || weights > most ||
        weights != weightsIn(second->getRegion(0)) || needs(second, first))
      continue;
    first->setAttr(sched::kSideAttr, b.getI64IntegerAttr(0));
    second->setAttr(sched::kSideAttr, b.getI64IntegerAttr(1));
    ++scan;
  }
}

bool isOfPair(ScanOp scan) { return scan->hasAttr(sched::kSideAttr); }

SideMarker::SideMarker(Lowering &l, ScanOp scan)
    : b(l.b), side(scan->getAttr(sched::kSideAttr)),
      block(b.getInsertionBlock()) {
  auto place = b.getInsertionPoint();
  before = place == block->begin() ? nullptr : &*std::prev(place);
}

SideMarker::~SideMarker() {
  if (!side)
    return;
  auto from = before ? std::next(before->getIterator()) : block->begin();
  for (Operation &op : llvm::make_range(from, b.getInsertionPoint()))
    if (!isMemoryEffectFree(&op))
      op.setAttr(sched::kSideAttr, side);
}

} // namespace seqc::loops
