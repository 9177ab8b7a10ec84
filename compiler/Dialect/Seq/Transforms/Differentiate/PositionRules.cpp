//===- PositionRules.cpp - Adjoint of reading one position ----------------===//
// Zero everywhere but at the position that was read.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/Transforms/Differentiate/Rules.h"

#include "llvm/ADT/Sequence.h"

using namespace mlir;

namespace seqc::seq {

static Value tokens(Adjoints &a, RankedTensorType type, int64_t number) {
  return arith::ConstantOp::create(
      a.b, SplatElementsAttr::get(type, a.b.getI64IntegerAttr(number)));
}

/// The position that was read, for each row of what stands before the axis.
static Value positionRead(AtOp op, Adjoints &a) {
  auto input = op.getInput().getType();
  const auto axis = static_cast<int64_t>(op.getAxis());
  auto type = RankedTensorType::get(input.getShape().take_front(axis),
                                    a.b.getI64Type());
  Value index = tokens(a, type.clone(ArrayRef<int64_t>()), op.getIndex());
  SmallVector<OpFoldResult> sizes;
  for (int64_t i : llvm::seq(axis))
    sizes.push_back(a.size(op.getInput(), i));
  Value offset =
      axis == 0 ? index
                : BroadcastOp::create(a.b, index, ArrayRef<int64_t>(), sizes)
                      .getResult();
  if (static_cast<int64_t>(op.getIndex()) >= 0)
    return offset;
  Value length = op.getLengths();
  if (!length)
    length = LengthOp::create(a.b, type, op.getInput(), axis);
  return arith::AddIOp::create(a.b, length, offset);
}

/// Whether each element of the operand stands at the position that was read.
static Value isRead(AtOp op, Adjoints &a) {
  auto input = op.getInput().getType();
  const auto axis = static_cast<int64_t>(op.getAxis());
  auto type = RankedTensorType::get({input.getDimSize(axis)}, a.b.getI64Type());
  Value size;
  if (input.isDynamicDim(axis))
    size = cast<Value>(a.size(op.getInput(), axis));
  Value positions = IotaOp::create(a.b, type, size);
  auto leading = llvm::to_vector(llvm::seq<int64_t>(axis));
  Value each = a.repeat(positions, {axis}, op.getInput());
  Value read = a.repeat(positionRead(op, a), leading, op.getInput());
  return arith::CmpIOp::create(a.b, arith::CmpIPredicate::eq, each, read);
}

static void reverseAt(AtOp op, Value dy, Adjoints &a) {
  Value input = op.getInput();
  const auto axis = static_cast<int64_t>(op.getAxis());
  auto type = op.getInput().getType();
  if (!type.isDynamicDim(axis)) {
    const int64_t index = op.getIndex();
    SmallVector<int64_t> dims;
    for (int64_t i : llvm::seq(type.getRank()))
      if (i != axis)
        dims.push_back(i);
    Value row =
        BroadcastOp::create(a.b, dy, dims, {OpFoldResult(a.b.getIndexAttr(1))});
    return a.addSlice(input, row, axis,
                      index < 0 ? type.getDimSize(axis) + index : index);
  }
  Value spread = a.repeatAlong(dy, axis, input);
  a.add(input, a.select(isRead(op, a), spread, a.zeros(input)));
}

void addPositionRules(Rules &rules) {
  addRule(rules, reverseAt);
  addStops<IotaOp>(rules);
}

} // namespace seqc::seq
