//===- ShapeRules.cpp - Adjoints of what moves elements -------------------===//
// The gradient goes back to where the elements came from.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/Transforms/Differentiate/Rules.h"

#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/IR/AffineMap.h"

using namespace mlir;

namespace seqc::seq {

/// What was repeated is summed.
static void reverseBroadcast(BroadcastOp op, Value dy, Adjoints &a) {
  for (int64_t axis = op.getType().getRank(); axis-- > 0;)
    if (!llvm::is_contained(op.getDims(), axis))
      dy = ReduceOp::create(a.b, ReductionKind::Sum, dy, axis);
  a.add(op.getInput(), dy);
}

static void reverseConcat(ConcatOp op, Value dy, Adjoints &a) {
  const int64_t axis = op.getAxis();
  int64_t offset = 0;
  for (Value input : op.getInputs()) {
    const int64_t size =
        cast<RankedTensorType>(input.getType()).getDimSize(axis);
    if (a.isActive(input))
      a.add(input, SliceOp::create(a.b, dy, axis, offset, size));
    offset += size;
  }
}

static void reverseSlice(SliceOp op, Value dy, Adjoints &a) {
  a.addSlice(op.getInput(), dy, op.getAxis(), op.getOffset());
}

static void reverseTranspose(TransposeOp op, Value dy, Adjoints &a) {
  SmallVector<int64_t> inverse = invertPermutationVector(op.getPermutation());
  a.add(op.getInput(), TransposeOp::create(a.b, dy, inverse));
}

static void reverseReshape(ReshapeOp op, Value dy, Adjoints &a) {
  a.add(op.getInput(), ReshapeOp::create(a.b, op.getInput().getType(), dy));
}

/// What moved out of the axis is lost, and what was filled in is nobody's.
static void reverseShift(ShiftOp op, Value dy, Adjoints &a) {
  a.add(op.getInput(),
        ShiftOp::create(a.b, dy.getType(), dy, op.getAxis(),
                        -static_cast<int64_t>(op.getBy()),
                        a.b.getZeroAttr(getElementTypeOrSelf(dy.getType()))));
}

static void reverseMask(MaskOp op, Value dy, Adjoints &a) {
  a.add(op.getInput(),
        MaskOp::create(a.b, dy.getType(), dy, op.getLengths(), op.getAxis(),
                       a.b.getZeroAttr(getElementTypeOrSelf(dy.getType()))));
}

/// Each position gets of all windows that hold it.
static void reverseWindows(WindowsOp op, Value dy, Adjoints &a) {
  const auto axis = static_cast<int64_t>(op.getAxis());
  a.add(op.getInput(),
        OverlapAddOp::create(a.b, dy, axis, op.getStride(), op.getBefore(),
                             a.size(op.getInput(), axis)));
}

/// Parts that lie side by side: each has its own gradient.
static void reverseOverlapAdd(OverlapAddOp op, Value dy, Adjoints &a) {
  const auto axis = static_cast<int64_t>(op.getAxis());
  const int64_t size = op.getInput().getType().getDimSize(axis + 1);
  a.add(op.getInput(),
        WindowsOp::create(a.b, op.getInput().getType(), dy, axis, size,
                          op.getStride(), op.getBefore(),
                          size - 1 - op.getBefore()));
}

void addShapeRules(Rules &rules) {
  addRule(rules, reverseOverlapAdd);
  addRule(rules, reverseWindows);
  addRule(rules, reverseBroadcast);
  addRule(rules, reverseConcat);
  addRule(rules, reverseSlice);
  addRule(rules, reverseTranspose);
  addRule(rules, reverseReshape);
  addRule(rules, reverseShift);
  addRule(rules, reverseMask);
}

} // namespace seqc::seq
