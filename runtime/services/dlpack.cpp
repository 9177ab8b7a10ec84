//===- dlpack.cpp - Tensors of other libraries, in and out ----------------===//
// Checks on the way in, ownership on the way out.
//===----------------------------------------------------------------------===//

#include "runtime/services/dlpack.h"

#include "runtime/services/error.h"
#include "runtime/services/messages.h"

#include <cstring>
#include <fmt/format.h>
#include <memory>

namespace seqc::runtime {

// DLPack has had a boolean since its version 0.8; before, bool was u8.
static constexpr uint8_t kDLBoolCode = 6;

static bool isType(const DLTensor &tensor, uint8_t code, uint8_t bits) {
  return tensor.dtype.code == code && tensor.dtype.bits == bits &&
         tensor.dtype.lanes == 1;
}

static bool isI32(const DLTensor &tensor) { return isType(tensor, kDLInt, 32); }

static std::optional<ElementType> elementTypeOf(const DLTensor &tensor) {
  if (isType(tensor, kDLFloat, 32))
    return ElementType::F32;
  if (isType(tensor, kDLInt, 64))
    return ElementType::Token;
  if (isType(tensor, kDLBoolCode, 8) || isType(tensor, kDLUInt, 8))
    return ElementType::Bool;
  return std::nullopt;
}

[[noreturn]] static void fail(const std::string &name,
                              const std::string &fault) {
  throw Error(fmt::format("tensor {}: {}", quoteName(name), fault));
}

static void checkHeader(const DLTensor &tensor, const std::string &name) {
  if (tensor.device.device_type != kDLCPU &&
      tensor.device.device_type != kDLCUDAHost)
    fail(name, fmt::format("it is not in host memory, but on DLPack device {}",
                           static_cast<int>(tensor.device.device_type)));
  if (tensor.ndim < 0 || (tensor.ndim > 0 && !tensor.shape))
    fail(name, "it has no shape");
}

/// The view with the given element type in place of the tensor's own.
static TensorView viewAs(const DLTensor &tensor, ElementType type,
                         const std::string &name) {
  const char *data = static_cast<const char *>(tensor.data);
  TensorView view(type, data ? data + tensor.byte_offset : nullptr,
                  Shape(tensor.shape, tensor.shape + tensor.ndim));
  if (tensor.strides)
    view.strides.assign(tensor.strides, tensor.strides + tensor.ndim);
  if (std::string fault = faultOf(view); !fault.empty())
    fail(name, fault);
  return view;
}

TensorView viewDLPack(const DLTensor &tensor, const std::string &name) {
  checkHeader(tensor, name);
  if (isI32(tensor))
    fail(name, "i32 has to be widened to i64, which takes a copy");
  std::optional<ElementType> type = elementTypeOf(tensor);
  if (!type)
    fail(name,
         fmt::format("its type (DLPack code {}, {} bits, {} lanes) is "
                     "none of f32, i64, i32 and bool",
                     tensor.dtype.code, tensor.dtype.bits, tensor.dtype.lanes));
  return viewAs(tensor, *type, name);
}

/// Widens by way of the f32 view, whose elements are as large.
static Tensor widen(const DLTensor &tensor, const std::string &name) {
  std::string what = "tensor " + quoteName(name);
  Tensor narrow = Tensor::copyOf(viewAs(tensor, ElementType::F32, name), what);
  Tensor wide(ElementType::Token, narrow.shape(), what);
  for (int64_t i = 0; i < wide.size(); ++i) {
    int32_t value;
    std::memcpy(&value, narrow.data<char>() + 4 * i, 4);
    wide.data<int64_t>()[i] = value;
  }
  return wide;
}

Tensor copyDLPack(const DLTensor &tensor, const std::string &name) {
  checkHeader(tensor, name);
  if (isI32(tensor))
    return widen(tensor, name);
  return Tensor::copyOf(viewDLPack(tensor, name), "tensor " + quoteName(name));
}

namespace {
/// A tensor given away, with what its description points to.
struct Exported {
  Tensor tensor;
  Shape shape;
  Shape strides;
  DLManagedTensor managed = {};
};
} // namespace

static DLDataType typeOf(ElementType type) {
  switch (type) {
  case ElementType::F32:
    return {kDLFloat, 32, 1};
  case ElementType::Token:
    return {kDLInt, 64, 1};
  case ElementType::Bool:
    return {kDLBoolCode, 8, 1};
  }
  return {};
}

DLManagedTensor *toDLPack(Tensor tensor) {
  auto exported = std::make_unique<Exported>();
  exported->shape = tensor.shape();
  exported->strides = rowMajorStrides(tensor.shape());
  exported->tensor = std::move(tensor);

  DLTensor &out = exported->managed.dl_tensor;
  out.data = exported->tensor.data();
  out.device = {kDLCPU, 0};
  out.ndim = static_cast<int>(exported->shape.size());
  out.dtype = typeOf(exported->tensor.type());
  out.shape = exported->shape.data();
  out.strides = exported->strides.data();
  exported->managed.manager_ctx = exported.get();
  exported->managed.deleter = [](DLManagedTensor *self) {
    delete static_cast<Exported *>(self->manager_ctx);
  };
  return &exported.release()->managed;
}

} // namespace seqc::runtime
