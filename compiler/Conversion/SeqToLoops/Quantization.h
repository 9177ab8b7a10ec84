//===- Quantization.h - f32 as int8 with a scale --------------------------===//
// Numbers of a row, or of a column of weights, are whole multiples of one
// scale, of which the largest is 127 in absolute value.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_CONVERSION_SEQTOLOOPS_QUANTIZATION_H
#define SEQC_COMPILER_CONVERSION_SEQTOLOOPS_QUANTIZATION_H

#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace seqc::loops {

/// What stands for zero where numbers have no sign.
inline constexpr int32_t kUnsignedZero = 128;

/// The longest sum of products that cannot overflow 32 bits.
inline constexpr int64_t kLongestInt8Sum = 1 << 16;

/// A scale, and by what numbers are multiplied to have it.
struct Scale {
  mlir::Value scale, inverse;

  /// Of numbers none of which is larger than `largest`. Where one is no number
  /// or infinite, the scale is neither; where all are next to nothing, they
  /// become zero.
  static Scale of(mlir::ImplicitLocOpBuilder &b, mlir::Value largest);
};

/// The larger absolute value, or what is no number.
mlir::Value largerOf(mlir::ImplicitLocOpBuilder &b, mlir::Value largest,
                     mlir::Value number);

/// The nearest multiple, an i32 from -127 to 127.
mlir::Value quantize(mlir::ImplicitLocOpBuilder &b, mlir::Value number,
                     const Scale &scale);

} // namespace seqc::loops

#endif // SEQC_COMPILER_CONVERSION_SEQTOLOOPS_QUANTIZATION_H
