//===- PulledExpression.cpp - Tensors as expressions at a position --------===//
// How each operation computes its value at a position from its operands'.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/SeqToLoops/PulledExpression.h"

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
            .Case([&](MaskOp op) { return masked(op, position); })
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

Value Puller::isBelow(Value lengths, int64_t axis, const Position &position) {
  Position row = position.leading(axis);
  Value length = at(lengths, row);
  Value place = l.index(position.coords[axis]);
  if (position.lane == axis) {
    auto type = VectorType::get(width, b.getIndexType());
    Value steps = vector::StepOp::create(b, type);
    Value first = vector::BroadcastOp::create(b, type, place);
    place = arith::AddIOp::create(b, first, steps);
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

//===----------------------------------------------------------------------===//
// What vectors can read
//===----------------------------------------------------------------------===//

namespace {

/// Follows an expression down to what it reads.
class VectorReads {
public:
  explicit VectorReads(Lowering &l) : l(l) {}

  bool check(Value v, int64_t lane, bool compute) {
    v = l.resolve(v);
    if (lane < 0)
      return true;
    if (!compute)
      if (Value buffer = l.buffers.lookup(v))
        return lane == cast<MemRefType>(buffer.getType()).getRank() - 1 &&
               hasUnitStride(buffer);
    auto [it, isNew] = seen.try_emplace({v, lane}, true);
    if (!isNew)
      return it->second;
    bool result = checkExpression(v, lane);
    seen[{v, lane}] = result;
    return result;
  }

private:
  bool checkExpression(Value v, int64_t lane) {
    if (auto it = l.elements.find(v); it != l.elements.end())
      return check(it->second.sequence, lane + (lane >= it->second.axis),
                   false);
    Operation *op = v.getDefiningOp();
    return llvm::TypeSwitch<Operation *, bool>(op)
        .Case([&](BroadcastOp op) {
          auto it = llvm::find(op.getDims(), lane);
          return it == op.getDims().end() ||
                 check(op.getInput(), it - op.getDims().begin(), false);
        })
        .Case([&](AtOp op) {
          int64_t axis = op.getAxis();
          return !(op.getLengths() && lane < axis) &&
                 check(op.getInput(), lane + (lane >= axis), false);
        })
        .Case([&](TransposeOp op) {
          return check(op.getInput(), op.getPermutation()[lane], false);
        })
        .Case([&](MaskOp op) {
          return check(op.getInput(), lane, false) &&
                 (lane >= int64_t(op.getAxis()) ||
                  check(op.getLengths(), lane, false));
        })
        .Default([&](Operation *op) {
          return llvm::all_of(op->getOperands(), [&](Value operand) {
            return check(operand, lane, false);
          });
        });
  }

  Lowering &l;
  llvm::DenseMap<std::pair<Value, int64_t>, bool> seen;
};

} // namespace

bool canVectorize(Lowering &l, Value v, int64_t lane, bool compute) {
  return VectorReads(l).check(v, lane, compute);
}

} // namespace seqc::loops
