//===- PulledExpression.cpp - Tensors as expressions at a position --------===//
// How each operation computes its value at a position from its operands'.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/SeqToLoops/PulledExpression.h"
#include "compiler/Conversion/SeqToLoops/Random.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StructuredOpsUtils.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace seqc::seq;

namespace seqc::loops {

//===----------------------------------------------------------------------===//
// Operations
//===----------------------------------------------------------------------===//

bool isPulled(Operation *op) {
  return isa<BroadcastOp, SliceOp, AtOp, TransposeOp, ReshapeOp, ShiftOp,
             IotaOp, UniformOp, MaskOp, SigmoidOp, arith::ConstantOp,
             tensor::CastOp>(op) ||
         OpTrait::hasElementwiseMappableTraits(op);
}

bool isComputed(Operation *op) {
  return isa<ScanOp, ContractOp, ReduceOp, SoftmaxOp, CumsumOp, GatherOp,
             OneHotOp, ScatterAddOp, ConcatOp, WindowsOp, OverlapAddOp,
             SampleIdsOp>(op);
}

//===----------------------------------------------------------------------===//
// Positions
//===----------------------------------------------------------------------===//

Position::Position(ArrayRef<Value> indices) {
  for (Value index : indices)
    coords.push_back({index, 0});
}

Position Position::with(int64_t axis, Coord coord) const {
  Position result = *this;
  result.coords.insert(result.coords.begin() + axis, coord);
  return result;
}

Position Position::leading(int64_t count) const {
  Position result;
  result.coords.assign(coords.begin(), coords.begin() + count);
  return result;
}

static Position transposed(const Position &position,
                           ArrayRef<int64_t> permutation) {
  Position result;
  result.coords.resize(permutation.size());
  for (auto [axis, source] : llvm::enumerate(permutation))
    result.coords[source] = position.coords[axis];
  return result;
}

static Position beforeBroadcast(const Position &position,
                                ArrayRef<int64_t> dims) {
  Position result;
  for (int64_t dim : dims)
    result.coords.push_back(position.coords[dim]);
  return result;
}

static Position shifted(Position position, int64_t axis, int64_t offset) {
  position.coords[axis].offset += offset;
  return position;
}

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

static Type elementType(Value tensor) {
  return cast<RankedTensorType>(tensor.getType()).getElementType();
}

static SmallVector<Value> indicesOf(Lowering &l, const Position &position) {
  return llvm::map_to_vector(position.coords,
                             [&](Coord coord) { return l.index(coord); });
}

Value Puller::load(Value memref, Type element, const Position &position) {
  Value value = memref::LoadOp::create(b, memref, indicesOf(l, position));
  if (!element.isInteger(1))
    return value;
  Value zero = arith::ConstantOp::create(b, b.getZeroAttr(value.getType()));
  return arith::CmpIOp::create(b, arith::CmpIPredicate::ne, value, zero);
}

void Puller::store(Value value, Value memref, const Position &position) {
  SmallVector<Value> indices = indicesOf(l, position);
  if (value.getType().isInteger(1))
    value = arith::ExtUIOp::create(b, b.getI8Type(), value);
  memref::StoreOp::create(b, value, memref, indices);
}

//===----------------------------------------------------------------------===//
// Expressions
//===----------------------------------------------------------------------===//

/// The place in the operand that is `position` in the result of a reshape.
static Position beforeReshape(Lowering &l, ReshapeOp op,
                              const Position &position) {
  ImplicitLocOpBuilder &b = l.b;
  ArrayRef<int64_t> from = op.getInput().getType().getShape();
  ArrayRef<int64_t> to = op.getType().getShape();
  Position result;
  for (const ReshapePart &part : op.getParts()) {
    if (part.isAxis()) {
      result.coords.push_back(position.coords[part.firstTo]);
      continue;
    }
    // The number of the element in the part, and its digits on the other side.
    Value number;
    for (int64_t axis = part.firstTo; axis < part.firstTo + part.to; ++axis)
      number = l.positionInside(number, l.index(position.coords[axis]),
                                l.constant(to[axis]));
    if (!number)
      number = l.constant(0);
    SmallVector<Coord> digits(part.from);
    for (int64_t k = part.from; k-- > 0;) {
      Value size = l.constant(from[part.firstFrom + k]);
      digits[k] = {k == 0 ? number : arith::RemUIOp::create(b, number, size),
                   0};
      number = k == 0 ? number : arith::DivUIOp::create(b, number, size);
    }
    result.coords.append(digits.begin(), digits.end());
  }
  return result;
}

/// The sum of a product whose epilogue is being made.
static Value sumAt(const UnitSums &sums, const Position &position) {
  ArrayRef<Coord> at = position.coords;
  assert(at[0].base == sums.row && at[0].offset == 0 &&
         at[1].base == sums.unit && at[1].offset % sums.units == 0 &&
         "reads the sums of another row or unit");
  return sums.groups[at[1].offset / sums.units];
}

Value Puller::at(Value v, const Position &position) {
  v = l.resolve(v);
  if (auto it = l.sums.find(v); it != l.sums.end())
    return sumAt(it->second, position);
  auto key = std::make_pair(v.getAsOpaquePointer(), position);
  if (auto it = memo.find(key); it != memo.end())
    return it->second;
  Value buffer = l.buffers.lookup(v);
  if (!buffer)
    return compute(v, position);
  Value loaded = load(buffer, elementType(v), position);
  memo[key] = loaded;
  return loaded;
}

Value Puller::compute(Value v, const Position &position) {
  v = l.resolve(v);
  auto key = std::make_pair(v.getAsOpaquePointer(), position);
  if (auto it = memo.find(key); it != memo.end())
    return it->second;
  Value result;
  if (auto it = l.elements.find(v); it != l.elements.end()) {
    SequenceElement element = it->second;
    result = at(element.sequence,
                position.with(element.axis, Coord{element.position, 0}));
  } else {
    result =
        llvm::TypeSwitch<Operation *, Value>(v.getDefiningOp())
            .Case([&](arith::ConstantOp op) {
              auto all = cast<DenseElementsAttr>(op.getValue());
              return arith::ConstantOp::create(b,
                                               all.getSplatValue<TypedAttr>());
            })
            .Case([&](BroadcastOp op) {
              return at(op.getInput(), beforeBroadcast(position, op.getDims()));
            })
            .Case([&](SliceOp op) {
              return at(op.getInput(),
                        shifted(position, op.getAxis(), op.getOffset()));
            })
            .Case([&](AtOp op) { return fixedIndex(op, position); })
            .Case([&](TransposeOp op) {
              return at(op.getInput(),
                        transposed(position, op.getPermutation()));
            })
            .Case([&](ReshapeOp op) {
              return at(op.getInput(), beforeReshape(l, op, position));
            })
            .Case([&](ShiftOp op) { return moved(op, position); })
            .Case([&](IotaOp op) { return iota(op, position); })
            .Case([&](UniformOp op) { return uniform(op, position); })
            .Case([&](MaskOp op) { return masked(op, position); })
            .Case([&](WindowCountOp op) { return count(op, position); })
            .Default([&](Operation *op) { return elementwise(op, position); });
  }
  memo[key] = result;
  return result;
}

Value Puller::elementwise(Operation *op, const Position &position) {
  SmallVector<Value> operands;
  for (Value operand : op->getOperands())
    operands.push_back(at(operand, position));
  return clone(b, op, elementType(op->getResult(0)), operands)->getResult(0);
}

/// Computes `value` only where `condition` holds, and zero elsewhere.
Value Puller::guarded(Value condition, Type type,
                      llvm::function_ref<Value()> value) {
  // What is computed inside is not seen outside.
  auto outside = memo;
  auto branch = scf::IfOp::create(b, type, condition, /*withElseRegion=*/true);
  {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(branch.thenBlock());
    Value inside = value();
    scf::YieldOp::create(b, inside);
    b.setInsertionPointToStart(branch.elseBlock());
    Value zero = arith::ConstantOp::create(b, b.getZeroAttr(type));
    scf::YieldOp::create(b, zero);
  }
  memo = std::move(outside);
  return branch.getResult(0);
}

Value Puller::fixedIndex(AtOp op, const Position &position) {
  int64_t axis = op.getAxis(), index = op.getIndex();
  Size size = l.sizes.of(op.getInput())[axis];
  if (!size.isSymbol && !op.getLengths())
    return at(
        op.getInput(),
        position.with(axis, {{}, index < 0 ? size.value + index : index}));
  Value end = l.size(size);
  if (op.getLengths()) {
    Value length = at(op.getLengths(), position.leading(axis));
    end = arith::IndexCastOp::create(b, b.getIndexType(), length);
  }
  Value place = l.constant(index);
  if (index < 0)
    place = arith::AddIOp::create(b, end, place);
  // One comparison without sign refuses negative places too.
  Value inside =
      arith::CmpIOp::create(b, arith::CmpIPredicate::ult, place, end);
  return guarded(inside, elementType(op), [&] {
    return at(op.getInput(), position.with(axis, {place, 0}));
  });
}

//===----------------------------------------------------------------------===//
// Shift, iota, random
//===----------------------------------------------------------------------===//

/// Reads at a place that is always there, and takes `fill` if it is not the
/// one that is wanted.
Value Puller::moved(ShiftOp op, const Position &position) {
  const int64_t axis = op.getAxis();
  Coord coord = position.coords[axis];
  Value place =
      l.index({coord.base, coord.offset - static_cast<int64_t>(op.getBy())});
  Value end = l.size(l.sizes.of(op.getInput())[axis]);
  // One comparison without sign refuses negative places too.
  Value inside =
      arith::CmpIOp::create(b, arith::CmpIPredicate::ult, place, end);
  Position from = position;
  from.coords[axis] = {arith::SelectOp::create(b, inside, place, l.constant(0)),
                       0};
  return arith::SelectOp::create(b, inside, at(op.getInput(), from),
                                 arith::ConstantOp::create(b, op.getFill()));
}

Value Puller::iota(IotaOp op, const Position &position) {
  Value place = l.index(position.coords[0]);
  Type element = elementType(op);
  if (element.isInteger(64))
    return arith::IndexCastOp::create(b, element, place);
  // From 32 bits: more instruction sets have that.
  place = arith::IndexCastOp::create(b, b.getI32Type(), place);
  return arith::SIToFPOp::create(b, element, place);
}

Value Puller::uniform(UniformOp op, const Position &position) {
  ArrayRef<int64_t> shape = op.getType().getShape();
  const int64_t rank = op.getTime().getType().getRank();
  Value element;
  for (size_t axis = rank; axis < shape.size(); ++axis)
    element = l.positionInside(element, l.index(position.coords[axis]),
                               l.constant(shape[axis]));
  if (!element)
    element = l.constant(0);
  const Position coordinates = position.leading(rank);
  Value sample;
  if (op.getSample())
    sample = at(op.getSample(), coordinates);
  return drawUniform(l, op.getSite(), element, at(op.getTime(), coordinates),
                     sample);
}

Value Puller::isBelow(Value lengths, int64_t axis, const Position &position) {
  Value length = at(lengths, position.leading(axis));
  Value place = arith::IndexCastOp::create(b, b.getI64Type(),
                                           l.index(position.coords[axis]));
  return arith::CmpIOp::create(b, arith::CmpIPredicate::slt, place, length);
}

Value Puller::masked(MaskOp op, const Position &position) {
  Value below = isBelow(op.getLengths(), op.getAxis(), position);
  Value input = at(op.getInput(), position);
  return arith::SelectOp::create(b, below, input,
                                 arith::ConstantOp::create(b, op.getFill()));
}

Value Puller::count(WindowCountOp op, const Position &position) {
  const WindowShape shape = op.getWindowShape();
  auto constant = [&](int64_t n) -> Value {
    return arith::ConstantOp::create(b, b.getI64IntegerAttr(n));
  };
  Value behind = arith::AddIOp::create(b, at(op.getInput(), position),
                                       constant(shape.offset));
  Value isThere =
      arith::CmpIOp::create(b, arith::CmpIPredicate::sge, behind, constant(0));
  Value further = arith::DivSIOp::create(b, behind, constant(shape.stride));
  return arith::SelectOp::create(
      b, isThere, arith::AddIOp::create(b, further, constant(1)), constant(0));
}

} // namespace seqc::loops
