//===- Regroup.cpp - Slices, joined operands and sums in one form ---------===//
// Each rewriting keeps the work as it is: it splits a product into parts, or
// moves a slice to where less is computed.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/Transforms/Regroup.h"
#include "compiler/Dialect/Seq/IR/SeqShapes.h"

#include "mlir/IR/IRMapping.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;
using namespace seqc::seq;

//===----------------------------------------------------------------------===//
// Sums
//===----------------------------------------------------------------------===//

/// The addition that alone reads `value`, in the same block.
static Operation *soleAddition(Value value) {
  if (!value.hasOneUse())
    return nullptr;
  Operation *user = *value.user_begin();
  return isa<arith::AddFOp>(user) && value.getParentBlock() == user->getBlock()
             ? user
             : nullptr;
}

bool seqc::seq::isSumRoot(Operation *op) {
  return isa<arith::AddFOp>(op) &&
         isa<RankedTensorType>(op->getResult(0).getType()) &&
         !soleAddition(op->getResult(0));
}

SmallVector<Value> seqc::seq::flattenSum(Value root) {
  SmallVector<Value> addends,
      open(llvm::reverse(root.getDefiningOp()->getOperands()));
  while (!open.empty()) {
    Value value = open.pop_back_val();
    auto inner = value.getDefiningOp<arith::AddFOp>();
    if (inner && soleAddition(value))
      open.append({inner.getRhs(), inner.getLhs()});
    else
      addends.push_back(value);
  }
  return addends;
}

Value seqc::seq::buildSum(OpBuilder &builder, Location loc,
                          ArrayRef<Value> addends) {
  Value sum = addends.front();
  for (Value addend : addends.drop_front())
    sum = arith::AddFOp::create(builder, loc, sum, addend);
  return sum;
}

//===----------------------------------------------------------------------===//
// Contractions over a concat
//===----------------------------------------------------------------------===//

ArrayRef<int64_t> ContractSide::axes() const {
  ContractOp it = op;
  return isLeft ? it.getLhsAxes() : it.getRhsAxes();
}

ArrayRef<int64_t> ContractSide::otherAxes() const {
  return ContractSide{op, !isLeft}.axes();
}

ArrayRef<int64_t> ContractSide::batch() const {
  ContractOp it = op;
  return isLeft ? it.getLhsBatch() : it.getRhsBatch();
}

Value ContractSide::create(OpBuilder &builder, Value operand, Value other,
                           ArrayRef<int64_t> axes,
                           ArrayRef<int64_t> batch) const {
  const ContractSide opposite{op, !isLeft};
  const Location loc = op->getLoc();
  if (isLeft)
    return ContractOp::create(builder, loc, operand, other, axes,
                              opposite.axes(), batch, opposite.batch());
  return ContractOp::create(builder, loc, other, operand, opposite.axes(), axes,
                            opposite.batch(), batch);
}

static Value splitOver(const ContractSide &side, ConcatOp concat) {
  ContractOp op = side.op;
  OpBuilder builder(op);
  const auto *place =
      llvm::find(side.axes(), static_cast<int64_t>(concat.getAxis()));
  const int64_t otherAxis = side.otherAxes()[place - side.axes().begin()];
  SmallVector<Value> products;
  int64_t offset = 0;
  for (Value part : concat.getInputs()) {
    const int64_t size =
        cast<RankedTensorType>(part.getType()).getDimSize(concat.getAxis());
    Value slice = SliceOp::create(builder, op.getLoc(), side.other(), otherAxis,
                                  offset, size);
    products.push_back(side.create(builder, part, slice));
    offset += size;
  }
  return buildSum(builder, op.getLoc(), products);
}

/// What stands for `op`; null where it is to stay.
static Value
splitContraction(ContractOp op,
                 function_ref<bool(const ContractSide &, ConcatOp)> wanted) {
  for (bool isLeft : {true, false}) {
    const ContractSide side{op, isLeft};
    auto concat = side.operand().getDefiningOp<ConcatOp>();
    if (concat &&
        llvm::is_contained(side.axes(),
                           static_cast<int64_t>(concat.getAxis())) &&
        wanted(side, concat))
      return splitOver(side, concat);
  }
  return {};
}

void seqc::seq::splitContractions(
    Block &block, function_ref<bool(const ContractSide &, ConcatOp)> wanted) {
  // The parts stand before what they replace, so from the end to the beginning
  // a part over a `seq.concat` is met too.
  for (Operation *op = block.empty() ? nullptr : &block.back(); op;) {
    auto contract = dyn_cast<ContractOp>(op);
    Value sum = contract ? splitContraction(contract, wanted) : Value();
    Operation *before = op->getPrevNode();
    if (sum) {
      contract.getResult().replaceAllUsesWith(sum);
      contract.erase();
    }
    op = before;
  }
}

//===----------------------------------------------------------------------===//
// Slices
//===----------------------------------------------------------------------===//

static bool onlyReadInSlices(Operation *op, int64_t axis) {
  return llvm::all_of(op->getUsers(), [&](Operation *user) {
    auto slice = dyn_cast<SliceOp>(user);
    return slice && static_cast<int64_t>(slice.getAxis()) == axis;
  });
}

namespace {
/// What a slice takes of an axis.
struct Part {
  int64_t axis, offset, size;

  explicit Part(SliceOp slice)
      : axis(slice.getAxis()), offset(slice.getOffset()),
        size(slice.getType().getDimSize(axis)) {}
  Value of(OpBuilder &builder, Location loc, Value value) const {
    return SliceOp::create(builder, loc, value, axis, offset, size);
  }
};
} // namespace

/// The slice of an elementwise op is the op of slices.
static Value raiseOverElementwise(SliceOp slice, Operation *op) {
  const Part part(slice);
  OpBuilder builder(op);
  IRMapping mapping;
  for (Value operand : op->getOperands())
    if (isa<RankedTensorType>(operand.getType()))
      mapping.map(operand, part.of(builder, slice.getLoc(), operand));
  Operation *copy = builder.clone(*op, mapping);
  for (Value result : copy->getResults())
    result.setType(resizeAxis(cast<RankedTensorType>(result.getType()),
                              part.axis, part.size));
  return copy->getResult(cast<OpResult>(slice.getInput()).getResultNumber());
}

/// The slice of a broadcast along one of its axes.
static Value raiseOverBroadcast(SliceOp slice, BroadcastOp op) {
  Part part(slice);
  OpBuilder builder(op);
  Value input = op.getInput();
  const auto *kept = llvm::find(op.getDims(), part.axis);
  if (kept != op.getDims().end()) {
    part.axis = kept - op.getDims().begin();
    input = part.of(builder, slice.getLoc(), input);
  }
  return BroadcastOp::create(builder, op.getLoc(), slice.getType(), input,
                             op.getSizes(), op.getDims());
}

static Value raiseOverSlice(SliceOp slice, SliceOp op) {
  if (slice.getAxis() != op.getAxis())
    return {};
  Part part(slice);
  part.offset += op.getOffset();
  OpBuilder builder(op);
  return part.of(builder, slice.getLoc(), op.getInput());
}

/// What stands for `slice`, made of slices further up; null where it is at the
/// top.
static Value raise(SliceOp slice) {
  Operation *op = slice.getInput().getDefiningOp();
  if (!op || op->getBlock() != slice->getBlock())
    return {};
  if (auto broadcast = dyn_cast<BroadcastOp>(op))
    return raiseOverBroadcast(slice, broadcast);
  if (auto inner = dyn_cast<SliceOp>(op))
    return raiseOverSlice(slice, inner);
  if (OpTrait::hasElementwiseMappableTraits(op) &&
      onlyReadInSlices(op, slice.getAxis()))
    return raiseOverElementwise(slice, op);
  return {};
}

void seqc::seq::raiseSlices(Block &block) {
  // New slices stand before the op that they pass, so from the end to the
  // beginning each is met once, and an op that all have passed is gone by
  // then, and reads nothing any more.
  for (Operation *op = block.empty() ? nullptr : &block.back(); op;) {
    if (auto slice = dyn_cast<SliceOp>(op))
      if (Value raised = raise(slice))
        slice.getResult().replaceAllUsesWith(raised);
    Operation *before = op->getPrevNode();
    if (isOpTriviallyDead(op))
      op->erase();
    op = before;
  }
}
