//===- VectorReads.cpp - What vectors can read
//-----------------------------===//
// Follows an expression down to the memory that it reads: lanes must lie side
// by side there.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/SeqToLoops/PulledExpression.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace seqc::seq;

namespace seqc::loops {

namespace {

/// Follows an expression down to what it reads.
class VectorReads {
public:
  explicit VectorReads(Lowering &l) : l(l) {}

  /// `isAligned`: vectors begin at multiples of their width.
  bool check(Value v, int64_t lane, bool compute, bool isAligned = true) {
    v = l.resolve(v);
    if (lane < 0)
      return true;
    if (!compute)
      if (Value buffer = l.buffers.lookup(v))
        return lane == cast<MemRefType>(buffer.getType()).getRank() - 1 &&
               hasUnitStride(buffer);
    // Aligned and other reads of a value count apart.
    std::pair<Value, int64_t> key(v, 2 * lane + isAligned);
    auto [it, isNew] = seen.try_emplace(key, true);
    if (!isNew)
      return it->second;
    bool result = checkExpression(v, lane, isAligned);
    seen[key] = result;
    return result;
  }

private:
  bool checkExpression(Value v, int64_t lane, bool isAligned) {
    auto below = [&](Value operand, int64_t axis) {
      return check(operand, axis, false, isAligned);
    };
    if (auto it = l.elements.find(v); it != l.elements.end())
      return below(it->second.sequence, lane + (lane >= it->second.axis));
    Operation *op = v.getDefiningOp();
    return llvm::TypeSwitch<Operation *, bool>(op)
        .Case([&](BroadcastOp op) {
          auto it = llvm::find(op.getDims(), lane);
          return it == op.getDims().end() ||
                 below(op.getInput(), it - op.getDims().begin());
        })
        .Case([&](SliceOp op) {
          bool moves = int64_t(op.getAxis()) == lane &&
                       op.getOffset() % l.target.lanes() != 0;
          return check(op.getInput(), lane, false, isAligned && !moves);
        })
        .Case([&](AtOp op) {
          int64_t axis = op.getAxis();
          return !(op.getLengths() && lane < axis) &&
                 below(op.getInput(), lane + (lane >= axis));
        })
        .Case([&](TransposeOp op) {
          return below(op.getInput(), op.getPermutation()[lane]);
        })
        .Case([&](ReshapeOp op) { return checkReshape(op, lane, isAligned); })
        .Case([&](ShiftOp op) {
          return lane != int64_t(op.getAxis()) && below(op.getInput(), lane);
        })
        // Lanes are elements; the coordinates are scalars then.
        .Case([&](UniformOp op) {
          return lane >=
                 cast<RankedTensorType>(op.getTime().getType()).getRank();
        })
        .Case([&](MaskOp op) {
          return below(op.getInput(), lane) && (lane >= int64_t(op.getAxis()) ||
                                                below(op.getLengths(), lane));
        })
        .Default([&](Operation *op) {
          return llvm::all_of(op->getOperands(), [&](Value operand) {
            return !isa<RankedTensorType>(operand.getType()) ||
                   below(operand, lane);
          });
        });
  }

  /// Lanes must stay side by side in the operand: on the last axis of a part,
  /// and, where the part has several in the operand, never across its end.
  bool checkReshape(ReshapeOp op, int64_t lane, bool isAligned) {
    ArrayRef<int64_t> from = op.getInput().getType().getShape();
    ArrayRef<int64_t> to = op.getType().getShape();
    for (const ReshapePart &part : op.getParts()) {
      if (lane < part.firstTo || lane >= part.firstTo + part.to)
        continue;
      const int64_t last = part.firstFrom + part.from - 1;
      const bool isWhole = part.isAxis();
      const int64_t lanes = l.target.lanes();
      if (!isWhole && lane != part.firstTo + part.to - 1)
        return false;
      if (part.from > 1 && (!isAligned || from[last] % lanes != 0))
        return false;
      return part.from > 0 &&
             check(op.getInput(), last, false,
                   isAligned && (isWhole || to[lane] % lanes == 0));
    }
    return false;
  }

  Lowering &l;
  llvm::DenseMap<std::pair<Value, int64_t>, bool> seen;
};

} // namespace

bool canVectorize(Lowering &l, Value v, int64_t lane, bool compute) {
  return VectorReads(l).check(v, lane, compute);
}

} // namespace seqc::loops
