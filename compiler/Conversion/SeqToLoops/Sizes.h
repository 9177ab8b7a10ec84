//===- Sizes.h - The size of every axis, by symbol ------------------------===//
// Every dynamic size in a module is the number of rows or one of the call's
// dimensions: no operation makes a new one. So sizes are numbers or symbols,
// and equal sizes compare equal without a proof.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_CONVERSION_SEQTOLOOPS_SIZES_H
#define SEQC_COMPILER_CONVERSION_SEQTOLOOPS_SIZES_H

#include "mlir/IR/Value.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"

namespace seqc::loops {

/// The size of one axis.
struct Size {
  /// The size, or the symbol's ordinal: 0 is the number of rows, `k` the
  /// call's `dims[k]`.
  int64_t value = 0;
  bool isSymbol = false;

  static Size fixed(int64_t value) { return {value, false}; }
  static Size symbol(int64_t ordinal) { return {ordinal, true}; }
  static Size rows() { return symbol(0); }

  bool is(int64_t n) const { return !isSymbol && value == n; }
  bool operator==(const Size &o) const {
    return value == o.value && isSymbol == o.isSymbol;
  }
  bool operator!=(const Size &o) const { return !(*this == o); }
};

using Sizes = llvm::SmallVector<Size, 4>;

/// Derives the sizes of values from those of the function's arguments.
class SizeAnalysis {
public:
  /// Declares the sizes of a function's argument.
  void set(mlir::Value argument, Sizes sizes) { known[argument] = sizes; }

  /// The sizes of a tensor.
  Sizes of(mlir::Value tensor);

  /// The size that a value of type `index` stands for.
  Size ofIndex(mlir::Value index);

private:
  Sizes derive(mlir::Value tensor);
  Sizes ofBlockArgument(mlir::BlockArgument argument);

  llvm::DenseMap<mlir::Value, Sizes> known;
};

} // namespace seqc::loops

#endif // SEQC_COMPILER_CONVERSION_SEQTOLOOPS_SIZES_H
