//===- inputs.cpp - What goes into a call, checked, and what comes out ----===//
// Names, types, shapes and the sizes of dimensions; lengths are in
// lengths.cpp.
//===----------------------------------------------------------------------===//

#include "runtime/services/inputs.h"

#include "runtime/services/faults.h"
#include "runtime/services/lengths.h"
#include "runtime/services/messages.h"

#include <fmt/format.h>

namespace seqc::runtime {

//===----------------------------------------------------------------------===//
// Sizes of dimensions
//===----------------------------------------------------------------------===//

namespace {
/// The sizes of the batch and of the dynamic dimensions, as the tensors of a
/// call show them one after the other.
class Sizes {
public:
  Sizes(const Signature &signature, Faults &faults)
      : names({"batch"}), known(signature.dims.size() + 1), faults(faults) {
    for (const std::string &dim : signature.dims)
      names.push_back(quoteName(dim));
  }

  /// `index` is 0 for the batch and one more than the ordinal of a dimension.
  void add(size_t index, int64_t size, const std::string &tensor) {
    Known &first = known[index];
    if (first.tensor.empty())
      first = {size, tensor};
    else if (first.size != size)
      faults.add(fmt::format("{} is {} in {}, but {} in {}", names[index],
                             first.size, first.tensor, size, tensor));
  }

  /// All sizes; where no tensor shows the batch, it is one sample.
  std::vector<int64_t> all() const {
    std::vector<int64_t> sizes;
    for (const Known &dim : known)
      sizes.push_back(dim.size);
    if (known.front().tensor.empty())
      sizes.front() = 1;
    return sizes;
  }

private:
  struct Known {
    int64_t size = 0;
    /// Where it was seen first; empty: nowhere yet.
    std::string tensor;
  };
  std::vector<std::string> names;
  std::vector<Known> known;
  Faults &faults;
};
} // namespace

//===----------------------------------------------------------------------===//
// Tensors
//===----------------------------------------------------------------------===//

static bool fits(const TensorSpec &spec, const TensorView &view) {
  if (view.type != spec.type || view.shape.size() != spec.shape.size() + 1)
    return false;
  for (size_t axis = 0; axis < spec.shape.size(); ++axis)
    if (spec.shape[axis] >= 0 && spec.shape[axis] != view.shape[axis + 1])
      return false;
  return true;
}

namespace {
/// Goes through the tensors of one call.
class InputChecker {
public:
  InputChecker(const Signature &signature, const ViewMap &inputs,
               const ViewMap &states)
      : signature(signature), inputs(inputs), states(states),
        sizes(signature, faults) {}

  CheckedInputs check() {
    for (const TensorSpec &spec : signature.inputs)
      checked.inputs.push_back(find(spec, inputs, "input"));
    rejectSurplus(inputs, signature.inputs, "input");
    if (!states.empty())
      checkStates();
    throwFaults();
    checked.dims = sizes.all();
    checkDerived();
    checked.lengths = checkLengths(signature, inputs, checked.dims, faults);
    throwFaults();
    copyWhereNeeded(checked.inputs);
    copyWhereNeeded(checked.states);
    return std::move(checked);
  }

private:
  void throwFaults() {
    faults.throwIfAny("the inputs do not fit the model " +
                      quoteName(signature.model));
  }

  void checkStates() {
    for (const TensorSpec &spec : signature.states)
      checked.states.push_back(find(spec, states, "state"));
    rejectSurplus(states, signature.states, "state");
  }

  /// An empty view where there is a fault.
  TensorView find(const TensorSpec &spec, const ViewMap &given,
                  const char *role) {
    std::string name = fmt::format("{} {}", role, quoteName(spec.name));
    auto found = given.find(spec.name);
    if (found == given.end()) {
      faults.add(fmt::format("{} is missing: {}", name,
                             describeBatched(signature, spec)));
      return {};
    }
    const TensorView &view = found->second;
    if (!fits(spec, view)) {
      faults.add(fmt::format("{} is {}, but the model's is {}", name,
                             describe(view.type, view.shape),
                             describeBatched(signature, spec)));
      return {};
    }
    if (std::string fault = faultOf(view); !fault.empty()) {
      faults.add(fmt::format("{}: {}", name, fault));
      return {};
    }
    addSizes(spec, view, name);
    return view;
  }

  void addSizes(const TensorSpec &spec, const TensorView &view,
                const std::string &name) {
    sizes.add(0, view.shape.front(), name);
    for (size_t axis = 0; axis < spec.shape.size(); ++axis)
      if (spec.shape[axis] < 0 && isOwn(spec.axes[axis]))
        sizes.add(static_cast<size_t>(spec.axes[axis]) + 1,
                  view.shape[axis + 1], name);
  }

  /// A dimension that follows from others is known only when those are.
  bool isOwn(int64_t dim) const {
    return dim < static_cast<int64_t>(signature.dims.size());
  }

  /// The gradient of a result has the result's dimensions.
  void checkDerived() {
    if (signature.derived.empty())
      return;
    const std::vector<int64_t> dims = withDerived(signature, checked.dims);
    for (size_t i = 0; i < signature.inputs.size(); ++i) {
      const TensorSpec &spec = signature.inputs[i];
      const Shape shape = shapeOf(spec, dims);
      if (shape != checked.inputs[i].shape)
        faults.add(fmt::format(
            "input {} is {}, but must be {} here", quoteName(spec.name),
            describe(spec.type, checked.inputs[i].shape),
            describe(spec.type, shape)));
    }
  }

  bool isKnown(const std::string &name, const std::vector<TensorSpec> &specs) {
    if (isReserved(name))
      return true;
    for (const TensorSpec &spec : specs)
      if (name == spec.name || isNameOfLengths(signature, spec, name))
        return true;
    return false;
  }

  void rejectSurplus(const ViewMap &given, const std::vector<TensorSpec> &specs,
                     const char *role) {
    for (const auto &[name, view] : given)
      if (!isKnown(name, specs))
        faults.add(fmt::format("{} {} is surplus: {}", role, quoteName(name),
                               describe(view.type, view.shape)));
  }

  void copyWhereNeeded(std::vector<TensorView> &views) {
    for (TensorView &view : views)
      if (!followsConvention(view)) {
        checked.copies.push_back(Tensor::copyOf(view, "a copy of an input"));
        view = checked.copies.back();
      }
  }

  const Signature &signature;
  const ViewMap &inputs;
  const ViewMap &states;
  Faults faults;
  Sizes sizes;
  CheckedInputs checked;
};
} // namespace

CheckedInputs checkInputs(const Signature &signature, const ViewMap &inputs,
                          const ViewMap &states) {
  return InputChecker(signature, inputs, states).check();
}

//===----------------------------------------------------------------------===//
// Results
//===----------------------------------------------------------------------===//

std::vector<int64_t> withDerived(const Signature &signature,
                                 std::vector<int64_t> dims) {
  for (const DerivedDim &derived : signature.derived)
    dims.push_back(
        derived.count(dims[static_cast<size_t>(derived.source) + 1]));
  return dims;
}

Shape shapeOf(const TensorSpec &spec, const std::vector<int64_t> &dims) {
  Shape shape = {dims.front()};
  for (size_t axis = 0; axis < spec.shape.size(); ++axis)
    shape.push_back(spec.shape[axis] < 0
                        ? dims[static_cast<size_t>(spec.axes[axis]) + 1]
                        : spec.shape[axis]);
  return shape;
}

static std::vector<Tensor> makeTensors(const std::vector<TensorSpec> &specs,
                                       const char *role,
                                       const std::vector<int64_t> &dims,
                                       std::pmr::memory_resource *memory) {
  std::vector<Tensor> tensors;
  for (const TensorSpec &spec : specs)
    tensors.emplace_back(spec.type, shapeOf(spec, dims),
                         fmt::format("{} {}", role, quoteName(spec.name)),
                         memory);
  return tensors;
}

std::vector<Tensor> makeOutputs(const Signature &signature,
                                const std::vector<int64_t> &dims,
                                std::pmr::memory_resource *memory) {
  return makeTensors(signature.outputs, "output", withDerived(signature, dims),
                     memory);
}

std::vector<Tensor> makeGradients(const Signature &signature,
                                  const std::vector<int64_t> &dims,
                                  std::pmr::memory_resource *memory) {
  std::vector<Tensor> tensors;
  for (const GradientSpec &gradient : signature.gradients) {
    const TensorSpec &spec = gradient.tensor;
    Shape shape = gradient.of == GradientSpec::Of::Param ? Shape(spec.shape)
                                                         : shapeOf(spec, dims);
    tensors.emplace_back(spec.type, std::move(shape),
                         fmt::format("gradient of {}", quoteName(spec.name)),
                         memory);
  }
  return tensors;
}

std::vector<Tensor> makeStates(const Signature &signature,
                               const std::vector<int64_t> &dims,
                               std::pmr::memory_resource *memory) {
  return makeTensors(signature.states, "state", dims, memory);
}

} // namespace seqc::runtime
