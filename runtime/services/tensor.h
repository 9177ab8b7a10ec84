//===- tensor.h - Host tensors, owned and borrowed ------------------------===//
// Owns the two forms in which the runtime's services hand tensors around: a
// `Tensor` owns its elements, a `TensorView` borrows them from anybody.
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_SERVICES_TENSOR_H
#define SEQC_RUNTIME_SERVICES_TENSOR_H

#include "runtime/core/signature.h"
#include "runtime/services/buffer.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace seqc::runtime {

using Shape = std::vector<int64_t>;

/// Bytes of one element.
size_t elementSize(ElementType type);

/// The language's word for the type: `f32`, `token`, `bool`.
const char *elementName(ElementType type);

/// How many elements a shape has; nothing if a size is negative or their
/// bytes do not fit into an i64.
std::optional<int64_t> elementCount(const Shape &shape, ElementType type);

/// Strides, in elements, of a tensor whose elements are side by side.
Shape rowMajorStrides(const Shape &shape);

/// Writes `f32[2, 50, 100]`.
std::string describe(ElementType type, const Shape &shape);

/// What of a C++ type an element is: float, int64_t, bool.
template <typename T> struct ElementTypeOf;
template <> struct ElementTypeOf<float> {
  static constexpr ElementType value = ElementType::F32;
};
template <> struct ElementTypeOf<int64_t> {
  static constexpr ElementType value = ElementType::Token;
};
template <> struct ElementTypeOf<bool> {
  static constexpr ElementType value = ElementType::Bool;
};

/// Elements that somebody else owns and that are only read. `data` is the
/// element at index (0, 0, ...); strides count elements and may be anything.
struct TensorView {
  ElementType type = ElementType::F32;
  const void *data = nullptr;
  Shape shape;
  Shape strides;

  TensorView() = default;
  /// Elements side by side.
  TensorView(ElementType type, const void *data, Shape shape);
  TensorView(ElementType type, const void *data, Shape shape, Shape strides);
  /// Elements side by side, of the pointer's type.
  template <typename T>
  TensorView(const T *data, Shape shape)
      : TensorView(ElementTypeOf<T>::value, data, std::move(shape)) {}
};

/// Elements side by side, in memory of its own, aligned to SEQC_ALIGNMENT. A
/// tensor that was moved from may only be assigned to.
class Tensor {
public:
  /// No elements at all (f32[0]): something to assign to.
  Tensor() = default;
  /// All elements zero. Throws Error `not enough memory for WHAT of
  /// f32[2, 3]`. Null `memory` is the heap; otherwise it must outlive the
  /// tensor.
  Tensor(ElementType type, Shape shape, const std::string &what = "a tensor",
         std::pmr::memory_resource *memory = nullptr);
  /// A copy of `values`, which are as many as the shape says (else Error).
  template <typename T>
  static Tensor of(Shape shape, const std::vector<T> &values) {
    Tensor tensor(ElementTypeOf<T>::value, std::move(shape));
    tensor.checkSize(values.size());
    for (size_t i = 0; i < values.size(); ++i)
      tensor.data<T>()[i] = values[i];
    return tensor;
  }
  /// The same elements, side by side.
  static Tensor copyOf(const TensorView &view,
                       const std::string &what = "a tensor",
                       std::pmr::memory_resource *memory = nullptr);

  Tensor(Tensor &&other) noexcept = default;
  Tensor &operator=(Tensor &&other) noexcept = default;
  Tensor(const Tensor &other);
  Tensor &operator=(const Tensor &other);

  ElementType type() const { return elementType; }
  const Shape &shape() const { return dims; }
  int64_t rank() const { return static_cast<int64_t>(dims.size()); }
  /// How many elements, and how many bytes they take.
  int64_t size() const { return count; }
  size_t bytes() const {
    return static_cast<size_t>(count) * elementSize(elementType);
  }

  void *data() { return elements.data(); }
  const void *data() const { return elements.data(); }
  template <typename T> T *data() { return static_cast<T *>(elements.data()); }
  template <typename T> const T *data() const {
    return static_cast<const T *>(elements.data());
  }

  /// Borrows the elements; a view must not outlive the tensor.
  TensorView view() const { return TensorView(elementType, data(), dims); }
  operator TensorView() const { return view(); }

private:
  void checkSize(size_t values) const;

  ElementType elementType = ElementType::F32;
  Shape dims = {0};
  int64_t count = 0;
  Buffer elements;
};

/// Whether the strides and the address are what the calling convention asks
/// for (seqc_tensor in abi.h); a tensor that fails is copied before a call.
bool followsConvention(const TensorView &view);

/// What is wrong with a view itself (no data, a negative size, ...), or an
/// empty string.
std::string faultOf(const TensorView &view);

/// Tensors by name, in the order of their names.
using TensorMap = std::map<std::string, Tensor>;
using ViewMap = std::map<std::string, TensorView>;

/// Views of all tensors of a map, or of a list.
ViewMap viewsOf(const TensorMap &tensors);
std::vector<TensorView> viewsOf(const std::vector<Tensor> &tensors);

/// The calling convention's form of tensors, which has one type for what is
/// read and what is written. It points into `views`, which must stay where they
/// are.
std::vector<seqc_tensor> toConvention(const std::vector<TensorView> &views);

} // namespace seqc::runtime

#endif // SEQC_RUNTIME_SERVICES_TENSOR_H
