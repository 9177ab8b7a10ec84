//===- PulledExpression.cpp - Tensors as expressions at a position --------===//
// How each operation computes its value at a position from its operands'.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/SeqToLoops/PulledExpression.h"
#include "compiler/Conversion/SeqToLoops/Random.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StructuredOpsUtils.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace seqc::seq;

namespace seqc::loops {

//===----------------------------------------------------------------------===//
// Positions
//===----------------------------------------------------------------------===//

bool Position::operator<(const Position &o) const {
  if (lane != o.lane)
    return lane < o.lane;
  return std::lexicographical_compare(coords.begin(), coords.end(),
                                      o.coords.begin(), o.coords.end());
}

Position Position::with(int64_t axis, Coord coord) const {
  Position result = *this;
  result.coords.insert(result.coords.begin() + axis, coord);
  result.lane += lane >= axis;
  return result;
}

Position Position::without(int64_t axis) const {
  Position result = *this;
  result.coords.erase(result.coords.begin() + axis);
  if (lane == axis)
    result.lane = -1;
  else
    result.lane -= lane > axis;
  return result;
}

Position Position::leading(int64_t count) const {
  Position result;
  result.coords.assign(coords.begin(), coords.begin() + count);
  result.lane = lane < count ? lane : -1;
  return result;
}

static Position transposed(const Position &position,
                           ArrayRef<int64_t> permutation) {
  Position result;
  result.coords.resize(permutation.size());
  for (auto [axis, source] : llvm::enumerate(permutation)) {
    result.coords[source] = position.coords[axis];
    if (position.lane == int64_t(axis))
      result.lane = source;
  }
  return result;
}

static Position beforeBroadcast(const Position &position,
                                ArrayRef<int64_t> dims) {
  Position result;
  for (auto [axis, dim] : llvm::enumerate(dims)) {
    result.coords.push_back(position.coords[dim]);
    if (dim == position.lane)
      result.lane = axis;
  }
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

static Type lanesOf(Type element, int64_t width, const Position &position) {
  return position.lane >= 0 ? VectorType::get(width, element) : element;
}

Type Puller::typeAt(Value v, const Position &position) {
  return lanesOf(elementType(v), width, position);
}

Value Puller::splat(Value value, const Position &position) {
  if (position.lane < 0 || isa<VectorType>(value.getType()))
    return value;
  return vector::BroadcastOp::create(b, VectorType::get(width, value.getType()),
                                     value);
}

Value Puller::load(Value memref, Type element, const Position &position) {
  SmallVector<Value> indices;
  for (Coord coord : position.coords)
    indices.push_back(l.index(coord));
  Type stored = lanesOf(memoryType(element), width, position);
  Value value;
  if (position.lane < 0) {
    value = memref::LoadOp::create(b, memref, indices);
  } else if (mask) {
    Value zero =
        arith::ConstantOp::create(b, cast<TypedAttr>(b.getZeroAttr(stored)));
    value = vector::MaskedLoadOp::create(b, cast<VectorType>(stored), memref,
                                         indices, mask, zero);
  } else {
    value =
        vector::LoadOp::create(b, cast<VectorType>(stored), memref, indices);
  }
  if (!element.isInteger(1))
    return value;
  Value zero =
      arith::ConstantOp::create(b, cast<TypedAttr>(b.getZeroAttr(stored)));
  return arith::CmpIOp::create(b, arith::CmpIPredicate::ne, value, zero);
}

void Puller::store(Value value, Value memref, const Position &position) {
  SmallVector<Value> indices;
  for (Coord coord : position.coords)
    indices.push_back(l.index(coord));
  value = splat(value, position);
  if (getElementTypeOrSelf(value).isInteger(1))
    value = arith::ExtUIOp::create(b, lanesOf(b.getI8Type(), width, position),
                                   value);
  if (position.lane < 0)
    memref::StoreOp::create(b, value, memref, indices);
  else if (mask)
    vector::MaskedStoreOp::create(b, memref, indices, mask, value);
  else
    vector::StoreOp::create(b, value, memref, indices);
}

//===----------------------------------------------------------------------===//
// Expressions
//===----------------------------------------------------------------------===//

Value Puller::at(Value v, const Position &position) {
  v = l.resolve(v);
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
            .Case([&](arith::ConstantOp op) { return constant(op, position); })
            .Case([&](BroadcastOp op) { return broadcast(op, position); })
            .Case([&](SliceOp op) {
              return at(op.getInput(),
                        shifted(position, op.getAxis(), op.getOffset()));
            })
            .Case([&](AtOp op) { return fixedIndex(op, position); })
            .Case([&](TransposeOp op) {
              return at(op.getInput(),
                        transposed(position, op.getPermutation()));
            })
            .Case([&](ReshapeOp op) { return reshaped(op, position); })
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
  return clone(b, op, typeAt(op->getResult(0), position), operands)
      ->getResult(0);
}

Value Puller::constant(arith::ConstantOp op, const Position &position) {
  auto dense = cast<DenseElementsAttr>(op.getValue());
  auto value = dense.getSplatValue<TypedAttr>();
  if (position.lane >= 0)
    value = DenseElementsAttr::get(cast<VectorType>(typeAt(op, position)),
                                   Attribute(value));
  return arith::ConstantOp::create(b, value);
}

Value Puller::broadcast(BroadcastOp op, const Position &position) {
  Value input = at(op.getInput(), beforeBroadcast(position, op.getDims()));
  return splat(input, position);
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
    Value zero =
        arith::ConstantOp::create(b, cast<TypedAttr>(b.getZeroAttr(type)));
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
  return guarded(inside, typeAt(op, position), [&] {
    return at(op.getInput(), position.with(axis, {place, 0}));
  });
}

//===----------------------------------------------------------------------===//
// Reshape, shift, iota
//===----------------------------------------------------------------------===//

/// The place in the operand that is `position` in the result of a reshape.
static Position beforeReshape(Lowering &l, ReshapeOp op,
                              const Position &position) {
  ImplicitLocOpBuilder &b = l.b;
  ArrayRef<int64_t> from = op.getInput().getType().getShape();
  ArrayRef<int64_t> to = op.getType().getShape();
  Position result;
  for (const ReshapePart &part : op.getParts()) {
    const int64_t lastTo = part.firstTo + part.to - 1;
    if (part.to > 0 && position.lane >= part.firstTo && position.lane <= lastTo)
      result.lane = part.firstFrom + part.from - 1;
    if (part.isAxis()) {
      result.coords.push_back(position.coords[part.firstTo]);
      continue;
    }
    // The number of the element in the part, and its digits on the other side.
    Value number = l.constant(0);
    for (int64_t axis = part.firstTo; axis <= lastTo; ++axis) {
      number = arith::MulIOp::create(b, number, l.constant(to[axis]));
      number = arith::AddIOp::create(b, number, l.index(position.coords[axis]));
    }
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

Value Puller::reshaped(ReshapeOp op, const Position &position) {
  return at(op.getInput(), beforeReshape(l, op, position));
}

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
  TypedAttr fill = op.getFill();
  if (position.lane >= 0)
    fill = DenseElementsAttr::get(cast<VectorType>(typeAt(op, position)),
                                  Attribute(fill));
  return arith::SelectOp::create(b, inside, at(op.getInput(), from),
                                 arith::ConstantOp::create(b, fill));
}

Value Puller::lanesFrom(Value first) {
  auto type = VectorType::get(width, b.getIndexType());
  return arith::AddIOp::create(b, vector::BroadcastOp::create(b, type, first),
                               vector::StepOp::create(b, type));
}

Value Puller::iota(IotaOp op, const Position &position) {
  Value place = l.index(position.coords[0]);
  if (position.lane >= 0)
    place = lanesFrom(place);
  Type element = elementType(op);
  if (element.isInteger(64))
    return arith::IndexCastOp::create(b, typeAt(op, position), place);
  // From 32 bits: more instruction sets have that.
  place = arith::IndexCastOp::create(
      b, lanesOf(b.getI32Type(), width, position), place);
  return arith::SIToFPOp::create(b, typeAt(op, position), place);
}

/// Lanes lie along the elements, whose coordinates are the same.
Value Puller::uniform(UniformOp op, const Position &position) {
  ArrayRef<int64_t> shape = op.getType().getShape();
  const int64_t rank = op.getTime().getType().getRank();
  Value element = l.constant(0);
  for (size_t axis = rank; axis < shape.size(); ++axis) {
    element = arith::MulIOp::create(b, element, l.constant(shape[axis]));
    element = arith::AddIOp::create(b, element, l.index(position.coords[axis]));
  }
  if (position.lane >= 0)
    element = lanesFrom(element);
  const Position coordinates = position.leading(rank);
  Value sample;
  if (op.getSample())
    sample = at(op.getSample(), coordinates);
  return drawUniform(l, op.getSite(), element, at(op.getTime(), coordinates),
                     sample);
}

Value Puller::isBelow(Value lengths, int64_t axis, const Position &position) {
  Position row = position.leading(axis);
  Value length = at(lengths, row);
  Value place = l.index(position.coords[axis]);
  if (position.lane == axis) {
    auto type = VectorType::get(width, b.getIndexType());
    place = lanesFrom(place);
    length = arith::IndexCastOp::create(b, b.getIndexType(), length);
    length = vector::BroadcastOp::create(b, type, length);
  } else {
    place = arith::IndexCastOp::create(b, b.getI64Type(), place);
    place = splat(place, row);
  }
  return arith::CmpIOp::create(b, arith::CmpIPredicate::slt, place, length);
}

Value Puller::masked(MaskOp op, const Position &position) {
  Value below = isBelow(op.getLengths(), op.getAxis(), position);
  Value input = at(op.getInput(), position);
  TypedAttr fill = op.getFill();
  if (position.lane >= 0)
    fill = DenseElementsAttr::get(cast<VectorType>(typeAt(op, position)),
                                  Attribute(fill));
  return arith::SelectOp::create(b, below, input,
                                 arith::ConstantOp::create(b, fill));
}

Value Puller::count(WindowCountOp op, const Position &position) {
  const WindowShape shape = op.getWindowShape();
  Type type = typeAt(op, position);
  auto constant = [&](int64_t n) -> Value {
    TypedAttr value = b.getI64IntegerAttr(n);
    if (auto vector = dyn_cast<VectorType>(type))
      value = DenseElementsAttr::get(vector, Attribute(value));
    return arith::ConstantOp::create(b, value);
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
