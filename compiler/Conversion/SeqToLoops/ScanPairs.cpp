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

//===----------------------------------------------------------------------===//
// What one loop needs of another
//===----------------------------------------------------------------------===//

llvm::SetVector<Operation *> neededBy(ScanOp scan) {
  llvm::SetVector<Operation *> needed;
  BackwardSliceOptions options;
  options.omitUsesFromAbove = false;
  (void)getBackwardSlice(scan.getOperation(), &needed, options);
  return needed;
}

/// Whether `op` is a product of the rows that `scan` gives, step by step.
static bool isProductOfSteps(Operation *op, ScanOp scan) {
  auto product = dyn_cast<ContractOp>(op);
  return product && isPanelProduct(product) &&
         llvm::is_contained(scan.getOutputs(), product.getLhs()) &&
         cast<RankedTensorType>(product.getType()).getRank() == 3;
}

/// Whether `second` can be a block of steps behind `first`.
static bool canFollow(ScanOp second, ScanOp first,
                      const llvm::SetVector<Operation *> &needed) {
  return first.getAxis() == 1 && second.getAxis() == 1 &&
         first.getReverse() == second.getReverse() &&
         first.getLengths() == second.getLengths() &&
         llvm::all_of(first->getUsers(), [&](Operation *user) {
           return user != second &&
                  (!needed.contains(user) || isProductOfSteps(user, first));
         });
}

//===----------------------------------------------------------------------===//
// Marks
//===----------------------------------------------------------------------===//

/// Of loops of which the second needs the first.
static constexpr StringLiteral kWaveAttr = "seq.wave";

static bool isPair(ScanOp first, ScanOp second, int64_t mostWeights) {
  const int64_t weights = weightsIn(first->getRegion(0));
  return weights >= kFewestWeights && weights <= mostWeights &&
         weights == weightsIn(second->getRegion(0));
}

static void mark(ScanOp first, ScanOp second, int64_t pair, bool isWave) {
  Builder b(first.getContext());
  ScanOp scans[] = {first, second};
  for (auto [side, marked] : llvm::enumerate(scans)) {
    marked->setAttr(sched::kSideAttr, b.getI64IntegerAttr(2 * pair + side));
    if (isWave)
      marked->setAttr(kWaveAttr, b.getUnitAttr());
  }
}

void markPairs(func::FuncOp main, const TargetDescription &target,
               Precision precision) {
  // The other half is for weights of the products before the steps.
  const int64_t most = target.secondCacheBytes / int64_t(2 * sizeof(float));
  // The order of a sum of bf16 follows from the rows of a product, and these
  // from how far a loop runs ahead, which must not depend on the workers then.
  const bool mayBeWave = precision != Precision::BF16;
  int64_t pairs = 0;
  auto scans = main.getBody().getOps<ScanOp>();
  for (auto scan = scans.begin(); scan != scans.end();) {
    ScanOp first = *scan++;
    if (scan == scans.end())
      return;
    ScanOp second = *scan;
    if (!isPair(first, second, most))
      continue;
    const auto needed = neededBy(second);
    const bool isWave = needed.contains(first);
    if (isWave && !(mayBeWave && canFollow(second, first, needed)))
      continue;
    mark(first, second, pairs++, isWave);
    ++scan;
  }
}

static std::optional<int64_t> sideOf(ScanOp scan) {
  auto side = scan->getAttrOfType<IntegerAttr>(sched::kSideAttr);
  return side ? std::optional(side.getInt() % 2) : std::nullopt;
}

bool isOfPair(ScanOp scan) { return sideOf(scan).has_value(); }

bool isAhead(ScanOp scan) {
  return scan->hasAttr(kWaveAttr) && sideOf(scan) == 0;
}

bool isBehind(ScanOp scan) {
  return scan->hasAttr(kWaveAttr) && sideOf(scan) == 1;
}

SideMarker::SideMarker(Lowering &l, ScanOp scan)
    : b(l.b), side(l.isSingle ? Attribute() : scan->getAttr(sched::kSideAttr)),
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
