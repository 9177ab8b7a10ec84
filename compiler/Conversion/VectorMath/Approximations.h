//===- Approximations.h - Elementary functions as arithmetic --------------===//
// Builds, at the builder's place, the arithmetic of one function on f32
// scalars or vectors. Every lane runs the same instructions.
//
// Bounds hold over all floats, denormals counted as zero (test/Unit/
// Conversion/VectorMathTest.cpp); with and without hardware FMA.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_CONVERSION_VECTORMATH_APPROXIMATIONS_H
#define SEQC_COMPILER_CONVERSION_VECTORMATH_APPROXIMATIONS_H

#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace seqc::vectormath {

/// Within 4 ulp where the result is normal; infinity above, zero below.
mlir::Value buildExp(mlir::ImplicitLocOpBuilder &b, mlir::Value x);
mlir::Value buildExp2(mlir::ImplicitLocOpBuilder &b, mlir::Value x);

/// exp(x) - 1, within 4 ulp.
mlir::Value buildExpm1(mlir::ImplicitLocOpBuilder &b, mlir::Value x);

/// Within 4 ulp; minus infinity of zero, NaN of negative numbers.
mlir::Value buildLog(mlir::ImplicitLocOpBuilder &b, mlir::Value x);
mlir::Value buildLog2(mlir::ImplicitLocOpBuilder &b, mlir::Value x);

/// log(1 + x), within 4 ulp.
mlir::Value buildLog1p(mlir::ImplicitLocOpBuilder &b, mlir::Value x);

/// Within 2.5e-7 absolute and 1e-6 relative; never beyond [-1, 1].
mlir::Value buildTanh(mlir::ImplicitLocOpBuilder &b, mlir::Value x);

/// 1 / (1 + exp(-x)), within 2.5e-7 absolute and 1e-6 relative.
mlir::Value buildSigmoid(mlir::ImplicitLocOpBuilder &b, mlir::Value x);

/// A quotient before it is divided; no part: one. The denominator is at least
/// one, so that products of quotients have one division. A denominator that
/// overflows makes a zero of what is smaller than any normal number, or nearly:
/// below 1e-30.
struct Quotient {
  mlir::Value numerator, denominator;
};

/// tanh and the sigmoid as quotients, within the same bounds.
Quotient tanhAsQuotient(mlir::ImplicitLocOpBuilder &b, mlir::Value x);
Quotient sigmoidAsQuotient(mlir::ImplicitLocOpBuilder &b, mlir::Value x);

/// The product, not yet divided; and the division.
Quotient multiply(mlir::ImplicitLocOpBuilder &b, const Quotient &x,
                  const Quotient &y);
mlir::Value buildQuotient(mlir::ImplicitLocOpBuilder &b,
                          const Quotient &quotient);

/// The nearest bf16, the even one of two; NaN stays NaN. Not every CPU has an
/// instruction, and none a call that a shipped object may make.
mlir::Value roundToBf16(mlir::ImplicitLocOpBuilder &b, mlir::Value x);

/// 1 / sqrt(x).
mlir::Value buildRsqrt(mlir::ImplicitLocOpBuilder &b, mlir::Value x);

} // namespace seqc::vectormath

#endif // SEQC_COMPILER_CONVERSION_VECTORMATH_APPROXIMATIONS_H
