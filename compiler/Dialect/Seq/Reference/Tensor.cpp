//===- Tensor.cpp - A value of the reference interpreter ------------------===//
// Making, copying and printing.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/Reference/Tensor.h"

#include "mlir/IR/BuiltinTypes.h"
#include "llvm/Support/Format.h"

#include <algorithm>

using namespace mlir;

namespace seqc::reference {

int64_t sizeOf(llvm::ArrayRef<int64_t> shape) {
  int64_t size = 1;
  for (int64_t extent : shape)
    size *= extent;
  return size;
}

Tensor Tensor::zeros(ElementKind kind, llvm::ArrayRef<int64_t> shape) {
  Tensor tensor;
  tensor.kind = kind;
  tensor.shape.assign(shape.begin(), shape.end());
  if (tensor.isNumber())
    tensor.numbers.resize(sizeOf(shape));
  else
    tensor.integers.resize(sizeOf(shape));
  return tensor;
}

Tensor Tensor::index(int64_t value) {
  Tensor tensor = zeros(ElementKind::Index, {});
  tensor.integers[0] = value;
  return tensor;
}

int64_t Tensor::size() const { return sizeOf(shape); }

llvm::SmallVector<int64_t> Tensor::strides() const {
  llvm::SmallVector<int64_t> strides(shape.size(), 1);
  for (int64_t axis = rank() - 2; axis >= 0; --axis)
    strides[axis] = strides[axis + 1] * shape[axis + 1];
  return strides;
}

void Tensor::copy(int64_t at, const Tensor &from, int64_t fromAt,
                  int64_t count) {
  if (isNumber())
    std::copy_n(from.numbers.begin() + fromAt, count, numbers.begin() + at);
  else
    std::copy_n(from.integers.begin() + fromAt, count, integers.begin() + at);
}

void Tensor::clear(int64_t at, int64_t count) {
  if (isNumber())
    std::fill_n(numbers.begin() + at, count, 0.0);
  else
    std::fill_n(integers.begin() + at, count, 0);
}

ElementKind kindOf(Type type) {
  Type element = getElementTypeOrSelf(type);
  if (isa<FloatType>(element))
    return ElementKind::F32;
  if (isa<IndexType>(element))
    return ElementKind::Index;
  return element.isInteger(1) ? ElementKind::Bool : ElementKind::Token;
}

//===----------------------------------------------------------------------===//
// Printing
//===----------------------------------------------------------------------===//

static llvm::StringRef nameOf(ElementKind kind) {
  switch (kind) {
  case ElementKind::F32:
    return "f32";
  case ElementKind::Token:
    return "i64";
  case ElementKind::Bool:
    return "i1";
  case ElementKind::Index:
    return "index";
  }
  llvm_unreachable("all kinds are named");
}

static void printElement(llvm::raw_ostream &os, const Tensor &tensor,
                         int64_t at) {
  if (tensor.isNumber())
    os << llvm::format("%.9g", tensor.numbers[at]);
  else if (tensor.kind == ElementKind::Bool)
    os << (tensor.integers[at] ? "true" : "false");
  else
    os << tensor.integers[at];
}

/// Prints what lies below `axis` from element `at` on.
static void printNested(llvm::raw_ostream &os, const Tensor &tensor,
                        llvm::ArrayRef<int64_t> strides, int64_t axis,
                        int64_t at) {
  if (axis == tensor.rank())
    return printElement(os, tensor, at);
  os << '[';
  for (int64_t i = 0; i < tensor.shape[axis]; ++i) {
    if (i > 0)
      os << ", ";
    printNested(os, tensor, strides, axis + 1, at + i * strides[axis]);
  }
  os << ']';
}

llvm::raw_ostream &operator<<(llvm::raw_ostream &os, const Tensor &tensor) {
  os << "tensor<";
  for (int64_t extent : tensor.shape)
    os << extent << 'x';
  os << nameOf(tensor.kind) << "> ";
  printNested(os, tensor, tensor.strides(), 0, 0);
  return os;
}

} // namespace seqc::reference
