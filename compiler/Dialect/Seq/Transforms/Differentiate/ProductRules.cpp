//===- ProductRules.cpp - Adjoint of the contraction ----------------------===//
// Two contractions: of the result's gradient with either operand.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/Transforms/Differentiate/Rules.h"
#include "compiler/Dialect/Seq/Transforms/Regroup.h"

#include "llvm/ADT/STLExtras.h"

#include <numeric>

using namespace mlir;

namespace seqc::seq {

/// The axes first, first + 1, ... of the result that hold `count` axes.
static SmallVector<int64_t> span(int64_t first, int64_t count) {
  SmallVector<int64_t> axes(count);
  std::iota(axes.begin(), axes.end(), first);
  return axes;
}

/// The permutation that brings axes which stand for `axes` of a tensor into the
/// order of that tensor.
static SmallVector<int64_t> sortingOrder(ArrayRef<int64_t> axes) {
  SmallVector<int64_t> order = span(0, axes.size());
  llvm::sort(order, [&](int64_t x, int64_t y) { return axes[x] < axes[y]; });
  return order;
}

/// The gradient of the operand that `side` sees: what the result's gradient and
/// the other operand have in common is summed.
static void reverseSide(const ContractSide &side, Value dy, Adjoints &a) {
  if (!a.isActive(side.operand()))
    return;
  const ContractSide opposite{side.op, !side.isLeft};
  SmallVector<int64_t> ownFree = side.freeAxes();
  SmallVector<int64_t> otherFree = opposite.freeAxes();
  const int64_t batch = side.batch().size();
  const int64_t firstOther =
      batch + (side.isLeft ? static_cast<int64_t>(ownFree.size()) : 0);
  Value product = ContractOp::create(
      a.b, dy, side.other(), span(firstOther, otherFree.size()), otherFree,
      span(0, batch), opposite.batch());

  // Its axes: those walked together, the operand's free ones, then those that
  // were summed over, in the order that the other operand has them.
  SmallVector<int64_t> axes(side.batch());
  llvm::append_range(axes, ownFree);
  SmallVector<int64_t> summed = span(0, side.axes().size());
  llvm::sort(summed, [&](int64_t x, int64_t y) {
    return side.otherAxes()[x] < side.otherAxes()[y];
  });
  for (int64_t pair : summed)
    axes.push_back(side.axes()[pair]);
  SmallVector<int64_t> order = sortingOrder(axes);
  if (!llvm::is_sorted(order))
    product = TransposeOp::create(a.b, product, order);
  a.add(side.operand(), product);
}

static void reverseContract(ContractOp op, Value dy, Adjoints &a) {
  reverseSide({op, /*isLeft=*/true}, dy, a);
  reverseSide({op, /*isLeft=*/false}, dy, a);
}

void addProductRules(Rules &rules) { addRule(rules, reverseContract); }

} // namespace seqc::seq
