//===- optimizer.cpp - The states of an optimizer -------------------------===//
// One tensor for each state of each parameter.
//===----------------------------------------------------------------------===//

#include "runtime/services/optimizer.h"

#include "runtime/services/error.h"
#include "runtime/services/inputs.h"
#include "runtime/services/messages.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>

namespace seqc::runtime {

/// The inputs before the run-time scalars.
static constexpr const char *kFirstInputs[] = {"g", "scale"};

static bool isVector(const TensorSpec &spec) { return spec.shape == Shape{-1}; }

static int64_t elementsOf(const Shape &shape) {
  int64_t count = 1;
  for (int64_t size : shape)
    count *= size;
  return count;
}

Optimizer::Optimizer(const Signature &signature,
                     const std::vector<TensorSpec> &weights,
                     std::pmr::memory_resource *memory) {
  check(signature);
  for (size_t i = std::size(kFirstInputs); i < signature.inputs.size(); ++i)
    scalarNames.push_back(signature.inputs[i].name);
  for (const TensorSpec &weight : weights)
    addStates(signature, weight, memory);
  reset();
}

void Optimizer::check(const Signature &signature) const {
  const std::vector<TensorSpec> &inputs = signature.inputs;
  bool fits = !signature.states.empty() && isVector(signature.states.front()) &&
              signature.params.empty() && signature.dims.size() == 1 &&
              inputs.size() >= std::size(kFirstInputs);
  for (size_t i = 0; fits && i < inputs.size(); ++i)
    fits =
        (i >= std::size(kFirstInputs) || inputs[i].name == kFirstInputs[i]) &&
        (i == 0 ? isVector(inputs[i]) : inputs[i].shape.empty());
  if (!fits)
    throw Error(fmt::format("{} is not an optimizer: it must make a weight of "
                            "P elements from the weight, its gradient and "
                            "scalars",
                            quoteName(signature.model)));
}

void Optimizer::addStates(const Signature &signature, const TensorSpec &weight,
                          std::pmr::memory_resource *memory) {
  const std::vector<int64_t> dims = {1, elementsOf(weight.shape)};
  for (size_t i = 1; i < signature.states.size(); ++i) {
    const TensorSpec &spec = signature.states[i];
    State state;
    state.name = spec.name + "." + weight.name;
    state.initial = i < signature.stateInit.size()
                        ? static_cast<float>(signature.stateInit[i])
                        : 0;
    const Shape withBatch = shapeOf(spec, dims);
    const Shape shape = isVector(spec)
                            ? weight.shape
                            : Shape(withBatch.begin() + 1, withBatch.end());
    state.now =
        Tensor(ElementType::F32, shape,
               "the optimizer's state " + quoteName(state.name), memory);
    all.push_back(std::move(state));
  }
}

void Optimizer::reset() {
  for (State &state : all)
    std::fill_n(state.now.data<float>(), state.now.size(), state.initial);
}

std::vector<std::string> Optimizer::scalars() const { return scalarNames; }

std::vector<float *> Optimizer::pointers() {
  std::vector<float *> pointers;
  for (State &state : all)
    pointers.push_back(state.now.data<float>());
  return pointers;
}

ViewMap Optimizer::states() const {
  ViewMap views;
  for (const State &state : all)
    views.emplace(state.name, state.now);
  return views;
}

void Optimizer::setStates(const ViewMap &tensors) {
  for (State &state : all) {
    const Tensor given =
        Tensor::copyOf(tensors.at(state.name), "the optimizer's state");
    std::memcpy(state.now.data(), given.data(), state.now.bytes());
  }
}

size_t Optimizer::bytes() const {
  size_t total = 0;
  for (const State &state : all)
    total += state.now.bytes();
  return total;
}

} // namespace seqc::runtime
