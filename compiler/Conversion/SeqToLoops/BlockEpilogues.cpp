//===- BlockEpilogues.cpp - Stores that stand in a product's kernel -------===//
// Of a block's stores those that read the sums of one product unit by unit.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/SeqToLoops/BlockScheduleImpl.h"

using namespace mlir;
using namespace seqc::seq;

namespace seqc::loops {

/// Whether stores may be made where `op` has its sums: it is a product of rows
/// without further axes.
bool BlockSchedule::mayHaveEpilogue(Operation *op) {
  return fuses && live.contains(op) && !streamed.contains(op) &&
         productOf(op) &&
         cast<RankedTensorType>(op->getResult(0).getType()).getRank() == 2;
}

/// Moves stores to the last product that they read, where they read it unit by
/// unit. Products whose sums are read in no other way need no buffer.
void BlockSchedule::findEpilogues(std::map<int, Group> &work) {
  PulledReads reads(
      l, [&](Value v) { return buffered.contains(v) || l.buffers.count(v); });
  for (auto &[level, levelWork] : work) {
    Group &group = levelWork;
    llvm::erase_if(group.ops, [&](Operation *op) {
      if (mayHaveEpilogue(op))
        group.products.push_back(op);
      return mayHaveEpilogue(op);
    });
    // Behind the last level there is none.
    auto next = group.products.empty() ? work.end() : work.find(level + 1);
    if (next == work.end())
      continue;
    llvm::erase_if(next->second.stores, [&](const Store &store) {
      for (Operation *host : llvm::reverse(group.products)) {
        Value result = host->getResult(0);
        if (!reads.reaches(store, result))
          continue;
        const int64_t groups = unitGroupsOf(productOf(host), l.target);
        if (!reads.isByUnit(store, result, groups))
          return false;
        epilogues[host].stores.push_back(store);
        return true;
      }
      return false;
    });
  }
  for (auto &[level, group] : work)
    for (Operation *host : group.products) {
      Value result = host->getResult(0);
      epilogues[host].keepsSums =
          l.buffers.count(result) || isReadElsewhere(reads, host, work);
      if (epilogues[host].keepsSums && !l.buffers.count(result))
        l.buffers[result] = l.workspaceFor(result);
    }
}

/// Whether anything but its own epilogue reads the product of `host`.
bool BlockSchedule::isReadElsewhere(const PulledReads &reads, Operation *host,
                                    const std::map<int, Group> &work) {
  Value result = host->getResult(0);
  auto readsIt = [&](const Store &store) {
    return reads.reaches(store, result);
  };
  for (const auto &[level, group] : work)
    if (llvm::any_of(group.stores, readsIt))
      return true;
  for (const auto &[other, epilogue] : epilogues)
    if (other != host && llvm::any_of(epilogue.stores, readsIt))
      return true;
  return llvm::any_of(block, [&](Operation &op) {
    const bool isMade =
        isComputed(&op) || products.count(&op) || isa<RequireLengthOp>(op);
    return live.contains(&op) && &op != host && isMade &&
           reads.reaches(&op, result);
  });
}

} // namespace seqc::loops
