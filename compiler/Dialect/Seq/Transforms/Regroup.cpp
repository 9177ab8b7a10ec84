//===- Regroup.cpp - Slices, joined operands and sums in one form ---------===//
// Each rewriting keeps the work as it is: it splits a product into parts, or
// moves a slice to where less is computed.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/Transforms/Regroup.h"
#include "compiler/Dialect/Seq/IR/SeqShapes.h"

#include "mlir/IR/IRMapping.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/Sequence.h"

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

SmallVector<int64_t> ContractSide::freeAxes() const {
  SmallVector<int64_t> free;
  const int64_t rank = cast<RankedTensorType>(operand().getType()).getRank();
  for (int64_t axis : llvm::seq<int64_t>(0, rank))
    if (!llvm::is_contained(axes(), axis) && !llvm::is_contained(batch(), axis))
      free.push_back(axis);
  return free;
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

namespace {
/// What a slice, or a position of a static axis, takes of a value.
struct Part {
  bool dropsAxis;
  int64_t axis, offset, size;

  static std::optional<Part> match(Operation *op);

  Value of(OpBuilder &builder, Location loc, Value value) const {
    if (dropsAxis)
      return AtOp::create(builder, loc, value, axis, offset);
    return SliceOp::create(builder, loc, value, axis, offset, size);
  }
  RankedTensorType of(RankedTensorType type) const {
    return dropsAxis ? dropAxis(type, axis) : resizeAxis(type, axis, size);
  }
  /// What is left of a list of axes.
  SmallVector<int64_t> of(ArrayRef<int64_t> axes) const {
    SmallVector<int64_t> left;
    for (int64_t other : axes)
      if (!dropsAxis || other != axis)
        left.push_back(other - (dropsAxis && other > axis));
    return left;
  }
  Part withAxis(int64_t other) const {
    return {dropsAxis, other, offset, size};
  }
};
} // namespace

std::optional<Part> Part::match(Operation *op) {
  if (auto slice = dyn_cast<SliceOp>(op)) {
    const auto axis = static_cast<int64_t>(slice.getAxis());
    return Part{false, axis, static_cast<int64_t>(slice.getOffset()),
                slice.getType().getDimSize(axis)};
  }
  auto at = dyn_cast<AtOp>(op);
  if (!at || at.getLengths())
    return std::nullopt;
  const auto axis = static_cast<int64_t>(at.getAxis());
  const auto index = static_cast<int64_t>(at.getIndex());
  const RankedTensorType type = at.getInput().getType();
  const int64_t size = type.getDimSize(axis);
  // A column of a product is no work saved, and a product without columns.
  if (ShapedType::isDynamic(size) || axis == type.getRank() - 1)
    return std::nullopt;
  return Part{true, axis, index < 0 ? index + size : index, 1};
}

/// Whether all that reads `op` are parts of the same axis.
static bool onlyReadInParts(Operation *op, const Part &like) {
  return llvm::all_of(op->getUsers(), [&](Operation *user) {
    std::optional<Part> part = Part::match(user);
    return part && part->axis == like.axis && part->dropsAxis == like.dropsAxis;
  });
}

/// The part of an elementwise op is the op of parts.
static Value raiseOverElementwise(const Part &part, OpResult whole) {
  Operation *op = whole.getOwner();
  OpBuilder builder(op);
  IRMapping mapping;
  for (Value operand : op->getOperands())
    if (isa<RankedTensorType>(operand.getType()))
      mapping.map(operand, part.of(builder, op->getLoc(), operand));
  Operation *copy = builder.clone(*op, mapping);
  for (Value result : copy->getResults())
    result.setType(part.of(cast<RankedTensorType>(result.getType())));
  return copy->getResult(whole.getResultNumber());
}

/// The part of a broadcast along one of its axes.
static Value raiseOverBroadcast(const Part &part, BroadcastOp op) {
  OpBuilder builder(op);
  Value input = op.getInput();
  const auto *kept = llvm::find(op.getDims(), part.axis);
  if (kept != op.getDims().end())
    input = part.withAxis(kept - op.getDims().begin())
                .of(builder, op.getLoc(), input);
  return BroadcastOp::create(builder, op.getLoc(), part.of(op.getType()), input,
                             op.getSizes(), part.of(op.getDims()));
}

/// A slice of a slice along the same axis.
static Value raiseOverSlice(Part part, SliceOp op) {
  if (part.dropsAxis || part.axis != static_cast<int64_t>(op.getAxis()))
    return {};
  part.offset += op.getOffset();
  OpBuilder builder(op);
  return part.of(builder, op.getLoc(), op.getInput());
}

/// A row of a product with a stack of matrices is the product with one: gates
/// may stand along an axis of their own. Only what is the same for all samples
/// is taken apart so, and with it has a static shape.
static Value raiseOverContract(const Part &part, ContractOp op) {
  auto axis = part.axis - static_cast<int64_t>(op.getLhsBatch().size());
  for (bool isLeft : {true, false}) {
    const ContractSide side{op, isLeft};
    const SmallVector<int64_t> free = side.freeAxes();
    if (axis >= 0 && axis < static_cast<int64_t>(free.size())) {
      if (!cast<RankedTensorType>(side.operand().getType()).hasStaticShape())
        return {};
      const Part own = part.withAxis(free[axis]);
      OpBuilder builder(op);
      return side.create(builder, own.of(builder, op.getLoc(), side.operand()),
                         side.other(), own.of(side.axes()),
                         own.of(side.batch()));
    }
    axis -= static_cast<int64_t>(free.size());
  }
  return {};
}

/// What stands for a part, made of parts further up; null where it is at the
/// top.
static Value raise(Operation *reader, const Part &part) {
  auto whole = dyn_cast<OpResult>(reader->getOperand(0));
  if (!whole || whole.getOwner()->getBlock() != reader->getBlock())
    return {};
  Operation *op = whole.getOwner();
  if (auto broadcast = dyn_cast<BroadcastOp>(op))
    return raiseOverBroadcast(part, broadcast);
  if (auto inner = dyn_cast<SliceOp>(op))
    return raiseOverSlice(part, inner);
  if (!onlyReadInParts(op, part))
    return {};
  auto contract = dyn_cast<ContractOp>(op);
  // Columns are for seq-fuse-gates to cut: it knows which are asked for.
  if (contract && part.dropsAxis)
    return raiseOverContract(part, contract);
  return OpTrait::hasElementwiseMappableTraits(op)
             ? raiseOverElementwise(part, whole)
             : Value();
}

void seqc::seq::raiseSlices(Block &block) {
  // New parts stand before the op that they pass, so from the end to the
  // beginning each is met once, and an op that all have passed is gone by
  // then, and reads nothing any more.
  for (Operation *op = block.empty() ? nullptr : &block.back(); op;) {
    if (std::optional<Part> part = Part::match(op))
      if (Value raised = raise(op, *part))
        op->getResult(0).replaceAllUsesWith(raised);
    Operation *before = op->getPrevNode();
    if (isOpTriviallyDead(op))
      op->erase();
    op = before;
  }
}
