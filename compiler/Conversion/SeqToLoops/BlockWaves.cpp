//===- BlockWaves.cpp - Layers of which one runs ahead of the other -------===//
// Finds loops that can be emitted together, and gives both one level.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/SeqToLoops/BlockScheduleImpl.h"
#include "compiler/Conversion/SeqToLoops/ScanPairs.h"

using namespace mlir;
using namespace seqc::seq;

namespace seqc::loops {

/// Whether `second` needs of `first` only what the products read that it makes
/// itself as it goes: the steps of one block.
bool BlockSchedule::goesAhead(ScanOp first, ScanOp second) {
  const llvm::SetVector<Operation *> needed = neededBy(second);
  llvm::DenseSet<Operation *> made;
  for (const StreamedProduct &product : streams.lookup(second))
    made.insert(product.op);
  return !made.empty() && llvm::all_of(first->getUsers(), [&](Operation *user) {
    Operation *inBlock = block.findAncestorOpInBlock(*user);
    return made.contains(user) || !needed.contains(inBlock);
  });
}

void BlockSchedule::findWaves() {
  // Of one step neither loop can be ahead.
  if (l.isSingle)
    return;
  ScanOp first;
  for (auto scan : block.getOps<ScanOp>()) {
    if (isAhead(scan)) {
      first = scan;
      continue;
    }
    if (first && isBehind(scan) && live.contains(first) &&
        live.contains(scan) && goesAhead(first, scan)) {
      waves[scan] = first;
      ahead.insert(first);
    }
    first = {};
  }
}

/// Both loops have the level of the second: what reads the first comes later.
void BlockSchedule::levelWaves() {
  for (auto [second, first] : waves) {
    const int level = levelOf(second);
    levels.clear();
    fixedLevels[first] = fixedLevels[second] = level;
  }
}

} // namespace seqc::loops
