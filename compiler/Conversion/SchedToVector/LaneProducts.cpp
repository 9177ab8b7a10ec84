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
    : op(op), lanes(lanes), pack(op.getPack()), b(b) {
  // The instruction takes vectors of 128 bits at the least.
  isDot = target.dotBf16 && lanes >= 4 &&
          op.getLhs().getType().getElementType().isBF16();
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

/// The second numbers of pairs, as f32: bf16 is the upper half of one.
Value LaneProducts::upperHalf(Value pairs) {
  Value mask = arith::ConstantOp::create(
      b, DenseElementsAttr::get(cast<VectorType>(pairs.getType()),
                                b.getI32IntegerAttr(int32_t(0xffff0000))));
  return vector::BitCastOp::create(b, vectorOf(b.getF32Type(), lanes),
                                   arith::AndIOp::create(b, pairs, mask));
}

/// The first ones.
Value LaneProducts::lowerHalf(Value pairs) {
  Value half = arith::ConstantOp::create(
      b, DenseElementsAttr::get(cast<VectorType>(pairs.getType()),
                                b.getI32IntegerAttr(16)));
  return vector::BitCastOp::create(b, vectorOf(b.getF32Type(), lanes),
                                   arith::ShLIOp::create(b, pairs, half));
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
  Value pairs =
      vector::BitCastOp::create(b, vectorOf(b.getI32Type(), lanes), loaded);
  return {lowerHalf(pairs), upperHalf(pairs)};
}

//===----------------------------------------------------------------------===//
// Rows
//===----------------------------------------------------------------------===//

/// The pair of a row, in all lanes.
Value LaneProducts::broadcastPair(Value row, Value step) {
  Value pair =
      vector::LoadOp::create(b, vectorOf(b.getBF16Type(), pack), op.getLhs(),
                             ValueRange{row, firstNumber(step)});
  Value bits = vector::BitCastOp::create(b, vectorOf(b.getI32Type(), 1), pair);
  Value all = vector::BroadcastOp::create(
      b, vectorOf(b.getI32Type(), lanes),
      vector::ExtractOp::create(b, bits, int64_t(0)));
  return vector::BitCastOp::create(b, vectorOf(b.getBF16Type(), lanes * pack),
                                   all);
}

Value LaneProducts::input(Value row, Value step, int64_t part) {
  if (isDot)
    return broadcastPair(row, step);
  Value k = firstNumber(step);
  if (part > 0)
    k = arith::AddIOp::create(b, k, constant(part));
  Value x = memref::LoadOp::create(b, op.getLhs(), ValueRange{row, k});
  if (!x.getType().isF32())
    x = arith::ExtFOp::create(b, b.getF32Type(), x);
  return vector::BroadcastOp::create(b, vectorOf(b.getF32Type(), lanes), x);
}

//===----------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------===//

Value LaneProducts::add(Value input, Value weights, Value sum) {
  if (!isDot)
    return vector::FMAOp::create(b, input, weights, sum);
  const std::string name =
      llvm::formatv("llvm.x86.avx512bf16.dpbf16ps.{0}", lanes * 32);
  return LLVM::CallIntrinsicOp::create(b, sum.getType(), b.getStringAttr(name),
                                       ValueRange{sum, input, weights})
      .getResults();
}

} // namespace seqc
