//===- LaneAnalysis.cpp - What differs from lane to lane ------------------===//
// One walk along the body: what a value is follows from its operands.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/ParallelToVector/LaneAnalysis.h"
#include "compiler/Conversion/ParallelToVector/LoopNest.h"

#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace seqc {

bool isMultipleOf(Value v, int64_t n) {
  if (auto constant = getConstantIntValue(v))
    return *constant % n == 0;
  Operation *op = v.getDefiningOp();
  if (!op || op->getNumOperands() != 2)
    return false;
  const bool first = isMultipleOf(op->getOperand(0), n);
  if (isa<arith::MulIOp>(op))
    return first || isMultipleOf(op->getOperand(1), n);
  return first && isMultipleOf(op->getOperand(1), n) &&
         isa<arith::AddIOp, arith::SubIOp, arith::MinUIOp, arith::MaxUIOp>(op);
}

LaneAnalysis::LaneAnalysis(scf::ParallelOp loop, int64_t width) : width(width) {
  Value lane = loop.getInductionVars().back();
  lanes[lane] = Lanes::SideBySide;
  if (isMultiple(loop.getLowerBound().back()))
    aligned.insert(lane);
  visit(*loop.getBody());
  // Lanes are combined at the end, by what vectors have an operation for.
  auto reduce = cast<scf::ReduceOp>(loop.getBody()->getTerminator());
  for (unsigned i = 0; i < loop.getNumReductions(); ++i)
    isPossible &= combiningKindOf(reduce, i).has_value();
  isPossible &= of(reduce.getOperands()) != Lanes::None;
}

Lanes LaneAnalysis::of(ValueRange values) const {
  Lanes all = Lanes::Same;
  for (Value v : values)
    all = std::max(all, of(v));
  return all;
}

void LaneAnalysis::set(ValueRange values, Lanes kind) {
  for (Value v : values)
    lanes[v] = kind;
}

bool LaneAnalysis::isMultiple(Value v) const { return isMultipleOf(v, width); }

/// Whether what is at `indices` lies lane by lane.
bool LaneAnalysis::isSideBySide(Value memref, ValueRange indices) const {
  auto [strides, offset] =
      cast<MemRefType>(memref.getType()).getStridesAndOffset();
  return !indices.empty() && of(indices.drop_back()) == Lanes::Same &&
         of(indices.back()) == Lanes::SideBySide && strides.back() == 1;
}

//===----------------------------------------------------------------------===//
// Operations
//===----------------------------------------------------------------------===//

void LaneAnalysis::visit(Block &block) {
  for (Operation &op : block.without_terminator())
    llvm::TypeSwitch<Operation *>(&op)
        .Case([&](memref::LoadOp load) {
          ValueRange indices = load.getIndices();
          if (of(indices) == Lanes::Same)
            set(load->getResults(), Lanes::Same);
          else
            set(load->getResults(), isSideBySide(load.getMemRef(), indices)
                                        ? Lanes::Apart
                                        : Lanes::None);
        })
        .Case<memref::StoreOp, scf::ForOp, scf::IfOp, scf::ParallelOp>(
            [&](auto op) { visit(op); })
        .Default([&](Operation *op) { visitScalarCode(op); });
}

void LaneAnalysis::visit(memref::StoreOp op) {
  if (of(op.getValueToStore()) == Lanes::None ||
      !isSideBySide(op.getMemRef(), op.getIndices()))
    scatteredStores.insert(op);
}

/// What a loop carries, or a branch gives, is a scalar or a vector.
void LaneAnalysis::setCarried(Value result, Lanes a, Lanes b) {
  const Lanes both = std::max(a, b);
  isPossible &= both != Lanes::None;
  lanes[result] = both == Lanes::SideBySide ? Lanes::Apart : both;
}

void LaneAnalysis::visit(scf::ForOp op) {
  isPossible &=
      of({op.getLowerBound(), op.getUpperBound(), op.getStep()}) == Lanes::Same;
  auto carried = op.getRegionIterArgs();
  for (auto [argument, init] : llvm::zip_equal(carried, op.getInits()))
    setCarried(argument, of(init), Lanes::Same);
  // What is carried can only come to differ more: it settles.
  for (bool isSettled = false; !isSettled;) {
    visit(*op.getBody());
    isSettled = true;
    for (auto [argument, next] :
         llvm::zip_equal(carried, op.getYieldedValues())) {
      const Lanes before = of(argument);
      setCarried(argument, before, of(next));
      isSettled &= before == of(argument);
    }
  }
  for (auto [result, argument] : llvm::zip_equal(op.getResults(), carried))
    setCarried(result, of(argument), Lanes::Same);
}

void LaneAnalysis::visit(scf::IfOp op) {
  if (of(op.getCondition()) != Lanes::Same) {
    // Lanes go the same way: what depends on that cannot be had.
    op.walk([&](memref::StoreOp store) { scatteredStores.insert(store); });
    return set(op.getResults(), Lanes::None);
  }
  visit(*op.thenBlock());
  if (op.elseBlock())
    visit(*op.elseBlock());
  for (auto [i, result] : llvm::enumerate(op.getResults()))
    setCarried(result, of(op.thenYield().getOperand(i)),
               of(op.elseYield().getOperand(i)));
}

void LaneAnalysis::visit(scf::ParallelOp op) {
  for (ValueRange bounds :
       {op.getLowerBound(), op.getUpperBound(), op.getStep()})
    isPossible &= of(bounds) == Lanes::Same;
  visit(*op.getBody());
  auto reduce = cast<scf::ReduceOp>(op.getBody()->getTerminator());
  for (auto [result, init, value] :
       llvm::zip_equal(op.getResults(), op.getInitVals(), reduce.getOperands()))
    setCarried(result, of(init), of(value));
}

/// Index arithmetic that keeps lanes side by side.
bool LaneAnalysis::visitIndex(Operation *op) {
  if (op->getNumOperands() != 2 || op->getNumResults() != 1)
    return false;
  Value x = op->getOperand(0), y = op->getOperand(1), result = op->getResult(0);
  if (isa<arith::AddIOp>(op) && of(x) == Lanes::Same)
    std::swap(x, y);
  if (of(x) != Lanes::SideBySide || of(y) != Lanes::Same)
    return false;
  const bool isAligned = aligned.contains(x) && isMultiple(y);
  if (isa<arith::AddIOp, arith::SubIOp>(op)) {
    lanes[result] = Lanes::SideBySide;
  } else if (isAligned && getConstantIntValue(y) &&
             isa<arith::RemUIOp, arith::DivUIOp>(op)) {
    // No vector goes across the end of what is counted.
    const bool isDigit = isa<arith::RemUIOp>(op);
    lanes[result] = isDigit ? Lanes::SideBySide : Lanes::Same;
  } else {
    return false;
  }
  if (isAligned)
    aligned.insert(result);
  return true;
}

void LaneAnalysis::visitScalarCode(Operation *op) {
  const Lanes operands = of(op->getOperands());
  if (!isMemoryEffectFree(op) || op->getNumRegions() > 0) {
    isPossible = false;
    return;
  }
  if (visitIndex(op))
    return;
  const bool hasVectors =
      OpTrait::hasElementwiseMappableTraits(op) &&
      llvm::all_of(op->getResultTypes(), VectorType::isValidElementType);
  if (operands == Lanes::Same)
    set(op->getResults(), Lanes::Same);
  else
    set(op->getResults(),
        hasVectors ? std::max(operands, Lanes::Apart) : Lanes::None);
}

} // namespace seqc
