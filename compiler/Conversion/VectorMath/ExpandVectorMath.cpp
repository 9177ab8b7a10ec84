//===- ExpandVectorMath.cpp - Mathematics as arithmetic -------------------===//
// The pass: which operation is written as which approximation.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/Passes.h"
#include "compiler/Conversion/VectorMath/Approximations.h"
#include "compiler/Dialect/Seq/IR/SeqDialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/ADT/TypeSwitch.h"

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
      .Default([](Operation *) { return Build(); });
}

bool isScalarOrVectorOfF32(Type type) {
  if (auto vector = dyn_cast<VectorType>(type))
    return vector.getElementType().isF32() && !vector.isScalable();
  return type.isF32();
}

struct ExpandVectorMathPass
    : impl::ExpandVectorMathPassBase<ExpandVectorMathPass> {
  void runOnOperation() override {
    getOperation()->walk([](Operation *op) {
      Build build = approximationOf(op);
      if (!build || !isScalarOrVectorOfF32(op->getResult(0).getType()))
        return;
      ImplicitLocOpBuilder builder(op->getLoc(), op);
      op->replaceAllUsesWith(ValueRange{build(builder, op->getOperand(0))});
      op->erase();
    });
  }
};

} // namespace
} // namespace seqc
