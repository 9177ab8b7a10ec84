//===- ExpandVectorMath.cpp - Mathematics as arithmetic -------------------===//
// The pass: which operation is written as which approximation.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/Passes.h"
#include "compiler/Conversion/VectorMath/Approximations.h"
#include "compiler/Dialect/Seq/IR/SeqDialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/TypeSwitch.h"

#include <optional>

using namespace mlir;

namespace seqc {
#define GEN_PASS_DEF_EXPANDVECTORMATHPASS
#include "compiler/Conversion/Passes.h.inc"

namespace {

using Build = Value (*)(ImplicitLocOpBuilder &, Value);

/// The approximation of an operation; null if it stays as it is.
Build approximationOf(Operation *op) {
  return llvm::TypeSwitch<Operation *, Build>(op)
      .Case([](math::ExpOp) { return vectormath::buildExp; })
      .Case([](math::Exp2Op) { return vectormath::buildExp2; })
      .Case([](math::ExpM1Op) { return vectormath::buildExpm1; })
      .Case([](math::LogOp) { return vectormath::buildLog; })
      .Case([](math::Log2Op) { return vectormath::buildLog2; })
      .Case([](math::Log1pOp) { return vectormath::buildLog1p; })
      .Case([](math::TanhOp) { return vectormath::buildTanh; })
      .Case([](math::RsqrtOp) { return vectormath::buildRsqrt; })
      .Case([](seq::SigmoidOp) { return vectormath::buildSigmoid; })
      .Case([](arith::TruncFOp) { return vectormath::roundToBf16; })
      .Default([](Operation *) { return Build(); });
}

bool isScalarOrVectorOfF32(Type type) {
  if (auto vector = dyn_cast<VectorType>(type))
    return vector.getElementType().isF32() && !vector.isScalable();
  return type.isF32();
}

/// Whether it gives what the approximation of `op` does.
bool isOfKnownType(Operation *op) {
  if (isa<arith::TruncFOp>(op) &&
      !getElementTypeOrSelf(op->getResult(0)).isBF16())
    return false;
  return isScalarOrVectorOfF32(op->getOperand(0).getType());
}

/// `v` as a quotient, if it is one that nothing but a product asks for.
std::optional<vectormath::Quotient> quotientOf(ImplicitLocOpBuilder &b,
                                               Value v) {
  Operation *op = v.getDefiningOp();
  if (!isa_and_nonnull<math::TanhOp, seq::SigmoidOp>(op) || !v.hasOneUse())
    return std::nullopt;
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPoint(op);
  Value x = op->getOperand(0);
  return isa<math::TanhOp>(op) ? vectormath::tanhAsQuotient(b, x)
                               : vectormath::sigmoidAsQuotient(b, x);
}

/// Divides once where quotients are multiplied: a division takes as long as
/// the rest of the function.
void expandProduct(arith::MulFOp product) {
  Value factors[] = {product.getLhs(), product.getRhs()};
  ImplicitLocOpBuilder b(product.getLoc(), product);
  auto first = quotientOf(b, factors[0]), second = quotientOf(b, factors[1]);
  if (!first && !second)
    return;
  using vectormath::Quotient;
  const Quotient all =
      vectormath::multiply(b, first.value_or(Quotient{factors[0], {}}),
                           second.value_or(Quotient{factors[1], {}}));
  product.replaceAllUsesWith(vectormath::buildQuotient(b, all));
  product.erase();
  for (Value factor : factors)
    if (factor.use_empty() && factor.getDefiningOp())
      factor.getDefiningOp()->erase();
}

struct ExpandVectorMathPass
    : impl::ExpandVectorMathPassBase<ExpandVectorMathPass> {
  void runOnOperation() override {
    SmallVector<arith::MulFOp> products;
    getOperation()->walk([&](arith::MulFOp op) {
      if (isScalarOrVectorOfF32(op.getType()))
        products.push_back(op);
    });
    llvm::for_each(products, expandProduct);
    getOperation()->walk([](Operation *op) {
      Build build = approximationOf(op);
      if (!build || !isOfKnownType(op))
        return;
      ImplicitLocOpBuilder builder(op->getLoc(), op);
      op->replaceAllUsesWith(ValueRange{build(builder, op->getOperand(0))});
      op->erase();
    });
  }
};

} // namespace
} // namespace seqc
