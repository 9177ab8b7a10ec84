//===- RaggedRows.cpp - Rows that take part in a step ---------------------===//
// How many there are, and what becomes of the others.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/SeqToLoops/RaggedRows.h"
#include "compiler/Conversion/SeqToLoops/PulledExpression.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace seqc::seq;

namespace seqc::loops {

bool hasActiveRows(Lowering &l, ScanOp op) {
  if (!op.getLengths() || op.getAxis() != 1 || l.isSingle)
    return false;
  const Sizes sizes = l.sizes.of(op.getLengths());
  return sizes.size() == 1 && sizes.front() == Size::rows();
}

ActiveRows::ActiveRows(Lowering &l, ScanOp op, Value position)
    : l(l), op(op), position(position), all(l.symbols[0]) {
  if (!hasActiveRows(l, op))
    return;
  Value none = l.constant(0);
  active = forCarried(l, none, all, 1, none, [&](Value row, ValueRange last) {
             Value args[] = {row, position};
             Value isActive = Puller(l).isBelow(l.resolve(op.getLengths()), 1,
                                                Position(args));
             Value behind = l.index({row, 1});
             return SmallVector<Value>{
                 arith::SelectOp::create(l.b, isActive, behind, last.front())};
           }).front();
  l.symbols[0] = active;
}

/// All positions of `memref` in these rows.
static SmallVector<Range> rangesOf(Lowering &l, Range rows, Value memref) {
  SmallVector<Range> ranges = {rows};
  auto type = cast<MemRefType>(memref.getType());
  for (int64_t axis = 1; axis < type.getRank(); ++axis) {
    Value size = type.isDynamicDim(axis)
                     ? Value(memref::DimOp::create(l.b, memref, axis))
                     : l.constant(type.getDimSize(axis));
    ranges.push_back({l.constant(0), size});
  }
  return ranges;
}

/// A parallel loop over these rows of all `memrefs` that have one static shape
/// behind them; `body` is given the numbers of those.
static void
forRows(Lowering &l, Range rows, ValueRange memrefs,
        llvm::function_ref<void(ArrayRef<size_t>, ArrayRef<Value>)> body) {
  llvm::SmallDenseSet<size_t> done;
  for (size_t i = 0; i < memrefs.size(); ++i) {
    SmallVector<size_t> alike;
    auto shapeOf = [&](size_t k) {
      return cast<MemRefType>(memrefs[k].getType()).getShape().drop_front();
    };
    const bool isStatic = ShapedType::isStaticShape(shapeOf(i));
    for (size_t k = i; k < memrefs.size(); ++k)
      if ((k == i || isStatic) && shapeOf(k) == shapeOf(i) &&
          done.insert(k).second)
        alike.push_back(k);
    if (alike.empty())
      continue;
    forAll(l, rangesOf(l, rows, memrefs[i]), [&](ArrayRef<Value> at) {
      body(alike, at);
      auto loop =
          dyn_cast<scf::ParallelOp>(l.b.getInsertionBlock()->getParentOp());
      if (alike.size() > 1 && loop)
        loop->setAttr("seq.independent", l.b.getUnitAttr());
    });
  }
}

void ActiveRows::clearBehind(ValueRange outputs) {
  if (!active)
    return;
  auto clear = [&](ArrayRef<size_t> numbers, ArrayRef<Value> at) {
    for (size_t i : numbers) {
      Type element = cast<MemRefType>(outputs[i].getType()).getElementType();
      Value zero = arith::ConstantOp::create(l.b, l.b.getZeroAttr(element));
      memref::StoreOp::create(l.b, zero, outputs[i], at);
    }
  };
  forRows(l, {active, all}, outputs, clear);
}

void ActiveRows::copyEnding(ValueRange from, ValueRange to) {
  if (!active || from.empty())
    return;
  auto copy = [&](ArrayRef<size_t> numbers, ArrayRef<Value> at) {
    for (size_t i : numbers) {
      Value value = memref::LoadOp::create(l.b, from[i], at);
      memref::StoreOp::create(l.b, value, to[i], at);
    }
  };
  forCarried(l, l.constant(0), active, 1, {}, [&](Value row, ValueRange) {
    Value length =
        Puller(l).at(l.resolve(op.getLengths()), Position(ArrayRef(row)));
    Value behind = arith::IndexCastOp::create(l.b, length.getType(),
                                              l.index({position, 1}));
    Value isLast =
        arith::CmpIOp::create(l.b, arith::CmpIPredicate::eq, length, behind);
    auto branch = scf::IfOp::create(l.b, isLast);
    OpBuilder::InsertionGuard guard(l.b);
    l.b.setInsertionPointToStart(branch.thenBlock());
    forRows(l, {row, l.index({row, 1})}, from, copy);
    return SmallVector<Value>();
  });
}

} // namespace seqc::loops
