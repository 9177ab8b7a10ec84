//===- LaneProducts.cpp - A step of a product's sums on lanes -------------===//
// f32 by multiply-adds; pairs of bf16 by a dot product, or apart, as f32.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/SchedToVector/LaneProducts.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;

namespace seqc {

LaneProducts::LaneProducts(sched::ProductOp op, const VectorUnit &target,
                           int64_t lanes, ImplicitLocOpBuilder &b)
    : op(op), lanes(lanes), pack(op.getPack()), b(b),
      isQuantized(op.isQuantized()) {
  const bool isBf16 = op.getLhs().getType().getElementType().isBF16();
  // The instructions take vectors of 128 bits at the least.
  isDot = lanes >= 4 &&
          ((isBf16 && target.dotBf16) || (isQuantized && target.dotInt8));
}

Value LaneProducts::constant(int64_t n) {
  return arith::ConstantIndexOp::create(b, n);
}

/// The first number along K of a step.
Value LaneProducts::firstNumber(Value step) {
  return pack == 1 ? step : arith::MulIOp::create(b, step, constant(pack));
}

//===----------------------------------------------------------------------===//
// Weights
//===----------------------------------------------------------------------===//

Value LaneProducts::bits(int32_t value) {
  return arith::ConstantOp::create(
      b, DenseElementsAttr::get(vectorOf(b.getI32Type(), lanes),
                                b.getI32IntegerAttr(value)));
}

/// The second numbers of pairs, as f32: bf16 is the upper half of one.
Value LaneProducts::upperHalf(Value pairs) {
  return vector::BitCastOp::create(
      b, vectorOf(b.getF32Type(), lanes),
      arith::AndIOp::create(b, pairs, bits(int32_t(0xffff0000))));
}

/// The first ones.
Value LaneProducts::lowerHalf(Value pairs) {
  return vector::BitCastOp::create(b, vectorOf(b.getF32Type(), lanes),
                                   arith::ShLIOp::create(b, pairs, bits(16)));
}

/// Number `part` of four, with its sign.
Value LaneProducts::number(Value packs, int64_t part) {
  Value last = arith::ShLIOp::create(b, packs, bits(24 - 8 * int32_t(part)));
  return arith::ShRSIOp::create(b, last, bits(24));
}

SmallVector<Value> LaneProducts::weights(Value panel, Value step,
                                         int64_t column) {
  VectorType type =
      vectorOf(op.getPanels().getType().getElementType(), lanes * pack);
  Value loaded =
      vector::LoadOp::create(b, type, op.getPanels(),
                             ValueRange{panel, step, constant(column * pack)});
  if (parts() == 1)
    return {loaded};
  Value packs =
      vector::BitCastOp::create(b, vectorOf(b.getI32Type(), lanes), loaded);
  if (!isQuantized)
    return {lowerHalf(packs), upperHalf(packs)};
  SmallVector<Value> numbers;
  for (int64_t part = 0; part < pack; ++part)
    numbers.push_back(number(packs, part));
  return numbers;
}

//===----------------------------------------------------------------------===//
// Rows
//===----------------------------------------------------------------------===//

/// What a row has for a step, in all lanes.
Value LaneProducts::broadcastPack(Value row, Value step) {
  Type element = op.getLhs().getType().getElementType();
  Value numbers =
      vector::LoadOp::create(b, vectorOf(element, pack), op.getLhs(),
                             ValueRange{row, firstNumber(step)});
  Value word =
      vector::BitCastOp::create(b, vectorOf(b.getI32Type(), 1), numbers);
  Value all = vector::BroadcastOp::create(
      b, vectorOf(b.getI32Type(), lanes),
      vector::ExtractOp::create(b, word, int64_t(0)));
  return vector::BitCastOp::create(b, vectorOf(element, lanes * pack), all);
}

Value LaneProducts::input(Value row, Value step, int64_t part) {
  if (isDot)
    return broadcastPack(row, step);
  Value k = firstNumber(step);
  if (part > 0)
    k = arith::AddIOp::create(b, k, constant(part));
  Value x = memref::LoadOp::create(b, op.getLhs(), ValueRange{row, k});
  if (isQuantized)
    x = arith::ExtUIOp::create(b, b.getI32Type(), x);
  else if (!x.getType().isF32())
    x = arith::ExtFOp::create(b, b.getF32Type(), x);
  return vector::BroadcastOp::create(b, sumType(), x);
}

//===----------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------===//

Value LaneProducts::add(Value input, Value weights, Value sum) {
  if (isDot) {
    const std::string name = llvm::formatv(
        "llvm.x86.{0}.{1}",
        isQuantized ? "avx512.vpdpbusd" : "avx512bf16.dpbf16ps", lanes * 32);
    return LLVM::CallIntrinsicOp::create(b, sum.getType(),
                                         b.getStringAttr(name),
                                         ValueRange{sum, input, weights})
        .getResults();
  }
  if (isQuantized)
    return arith::AddIOp::create(b, sum,
                                 arith::MulIOp::create(b, input, weights));
  return vector::FMAOp::create(b, input, weights, sum);
}

Value LaneProducts::join(Value first, Value second) {
  if (isQuantized)
    return arith::AddIOp::create(b, first, second);
  return arith::AddFOp::create(b, first, second);
}

Value LaneProducts::offsets(Value panel, int64_t column) {
  return vector::LoadOp::create(b, sumType(), op.getOffsets(),
                                ValueRange{panel, constant(column)});
}

Value LaneProducts::scaled(Value sum, Value row, Value panel, int64_t column,
                           Value init) {
  VectorType type = vectorOf(b.getF32Type(), lanes);
  Value ofColumns = vector::LoadOp::create(b, type, op.getScales(),
                                           ValueRange{panel, constant(column)});
  Value ofRow = vector::BroadcastOp::create(
      b, type, memref::LoadOp::create(b, op.getRowScales(), ValueRange{row}));
  Value scale = arith::MulFOp::create(b, ofRow, ofColumns);
  return vector::FMAOp::create(b, arith::SIToFPOp::create(b, type, sum), scale,
                               init);
}

} // namespace seqc
