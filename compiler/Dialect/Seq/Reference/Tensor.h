//===- Tensor.h - A value of the reference interpreter --------------------===//
// Dense, row by row, numbers in double precision. Plain data: whoever has a
// better place for the elements copies them here.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_DIALECT_SEQ_REFERENCE_TENSOR_H
#define SEQC_COMPILER_DIALECT_SEQ_REFERENCE_TENSOR_H

#include "mlir/IR/Types.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/raw_ostream.h"

#include <cstdint>
#include <vector>

namespace seqc::reference {

/// What an element is. Index appears inside a program only.
enum class ElementKind : uint8_t { F32, Token, Bool, Index };

/// A tensor, or a scalar if it has no axis. Elements of kind F32 are in
/// `numbers`, all others in `integers` (a Bool is 0 or 1).
struct Tensor {
  llvm::SmallVector<int64_t> shape;
  ElementKind kind = ElementKind::F32;
  std::vector<double> numbers;
  std::vector<int64_t> integers;

  /// All elements zero.
  static Tensor zeros(ElementKind kind, llvm::ArrayRef<int64_t> shape);
  /// A scalar of kind Index.
  static Tensor index(int64_t value);

  int64_t rank() const { return static_cast<int64_t>(shape.size()); }
  /// How many elements there are.
  int64_t size() const;
  /// How many elements lie between neighbours on each axis.
  llvm::SmallVector<int64_t> strides() const;
  bool isNumber() const { return kind == ElementKind::F32; }

  /// Copies `count` elements of `from`, which has the same kind.
  void copy(int64_t at, const Tensor &from, int64_t fromAt, int64_t count = 1);
  /// Sets `count` elements to zero.
  void clear(int64_t at, int64_t count);
};

/// The kind of the elements of a scalar or tensor type.
ElementKind kindOf(mlir::Type type);

/// The number of elements of a shape.
int64_t sizeOf(llvm::ArrayRef<int64_t> shape);

/// Prints `tensor<2x2xf32> [[1, 2], [3, 4]]`, numbers with nine digits.
llvm::raw_ostream &operator<<(llvm::raw_ostream &os, const Tensor &tensor);

} // namespace seqc::reference

#endif // SEQC_COMPILER_DIALECT_SEQ_REFERENCE_TENSOR_H
