//===- tensor.cpp - Host tensors, owned and borrowed ----------------------===//
// Sizes, strides and copies.
//===----------------------------------------------------------------------===//

#include "runtime/services/tensor.h"

#include "runtime/services/error.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace seqc::runtime {

size_t elementSize(ElementType type) {
  switch (type) {
  case ElementType::F32:
    return 4;
  case ElementType::Token:
    return 8;
  case ElementType::Bool:
    return 1;
  }
  return 0;
}

const char *elementName(ElementType type) {
  switch (type) {
  case ElementType::F32:
    return "f32";
  case ElementType::Token:
    return "token";
  case ElementType::Bool:
    return "bool";
  }
  return "";
}

std::optional<int64_t> elementCount(const Shape &shape, ElementType type) {
  if (std::any_of(shape.begin(), shape.end(), [](int64_t n) { return n < 0; }))
    return std::nullopt;
  // Nothing at all, however large the other sizes are.
  if (std::find(shape.begin(), shape.end(), 0) != shape.end())
    return 0;
  int64_t count = 1, bytes;
  for (int64_t size : shape)
    if (__builtin_mul_overflow(count, size, &count))
      return std::nullopt;
  int64_t width = static_cast<int64_t>(elementSize(type));
  if (__builtin_mul_overflow(count, width, &bytes))
    return std::nullopt;
  return count;
}

Shape rowMajorStrides(const Shape &shape) {
  Shape strides(shape.size());
  // Unsigned: where there is no element, sizes may overflow, and no stride
  // matters.
  uint64_t stride = 1;
  for (size_t axis = shape.size(); axis-- > 0;) {
    strides[axis] = static_cast<int64_t>(stride);
    stride *= static_cast<uint64_t>(shape[axis]);
  }
  return strides;
}

std::string describe(ElementType type, const Shape &shape) {
  return fmt::format("{}[{}]", elementName(type), fmt::join(shape, ", "));
}

//===----------------------------------------------------------------------===//
// TensorView
//===----------------------------------------------------------------------===//

TensorView::TensorView(ElementType type, const void *data, Shape shape)
    : type(type), data(data), shape(std::move(shape)),
      strides(rowMajorStrides(this->shape)) {}

TensorView::TensorView(ElementType type, const void *data, Shape shape,
                       Shape strides)
    : type(type), data(data), shape(std::move(shape)),
      strides(std::move(strides)) {}

static bool isAligned(const TensorView &view) {
  return reinterpret_cast<uintptr_t>(view.data) % elementSize(view.type) == 0;
}

bool followsConvention(const TensorView &view) {
  if (!isAligned(view))
    return false;
  return view.shape.size() < 2 || view.strides.back() == 1 ||
         view.shape.back() == 1;
}

std::string faultOf(const TensorView &view) {
  if (view.strides.size() != view.shape.size())
    return fmt::format("it has {} axes, but {} strides", view.shape.size(),
                       view.strides.size());
  std::optional<int64_t> count = elementCount(view.shape, view.type);
  if (!count)
    return fmt::format("{} is not a possible size",
                       describe(view.type, view.shape));
  if (*count > 0 && !view.data)
    return "it has no data";
  return "";
}

/// Copies one axis and all axes inside it; `to` moves on past what it wrote.
/// Bytes are copied, so that an address need not be aligned.
static void copyAxis(const TensorView &view, size_t axis, const char *from,
                     char *&to) {
  size_t width = elementSize(view.type);
  if (axis == view.shape.size()) {
    std::memcpy(to, from, width);
    to += width;
    return;
  }
  if (axis + 1 == view.shape.size() && view.strides[axis] == 1) {
    size_t bytes = static_cast<size_t>(view.shape[axis]) * width;
    std::memcpy(to, from, bytes);
    to += bytes;
    return;
  }
  int64_t step = view.strides[axis] * static_cast<int64_t>(width);
  for (int64_t i = 0; i < view.shape[axis]; ++i)
    copyAxis(view, axis + 1, from + i * step, to);
}

//===----------------------------------------------------------------------===//
// Tensor
//===----------------------------------------------------------------------===//

Tensor::Tensor(ElementType type, Shape shape, const std::string &what,
               std::pmr::memory_resource *memory)
    : elementType(type), dims(std::move(shape)) {
  std::string name = fmt::format("{} of {}", what, describe(type, dims));
  std::optional<int64_t> elementsOrNone = elementCount(dims, type);
  if (!elementsOrNone)
    throw Error(fmt::format("not enough memory for {}", name));
  count = *elementsOrNone;
  elements = Buffer(bytes(), name, memory);
  std::memset(elements.data(), 0, bytes());
}

Tensor Tensor::copyOf(const TensorView &view, const std::string &what,
                      std::pmr::memory_resource *memory) {
  if (std::string fault = faultOf(view); !fault.empty())
    throw Error(fmt::format("{} cannot be copied: {}", what, fault));
  Tensor copy(view.type, view.shape, what, memory);
  char *to = copy.data<char>();
  if (copy.count > 0)
    copyAxis(view, 0, static_cast<const char *>(view.data), to);
  return copy;
}

Tensor::Tensor(const Tensor &other)
    : elementType(other.elementType), dims(other.dims), count(other.count) {
  if (!other.elements.data())
    return;
  elements = Buffer(bytes(), "a copy of " + describe(elementType, dims),
                    other.elements.resource());
  std::memcpy(elements.data(), other.elements.data(), bytes());
}

Tensor &Tensor::operator=(const Tensor &other) { return *this = Tensor(other); }

void Tensor::checkSize(size_t values) const {
  if (values != static_cast<size_t>(count))
    throw Error(fmt::format("{} values are given for {}", values,
                            describe(elementType, dims)));
}

//===----------------------------------------------------------------------===//
// Maps and lists
//===----------------------------------------------------------------------===//

ViewMap viewsOf(const TensorMap &tensors) {
  ViewMap views;
  for (const auto &[name, tensor] : tensors)
    views.emplace(name, tensor.view());
  return views;
}

std::vector<TensorView> viewsOf(const std::vector<Tensor> &tensors) {
  return std::vector<TensorView>(tensors.begin(), tensors.end());
}

std::vector<seqc_tensor> toConvention(const std::vector<TensorView> &views) {
  std::vector<seqc_tensor> tensors;
  tensors.reserve(views.size());
  for (const TensorView &view : views)
    tensors.push_back({const_cast<void *>(view.data), view.strides.data()});
  return tensors;
}

} // namespace seqc::runtime
