//===- non_finite.cpp - Where numbers stopped being finite ----------------===//
// Inputs, then parameters, the loss, and the gradients.
//===----------------------------------------------------------------------===//

#include "runtime/services/non_finite.h"

#include "runtime/services/messages.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <optional>

namespace seqc::runtime {
namespace {

/// Walks over the elements of an input that are not padding.
class InputWalk {
public:
  InputWalk(const Signature &signature, const CheckedInputs &inputs,
            size_t input)
      : signature(signature), inputs(inputs),
        axes(signature.inputs[input].axes), view(inputs.inputs[input]),
        index(view.shape.size()) {}

  /// The sample of the first number that is not finite.
  std::optional<int64_t> find() {
    if (view.type != ElementType::F32)
      return std::nullopt;
    for (int64_t sample = 0; sample < view.shape.front(); ++sample) {
      index[0] = sample;
      if (!isFinite(1, sample * view.strides[0]))
        return sample;
    }
    return std::nullopt;
  }

private:
  bool isFinite(size_t axis, int64_t offset) {
    if (axis == view.shape.size())
      return std::isfinite(static_cast<const float *>(view.data)[offset]);
    const int64_t size = sizeOf(axis);
    for (index[axis] = 0; index[axis] < size; ++index[axis])
      if (!isFinite(axis + 1, offset + index[axis] * view.strides[axis]))
        return false;
    return true;
  }

  /// How much of the axis is the sample's own.
  int64_t sizeOf(size_t axis) const {
    const int64_t dim = axes[axis - 1];
    if (dim < 0 || dim >= static_cast<int64_t>(inputs.lengths.size()) ||
        inputs.lengths[static_cast<size_t>(dim)].empty())
      return view.shape[axis];
    return inputs.lengths[static_cast<size_t>(dim)][rowOf(dim)];
  }

  /// The place of this row among the lengths of `dim`: its sample, then its
  /// positions in the dimensions that enclose it.
  size_t rowOf(int64_t dim) const {
    std::vector<int64_t> outer;
    for (int64_t d = signature.enclosing[static_cast<size_t>(dim)]; d >= 0;
         d = signature.enclosing[static_cast<size_t>(d)])
      outer.insert(outer.begin(), d);
    int64_t row = index[0];
    for (int64_t d : outer) {
      const auto axis = std::find(axes.begin(), axes.end(), d) - axes.begin();
      row = row * inputs.dims[static_cast<size_t>(d) + 1] +
            (axis < static_cast<int64_t>(axes.size())
                 ? index[static_cast<size_t>(axis) + 1]
                 : 0);
    }
    return static_cast<size_t>(row);
  }

  const Signature &signature;
  const CheckedInputs &inputs;
  const std::vector<int64_t> &axes;
  const TensorView &view;
  Shape index;
};

bool isFinite(const Tensor &tensor) {
  if (tensor.type() != ElementType::F32)
    return true;
  const float *values = tensor.data<float>();
  return std::all_of(values, values + tensor.size(),
                     [](float value) { return std::isfinite(value); });
}

std::optional<std::string> describeInput(const StepTensors &step) {
  for (size_t i = 0; i < step.inputs.inputs.size(); ++i)
    if (auto sample = InputWalk(step.signature, step.inputs, i).find())
      return fmt::format("it first appears in input {}, sample {}\ntry: mend "
                         "or leave out that sample; the data holds a NaN or an "
                         "infinity",
                         quoteName(step.signature.inputs[i].name), *sample);
  return std::nullopt;
}

std::optional<std::string> describeParam(const StepTensors &step) {
  for (size_t i = 0; i < step.params.size(); ++i)
    if (!isFinite(step.params[i]))
      return fmt::format(
          "it first appears in parameter {}\ntry: a smaller learning rate or "
          "`clip_norm`, for the update before this step made it so; or other "
          "weights, if this is the first step",
          quoteName(step.signature.params[i].tensor.name));
  return std::nullopt;
}

} // namespace

std::string describeNonFinite(const StepTensors &step) {
  if (auto input = describeInput(step))
    return *input;
  if (auto param = describeParam(step))
    return *param;
  if (std::isfinite(step.loss))
    for (size_t i = 0; i < step.gradients.size(); ++i)
      if (!isFinite(step.gradients[i]))
        return fmt::format(
            "it first appears in the gradient of {}\ntry: a smaller learning "
            "rate, or a model without a square root, a power or a quotient at "
            "0, where the slope is infinite",
            quoteName(step.gradientNames[i]));
  return "it first appears in the loss\ntry: inputs of smaller size (scaled to "
         "about 1), a smaller learning rate, or a loss that is made for "
         "logits: a logarithm of 0 or a quotient by 0 has no finite value";
}

} // namespace seqc::runtime
