//===- Epilogues.cpp - What is made of a product's sums right away --------===//
// Groups of columns; which stores read the sums unit by unit.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/SeqToLoops/Epilogues.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace seqc::seq;

namespace seqc::loops {

//===----------------------------------------------------------------------===//
// Groups
//===----------------------------------------------------------------------===//

/// Whether an operation makes each element of what its operands have there.
static bool isElementwise(Operation *op) {
  return isa<SigmoidOp, MaskOp>(op) ||
         OpTrait::hasElementwiseMappableTraits(op);
}

/// Notes how users cut the last axis of `v`: sets `units`; false where they do
/// not agree. `seen`: users that have been asked.
static bool findUnits(Value v, int64_t &units,
                      llvm::DenseSet<Operation *> &seen) {
  const int64_t axis = cast<RankedTensorType>(v.getType()).getRank() - 1;
  return llvm::all_of(v.getUsers(), [&](Operation *user) {
    if (!seen.insert(user).second)
      return true;
    if (auto slice = dyn_cast<SliceOp>(user)) {
      const int64_t size = slice.getType().getDimSize(axis);
      if (int64_t(slice.getAxis()) != axis ||
          int64_t(slice.getOffset()) % size != 0 ||
          (units != 0 && units != size))
        return false;
      units = size;
      return true;
    }
    return isElementwise(user) && user->getNumResults() == 1 &&
           user->getResult(0).getType() == v.getType() &&
           findUnits(user->getResult(0), units, seen);
  });
}

/// Weights that are so few that lanes left empty cost less than sums that go
/// through memory.
static constexpr int64_t kFewWeights = 1 << 12;

/// Whether groups of `units` leave no more than a quarter of their lanes empty.
static bool fillsLanes(int64_t units, int64_t lanes) {
  const int64_t used = std::min<int64_t>(lanes, llvm::PowerOf2Ceil(units));
  return (units + used - 1) / used * used * 3 <= units * 4;
}

int64_t unitGroupsOf(ContractOp op, const TargetDescription &target) {
  if (op.getType().getRank() != 2)
    return 1;
  const int64_t columns = op.getType().getDimSize(1);
  int64_t units = 0;
  llvm::DenseSet<Operation *> seen;
  if (!findUnits(op.getResult(), units, seen) || units == 0 ||
      columns % units != 0)
    return 1;
  const int64_t groups = columns / units;
  // A row of a tile has one vector of each group in registers at the least.
  const int64_t most = target.vectorRegisters >= 32 ? 6 : 4;
  auto weights = cast<RankedTensorType>(op.getRhs().getType());
  const bool isWorthIt = weights.getNumElements() <= kFewWeights ||
                         fillsLanes(units, target.lanes());
  return groups <= most && isWorthIt ? groups : 1;
}

//===----------------------------------------------------------------------===//
// Reads
//===----------------------------------------------------------------------===//

bool PulledReads::reaches(Value v, Value result) const {
  v = l.resolve(v);
  if (v == result)
    return true;
  Operation *op = v.getDefiningOp();
  if (!op || op->getBlock() != result.getParentBlock() || isInMemory(v))
    return false;
  if (auto it = known.find({v, result}); it != known.end())
    return it->second;
  const bool found = reaches(op, result);
  known[{v, result}] = found;
  return found;
}

bool PulledReads::reaches(Operation *op, Value result) const {
  return llvm::any_of(op->getOperands(), [&](Value operand) {
    return isa<RankedTensorType>(operand.getType()) && reaches(operand, result);
  });
}

bool PulledReads::reaches(const Store &store, Value result) const {
  Value v = l.resolve(store.value);
  Operation *op = v.getDefiningOp();
  const bool isMade = store.compute && op && v != result;
  return isMade ? reaches(op, result) : reaches(v, result);
}

/// Whether `v` has the columns of `result`, made of it column by column.
bool PulledReads::isWhole(Value v, Value result, Seen &seen) const {
  v = l.resolve(v);
  if (v == result || !seen.insert(v).second || !reaches(v, result))
    return true;
  Operation *op = v.getDefiningOp();
  return isElementwise(op) && llvm::all_of(op->getOperands(), [&](Value x) {
           return !isa<RankedTensorType>(x.getType()) ||
                  isWhole(x, result, seen);
         });
}

bool PulledReads::isByUnit(Value v, Value result, int64_t units, bool compute,
                           Seen &seen) const {
  v = l.resolve(v);
  const int64_t columns =
      cast<RankedTensorType>(result.getType()).getDimSize(1);
  if (v == result)
    return units == columns;
  Operation *op = v.getDefiningOp();
  if (!op || !seen.insert(v).second || (!compute && !reaches(v, result)))
    return true;
  Seen whole;
  if (auto slice = dyn_cast<SliceOp>(op))
    return slice.getAxis() == 1 && int64_t(slice.getOffset()) % units == 0 &&
           slice.getType().getDimSize(1) == units &&
           isWhole(slice.getInput(), result, whole);
  return isElementwise(op) && llvm::all_of(op->getOperands(), [&](Value x) {
           return !isa<RankedTensorType>(x.getType()) ||
                  isByUnit(x, result, units, /*compute=*/false, seen);
         });
}

bool PulledReads::isByUnit(const Store &store, Value result,
                           int64_t groups) const {
  const Sizes all = l.sizes.of(result), sizes = l.sizes.of(store.value);
  const int64_t units = all.back().value / groups;
  Seen seen;
  return sizes.size() == 2 && sizes[0] == all[0] && sizes[1].is(units) &&
         isByUnit(store.value, result, units, store.compute, seen);
}

} // namespace seqc::loops
