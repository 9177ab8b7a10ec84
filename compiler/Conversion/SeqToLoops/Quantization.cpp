//===- Quantization.cpp - f32 as int8 with a scale ------------------------===//
// Scalar code, as everything of the schedule.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/SeqToLoops/Quantization.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;

namespace seqc::loops {

/// The largest multiple of a scale.
static constexpr float kMost = 127;
/// Below it, 127 divided by a number may be infinite.
static constexpr float kNextToNothing = 1e-30f;
/// 1.5 * 2^23: a number that is added to it is rounded to a whole one, which
/// then stands in the low bits. So nothing is undefined, whatever the number.
static constexpr float kRounder = 12582912.0f;
static constexpr int32_t kRounderBits = 0x4b400000;

static Value constant(ImplicitLocOpBuilder &b, float value) {
  return arith::ConstantOp::create(b, b.getF32FloatAttr(value));
}

Scale Scale::of(ImplicitLocOpBuilder &b, Value largest) {
  Value most = constant(b, kMost), zero = constant(b, 0);
  Value isNothing = arith::CmpFOp::create(b, arith::CmpFPredicate::OLT, largest,
                                          constant(b, kNextToNothing));
  Value inverse = arith::DivFOp::create(b, most, largest);
  return {arith::DivFOp::create(b, largest, most),
          arith::SelectOp::create(b, isNothing, zero, inverse)};
}

Value largerOf(ImplicitLocOpBuilder &b, Value largest, Value number) {
  return arith::MaximumFOp::create(b, largest, math::AbsFOp::create(b, number));
}

Value quantize(ImplicitLocOpBuilder &b, Value number, const Scale &scale) {
  Value multiple = arith::MulFOp::create(b, number, scale.inverse);
  Value rounded = arith::AddFOp::create(b, multiple, constant(b, kRounder));
  Value bits = arith::BitcastOp::create(b, b.getI32Type(), rounded);
  Value before =
      arith::ConstantOp::create(b, b.getI32IntegerAttr(kRounderBits));
  return arith::SubIOp::create(b, bits, before);
}

} // namespace seqc::loops
