//===- BlockShares.cpp - What several loops of a step ask for -------------===//
// Reductions stand in loops of their own. What they and the stores around them
// have in common is computed once and kept, where it is worth a place.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/SeqToLoops/BlockScheduleImpl.h"

using namespace mlir;
using namespace seqc::seq;

namespace seqc::loops {

/// Operations and loads of an expression that cost more than a place in the
/// first cache: to write there, and to read again.
static constexpr unsigned kOperationsWorthAPlace = 8;

/// Whether an operation is made in the loop that stores what the block gives.
static bool isStored(Operation *op) { return isa<YieldOp, ConcatOp>(op); }

/// Whether `v` is more than a few cheap operations on what lies in memory.
bool BlockSchedule::isWorthAPlace(Value v) {
  llvm::DenseSet<Value> seen;
  if (isCostly(v, seen))
    return true;
  // What is seen is the whole expression then: nothing in it was costly.
  return seen.size() >= kOperationsWorthAPlace;
}

/// The operations whose loops ask for `v`: the block's end for all that is
/// stored there.
BlockSchedule::Loops BlockSchedule::askersOf(Value v, Askers &askers) {
  Loops loops;
  for (Operation *user : v.getUsers()) {
    if (isStored(user))
      loops.insert(block.getTerminator());
    else if (!live.contains(user))
      continue;
    else if (isPulled(user) && !filled.contains(user->getResult(0)))
      loops.insert_range(askers[user->getResult(0)]);
    else
      loops.insert(user);
  }
  return loops;
}

/// The costly operations outside of the block that an element of `sequence` is
/// made of, at its step.
BlockSchedule::Parts BlockSchedule::partsOf(Value sequence) {
  Parts parts;
  llvm::DenseSet<Value> seen;
  SmallVector<Value> open = {sequence};
  while (!open.empty()) {
    Value v = l.resolve(open.pop_back_val());
    Operation *op = v.getDefiningOp();
    if (!op || isInMemory(v) || !isPulled(op) || !seen.insert(v).second)
      continue;
    if (isCostlyOperation(op))
      parts.push_back(op);
    for (Value operand : op->getOperands())
      if (isa<RankedTensorType>(operand.getType()))
        open.push_back(operand);
  }
  return parts;
}

/// Keeps elements of sequences that have costly parts in common and that
/// several loops ask for: made in one loop, they have each part once.
void BlockSchedule::shareParts(Askers &askers,
                               const llvm::DenseSet<Operation *> &sharing) {
  llvm::MapVector<Value, Parts> partsOfElements;
  llvm::DenseMap<Operation *, Loops> loopsOf;
  for (Value argument : block.getArguments()) {
    auto it = l.elements.find(argument);
    if (it == l.elements.end() || isInMemory(argument))
      continue;
    const Parts parts = partsOf(it->second.sequence);
    partsOfElements[argument] = parts;
    const Loops loops = askersOf(argument, askers);
    for (Operation *part : parts)
      loopsOf[part].insert_range(loops);
  }
  auto isShared = [&](Operation *part) {
    const Loops &loops = loopsOf[part];
    return loops.size() > 1 && llvm::any_of(loops, [&](Operation *loop) {
             return sharing.contains(loop);
           });
  };
  for (auto &[argument, parts] : partsOfElements)
    if (llvm::any_of(parts, isShared))
      need(argument);
}

/// Only of a step: of all steps together, a place would be as large as what
/// the loop reads.
void BlockSchedule::findShared() {
  if (!isa<ScanOp>(block.getParentOp()))
    return;
  Askers askers;
  // Reductions, and what is kept for them.
  llvm::DenseSet<Operation *> sharing;
  for (Operation &op : block)
    if (isa<ReduceOp, SoftmaxOp>(op))
      sharing.insert(&op);
  auto visit = [&](Value v) {
    const Loops &loops = askers[v] = askersOf(v, askers);
    const bool isReduced = llvm::any_of(
        loops, [](Operation *loop) { return isa<ReduceOp, SoftmaxOp>(loop); });
    if (loops.size() < 2 || !isReduced || !isWorthAPlace(v))
      return;
    need(v);
    if (Operation *op = v.getDefiningOp())
      sharing.insert(op);
  };
  // Users before what they use, elements of sequences last.
  for (Operation &op : llvm::reverse(block))
    if (live.contains(&op) && isPulled(&op))
      visit(op.getResult(0));
  for (Value argument : block.getArguments())
    if (l.elements.count(argument))
      visit(argument);
  shareParts(askers, sharing);
}

} // namespace seqc::loops
