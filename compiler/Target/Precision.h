//===- Precision.h - What products are made of ----------------------------===//
// A property of a compilation, and not of the model: the text says nothing of
// it. Free of LLVM's headers.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_TARGET_PRECISION_H
#define SEQC_COMPILER_TARGET_PRECISION_H

#include <array>
#include <cstdint>
#include <string_view>

namespace seqc {

/// The numbers that products with packed weights multiply. What is summed up,
/// states, and all that is no such product are f32 in any case.
enum class Precision : uint8_t {
  F32,
  /// Weights are bf16. So are the rows that they are multiplied with, where the
  /// target has a dot product of them.
  BF16,
  /// Weights are int8 with a scale for each column, the rows that they are
  /// multiplied with int8 with a scale for each row, made as they come. For
  /// inference alone.
  Int8
};

/// The command line's names, in the order of `Precision`.
inline constexpr std::array<std::string_view, 3> kPrecisionNames = {
    "f32", "bf16", "int8"};

constexpr std::string_view nameOf(Precision precision) {
  return kPrecisionNames[static_cast<size_t>(precision)];
}

} // namespace seqc

#endif // SEQC_COMPILER_TARGET_PRECISION_H
