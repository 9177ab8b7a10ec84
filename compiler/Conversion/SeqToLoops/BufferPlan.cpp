//===- BufferPlan.cpp - Where each buffer of the workspace lies -----------===//
// Running offsets, and the size of the whole.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/SeqToLoops/BufferPlan.h"

#include "runtime/core/abi.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;

namespace seqc::loops {

Type memoryType(Type element) {
  return element.isInteger(1) ? IntegerType::get(element.getContext(), 8)
                              : element;
}

int64_t bytesOf(Type element) {
  return memoryType(element).getIntOrFloatBitWidth() / 8;
}

MemRefType bufferType(ArrayRef<Size> sizes, Type element) {
  SmallVector<int64_t> shape;
  for (Size size : sizes)
    shape.push_back(size.isSymbol ? ShapedType::kDynamic : size.value);
  return MemRefType::get(shape, memoryType(element));
}

BufferPlan::BufferPlan(Operation *anchor, Value base, int64_t start,
                       ArrayRef<Value> sizes, ArrayRef<Value> capacities,
                       func::FuncOp adder)
    : builder(anchor), loc(anchor->getLoc()), base(base), sizes(sizes),
      capacities(capacities), adder(adder) {
  offset = arith::ConstantIndexOp::create(builder, loc, start);
}

/// The number of bytes of a buffer, rounded up to whole cache lines.
static Value bytesOf(OpBuilder &b, Location loc, ArrayRef<Size> sizes,
                     int64_t elementBytes, ArrayRef<Value> capacities) {
  int64_t fixed = elementBytes;
  Value bytes;
  for (Size size : sizes) {
    if (!size.isSymbol)
      fixed *= size.value;
    else
      bytes = bytes ? Value(arith::MulIOp::create(b, loc, bytes,
                                                  capacities[size.value]))
                    : capacities[size.value];
  }
  auto constant = [&](int64_t n) -> Value {
    return arith::ConstantIndexOp::create(b, loc, n);
  };
  if (!bytes)
    return constant(roundUp(fixed, SEQC_ALIGNMENT));
  bytes = arith::MulIOp::create(b, loc, bytes, constant(fixed));
  bytes = arith::AddIOp::create(b, loc, bytes, constant(SEQC_ALIGNMENT - 1));
  return arith::AndIOp::create(b, loc, bytes, constant(-SEQC_ALIGNMENT));
}

Value BufferPlan::allocate(ArrayRef<Size> shape, Type element) {
  SmallVector<Value> dynamic;
  for (Size size : shape)
    if (size.isSymbol)
      dynamic.push_back(sizes[size.value]);
  Value view = memref::ViewOp::create(builder, loc, bufferType(shape, element),
                                      base, offset, dynamic);
  int64_t elementBytes = loops::bytesOf(element);
  Value bytes = bytesOf(builder, loc, shape, elementBytes, capacities);
  if (adder)
    offset =
        func::CallOp::create(builder, loc, adder, ValueRange{offset, bytes})
            .getResult(0);
  else
    offset = builder.createOrFold<arith::AddIOp>(loc, offset, bytes);
  entries.push_back({Sizes(shape), elementBytes});
  return view;
}

int64_t BufferPlan::staticBytes() const {
  int64_t total = 0;
  for (const Entry &entry : entries) {
    int64_t bytes = entry.elementBytes;
    for (Size size : entry.sizes)
      bytes *= size.value;
    total += roundUp(bytes, SEQC_ALIGNMENT);
  }
  return total;
}

static Value constant(OpBuilder &b, Location loc, int64_t n) {
  return arith::ConstantIntOp::create(b, loc, b.getI64Type(), n);
}

Value saturatedMul(OpBuilder &b, Location loc, Value x, Value y) {
  auto product = arith::MulUIExtendedOp::create(b, loc, x, y);
  Value fits = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq,
                                     product.getHigh(), constant(b, loc, 0));
  return arith::SelectOp::create(b, loc, fits, product.getLow(),
                                 constant(b, loc, -1));
}

Value saturatedAdd(OpBuilder &b, Location loc, Value x, Value y) {
  Value sum = arith::AddIOp::create(b, loc, x, y);
  Value fits = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::uge, sum, x);
  return arith::SelectOp::create(b, loc, fits, sum, constant(b, loc, -1));
}

Value saturatedWindows(OpBuilder &b, Location loc, Value length,
                       const seq::WindowShape &shape) {
  Value offset = constant(b, loc, shape.offset);
  Value behind;
  if (shape.offset >= 0) {
    behind = saturatedAdd(b, loc, length, offset);
  } else {
    // One where there may be none.
    Value least = constant(b, loc, -shape.offset);
    behind = arith::AddIOp::create(
        b, loc, arith::MaxUIOp::create(b, loc, length, least), offset);
  }
  Value further =
      arith::DivUIOp::create(b, loc, behind, constant(b, loc, shape.stride));
  return saturatedAdd(b, loc, further, constant(b, loc, 1));
}

Value BufferPlan::saturatedBytes(OpBuilder &b, Location loc,
                                 ArrayRef<Value> symbols) const {
  Value total = constant(b, loc, 0);
  for (const Entry &entry : entries) {
    Value bytes = constant(b, loc, entry.elementBytes);
    for (Size size : entry.sizes)
      bytes = saturatedMul(b, loc, bytes,
                           size.isSymbol ? symbols[size.value]
                                         : constant(b, loc, size.value));
    // Whole cache lines, rounded down after the addition has saturated.
    bytes = saturatedAdd(b, loc, bytes, constant(b, loc, SEQC_ALIGNMENT - 1));
    Value all = constant(b, loc, -1);
    Value full =
        arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, bytes, all);
    Value whole =
        arith::AndIOp::create(b, loc, bytes, constant(b, loc, -SEQC_ALIGNMENT));
    bytes = arith::SelectOp::create(b, loc, full, all, whole);
    total = saturatedAdd(b, loc, total, bytes);
  }
  return total;
}

} // namespace seqc::loops
