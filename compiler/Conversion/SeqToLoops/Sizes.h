//===- Sizes.h - The size of every axis, by symbol ------------------------===//
// Every dynamic size in a module is the number of rows, one of the call's
// dimensions, or the number of windows over another size. So sizes are numbers
// or symbols, and equal sizes compare equal without a proof.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_CONVERSION_SEQTOLOOPS_SIZES_H
#define SEQC_COMPILER_CONVERSION_SEQTOLOOPS_SIZES_H

#include "compiler/Dialect/Seq/IR/SeqDialect.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Value.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"

namespace seqc::loops {

/// The size of one axis.
struct Size {
  /// The size, or the symbol's ordinal: 0 is the number of rows, `k` the
  /// call's `dims[k]`; those behind the call's are derived.
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

/// A symbol that follows from another one.
struct DerivedSize {
  Size source;
  seq::WindowShape windows;

  bool operator==(const DerivedSize &o) const {
    return source == o.source && windows == o.windows;
  }
};

/// Derives the sizes of values from those of the function's arguments.
class SizeAnalysis {
public:
  /// Says how many symbols the call has of its own. Comes first.
  void setDims(int64_t dims) { firstDerived = dims; }

  /// Finds all derived sizes in `function`. Comes behind all `set`s.
  void findDerived(mlir::func::FuncOp function);

  /// What follows from the call's symbols, each from one before it.
  llvm::ArrayRef<DerivedSize> derived() const { return derivedSizes; }

  /// The number of windows over `source`.
  Size windowsOf(Size source, const seq::WindowShape &shape);

  /// The operand's sizes with what is before and after its positions.
  Sizes padded(seq::WindowsOp op);

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
  llvm::SmallVector<DerivedSize> derivedSizes;
  int64_t firstDerived = 1;
};

} // namespace seqc::loops

#endif // SEQC_COMPILER_CONVERSION_SEQTOLOOPS_SIZES_H
