//===- Adjoints.cpp - Reverse mode over one block -------------------------===//
// Sums of contributions, and the walk.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/Transforms/Differentiate/Adjoints.h"
#include "compiler/Dialect/Seq/IR/SeqShapes.h"
#include "compiler/Dialect/Seq/Transforms/Differentiate/Rules.h"
#include "compiler/Dialect/Seq/Transforms/ScanUtils.h"

using namespace mlir;

namespace seqc::seq {

static RankedTensorType typeOf(Value value) {
  return cast<RankedTensorType>(value.getType());
}

//===----------------------------------------------------------------------===//
// Contributions
//===----------------------------------------------------------------------===//

int64_t Adjoints::Slice::size() const {
  return typeOf(gradient).getDimSize(axis);
}

void Adjoints::add(Value value, Value gradient) {
  if (gradient && isActive(value))
    addends[value].wholes.push_back(gradient);
}

void Adjoints::addSlice(Value value, Value gradient, int64_t axis,
                        int64_t offset) {
  if (!isActive(value))
    return;
  auto isBefore = [](const Slice &x, const Slice &y) {
    return std::tie(x.axis, x.offset) < std::tie(y.axis, y.offset);
  };
  SmallVector<Slice> &slices = addends[value].slices;
  const Slice slice{gradient, axis, offset};
  slices.insert(llvm::upper_bound(slices, slice, isBefore), slice);
}

/// Makes whole tensors of slices: those along one axis that do not overlap
/// stand side by side in one, with zeros between them. So the gradient of what
/// was split into gates is joined from theirs, and nothing is added to zeros.
void Adjoints::joinSlices(Value value, Addends &addends) {
  SmallVector<Slice> &left = addends.slices;
  while (!left.empty()) {
    const int64_t axis = left.front().axis;
    int64_t next = 0;
    SmallVector<Value> parts;
    SmallVector<Slice> others;
    auto fillUpTo = [&](int64_t offset) {
      if (offset > next)
        parts.push_back(splat(value, axis, offset - next, 0));
    };
    for (const Slice &slice : left) {
      if (slice.axis != axis || slice.offset < next) {
        others.push_back(slice);
        continue;
      }
      fillUpTo(slice.offset);
      parts.push_back(slice.gradient);
      next = slice.end();
    }
    fillUpTo(typeOf(value).getDimSize(axis));
    Value whole =
        parts.size() == 1 ? parts.front() : ConcatOp::create(b, parts, axis);
    addends.wholes.push_back(whole);
    left = std::move(others);
  }
}

Value Adjoints::take(Value value) {
  auto found = addends.find(value);
  if (found == addends.end())
    return {};
  Addends all = std::move(found->second);
  addends.erase(found);
  joinSlices(value, all);
  Value sum = all.wholes.front();
  for (Value next : ArrayRef(all.wholes).drop_front())
    sum = add2(sum, next);
  return sum;
}

//===----------------------------------------------------------------------===//
// The walk
//===----------------------------------------------------------------------===//

LogicalResult Adjoints::reverse(Operation *op) {
  if (llvm::none_of(op->getResults(),
                    [&](Value result) { return addends.contains(result); }))
    return success();
  b.setLoc(op->getLoc());
  if (auto scan = dyn_cast<ScanOp>(op))
    return reverseScan(scan, *this);
  const Rule *rule = findRule(op);
  if (!rule)
    return op->emitError("`")
           << op->getName() << "` has no rule for its gradient";
  (*rule)(op, take(op->getResult(0)), *this);
  return success();
}

LogicalResult Adjoints::reverse(Block &block) {
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block)))
    if (failed(reverse(&op)))
      return failure();
  return success();
}

//===----------------------------------------------------------------------===//
// Ops that rules are written with
//===----------------------------------------------------------------------===//

OpFoldResult Adjoints::size(Value value, int64_t axis) {
  const int64_t size = typeOf(value).getDimSize(axis);
  if (!ShapedType::isDynamic(size))
    return b.getIndexAttr(size);
  return traceSize(b, value, axis);
}

Value Adjoints::splat(Value value, double number) {
  RankedTensorType type = typeOf(value);
  auto element = b.getFloatAttr(type.getElementType(), number);
  if (type.hasStaticShape())
    return arith::ConstantOp::create(b, SplatElementsAttr::get(type, element));
  Value scalar = arith::ConstantOp::create(
      b, SplatElementsAttr::get(type.clone(ArrayRef<int64_t>()), element));
  return repeat(scalar, {}, value);
}

Value Adjoints::splat(Value value, int64_t axis, int64_t size, double number) {
  RankedTensorType type = resizeAxis(typeOf(value), axis, size);
  auto element = b.getFloatAttr(type.getElementType(), number);
  if (type.hasStaticShape())
    return arith::ConstantOp::create(b, SplatElementsAttr::get(type, element));
  Value scalar = arith::ConstantOp::create(
      b, SplatElementsAttr::get(type.clone(ArrayRef<int64_t>()), element));
  SmallVector<OpFoldResult> sizes;
  for (int64_t i = 0; i < type.getRank(); ++i)
    sizes.push_back(i == axis ? b.getIndexAttr(size) : this->size(value, i));
  return BroadcastOp::create(b, scalar, ArrayRef<int64_t>(), sizes);
}

Value Adjoints::repeat(Value value, ArrayRef<int64_t> dims, Value like) {
  SmallVector<OpFoldResult> sizes;
  for (int64_t axis = 0; axis < typeOf(like).getRank(); ++axis)
    if (!llvm::is_contained(dims, axis))
      sizes.push_back(size(like, axis));
  return BroadcastOp::create(b, value, dims, sizes);
}

Value Adjoints::repeatAlong(Value value, int64_t axis, Value like) {
  SmallVector<int64_t> dims;
  for (int64_t i = 0; i < typeOf(like).getRank(); ++i)
    if (i != axis)
      dims.push_back(i);
  return repeat(value, dims, like);
}

//===----------------------------------------------------------------------===//
// The table
//===----------------------------------------------------------------------===//

static const Rules &rules() {
  static const Rules table = [] {
    Rules made;
    addElementwiseRules(made);
    addProductRules(made);
    addReductionRules(made);
    addShapeRules(made);
    addPositionRules(made);
    addTokenRules(made);
    return made;
  }();
  return table;
}

const Rule *findRule(Operation *op) {
  auto found = rules().find(op->getName().getStringRef());
  return found == rules().end() ? nullptr : &found->second;
}

bool stopsGradient(Operation *op) {
  const Rule *rule = findRule(op);
  return rule && !*rule;
}

} // namespace seqc::seq
