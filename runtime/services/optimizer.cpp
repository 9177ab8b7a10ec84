//===- optimizer.cpp - The update of all parameters -----------------------===//
// States, and the calls on chunks.
//===----------------------------------------------------------------------===//

#include "runtime/services/optimizer.h"

#include "runtime/services/error.h"
#include "runtime/services/inputs.h"
#include "runtime/services/messages.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <fmt/format.h>

namespace seqc::runtime {

static constexpr const char *kGradient = "g";
static constexpr const char *kScale = "scale";
/// Of a scalar with the batch, and of a vector of elements with it: of one
/// sample no step is ever made along the batch.
static constexpr int64_t kUnitStrides[] = {1, 1};

static bool isVector(const TensorSpec &spec) { return spec.shape == Shape{-1}; }

static int64_t elementsOf(const Shape &shape) {
  int64_t count = 1;
  for (int64_t size : shape)
    count *= size;
  return count;
}

//===----------------------------------------------------------------------===//
// States
//===----------------------------------------------------------------------===//

Optimizer::Optimizer(Program given, const std::vector<TensorSpec> &weights,
                     std::pmr::memory_resource *memory)
    : program(std::move(given)), memory(memory) {
  checkProgram();
  for (const TensorSpec &weight : weights) {
    sizes.push_back(elementsOf(weight.shape));
    weightStates.push_back(makeStates(weight));
  }
  chunks = chunksOf(sizes, /*whole=*/!isChunked());
  reset();
  packed =
      Buffer(program.functions.packed(), "the optimizer's constants", memory);
  program.functions.pack(nullptr, packed.data());
}

void Optimizer::checkProgram() const {
  const Signature &signature = program.signature;
  bool fits = !signature.states.empty() && isVector(signature.states.front()) &&
              signature.params.empty() && signature.dims.size() == 1;
  for (const TensorSpec &input : signature.inputs)
    fits = fits &&
           (input.name == kGradient ? isVector(input) : input.shape.empty());
  if (!fits)
    throw Error(fmt::format("{} is not an optimizer: it must make a weight of "
                            "P elements from the weight, its gradient and "
                            "scalars",
                            quoteName(signature.model)));
}

bool Optimizer::isChunked() const {
  const std::vector<TensorSpec> &states = program.signature.states;
  return program.signature.elementwise &&
         std::all_of(states.begin(), states.end(), [](const TensorSpec &state) {
           return isVector(state) ||
                  std::count(state.shape.begin(), state.shape.end(), -1) == 0;
         });
}

std::vector<Optimizer::State>
Optimizer::makeStates(const TensorSpec &weight) const {
  const Signature &signature = program.signature;
  const std::vector<int64_t> dims = {1, elementsOf(weight.shape)};
  std::vector<State> made;
  for (size_t i = 1; i < signature.states.size(); ++i) {
    const TensorSpec &spec = signature.states[i];
    State state;
    state.name = spec.name + "." + weight.name;
    state.initial = i < signature.stateInit.size()
                        ? static_cast<float>(signature.stateInit[i])
                        : 0;
    state.isOfElements = isVector(spec);
    const Shape shape = shapeOf(spec, dims);
    state.shape = state.isOfElements ? weight.shape
                                     : Shape(shape.begin() + 1, shape.end());
    state.strides = rowMajorStrides(shape);
    const std::string what = "the optimizer's state " + quoteName(state.name);
    state.now = Tensor(ElementType::F32, state.shape, what, memory);
    if (!state.isOfElements)
      state.next = Tensor(ElementType::F32, state.shape, what, memory);
    made.push_back(std::move(state));
  }
  return made;
}

void Optimizer::reset() {
  for (std::vector<State> &states : weightStates)
    for (State &state : states)
      std::fill_n(state.now.data<float>(), state.now.size(), state.initial);
}

ViewMap Optimizer::states() const {
  ViewMap views;
  for (const std::vector<State> &states : weightStates)
    for (const State &state : states)
      views.emplace(state.name, state.now);
  return views;
}

void Optimizer::setStates(const ViewMap &tensors) {
  for (std::vector<State> &states : weightStates)
    for (State &state : states)
      state.now = Tensor::copyOf(tensors.at(state.name),
                                 "the optimizer's state", memory);
}

size_t Optimizer::bytes() const {
  size_t total = packed.size();
  for (const std::vector<State> &states : weightStates)
    for (const State &state : states)
      total += state.now.bytes() + state.next.bytes();
  return total;
}

std::vector<std::string> Optimizer::scalars() const {
  std::vector<std::string> names;
  for (const TensorSpec &input : program.signature.inputs)
    if (input.name != kGradient && input.name != kScale)
      names.push_back(input.name);
  return names;
}

//===----------------------------------------------------------------------===//
// Updates
//===----------------------------------------------------------------------===//

void Optimizer::prepareLanes(int32_t workers) {
  const Signature &signature = program.signature;
  int64_t largest = 0;
  for (const Chunk &chunk : chunks)
    largest = std::max(largest, chunk.size());
  const int64_t dims[] = {1, largest};
  const size_t bytes = program.functions.workspace(dims, 1);
  if (bytes == SIZE_MAX)
    throw Error("not enough memory for the workspace of the optimizer");
  while (lanes.size() < static_cast<size_t>(workers)) {
    Lane lane;
    lane.inputs.resize(signature.inputs.size());
    lane.before.resize(signature.states.size());
    lane.after.resize(signature.states.size());
    lane.discarded.resize(signature.states.size());
    if (isChunked())
      for (size_t i = 1; i < signature.states.size(); ++i)
        if (!isVector(signature.states[i]))
          lane.discarded[i] =
              Tensor(ElementType::F32, signature.states[i].shape);
    lane.workspace = Buffer(bytes, "the workspace of the optimizer", memory);
    lanes.push_back(std::move(lane));
  }
}

/// The scalars' data; that of the gradient is filled in for each chunk.
void Optimizer::bindInputs(Lane &lane,
                           const std::vector<float> &scalars) const {
  for (size_t i = 0; i < lane.inputs.size(); ++i)
    lane.inputs[i] = {const_cast<float *>(&scalars[i]), kUnitStrides};
}

int32_t Optimizer::updateChunk(Lane &lane, const Chunk &chunk, float *weight,
                               const float *gradient) {
  const Signature &signature = program.signature;
  for (size_t i = 0; i < lane.inputs.size(); ++i)
    if (signature.inputs[i].name == kGradient)
      lane.inputs[i].data = const_cast<float *>(gradient + chunk.begin);
  lane.before[0] = lane.after[0] = {weight + chunk.begin, kUnitStrides};
  std::vector<State> &states = weightStates[chunk.tensor];
  for (size_t i = 1; i < lane.before.size(); ++i) {
    State &state = states[i - 1];
    const int64_t *strides = state.strides.data();
    float *now = state.now.data<float>();
    if (state.isOfElements) {
      lane.before[i] = lane.after[i] = {now + chunk.begin, strides};
      continue;
    }
    Tensor &after = chunk.begin == 0 ? state.next : lane.discarded[i];
    lane.before[i] = {now, strides};
    lane.after[i] = {after.data(), strides};
  }
  const int64_t dims[] = {1, chunk.size()};
  seqc_call call = {};
  call.abi_version = SEQC_ABI_VERSION;
  call.dims = dims;
  call.inputs = lane.inputs.data();
  call.packed = packed.data();
  call.states_in = lane.before.data();
  call.states_out = lane.after.data();
  call.workspace = lane.workspace.data();
  return program.functions.model(&call);
}

void Optimizer::update(const std::vector<float *> &weights,
                       const std::vector<Tensor> &gradients, float scale,
                       const std::map<std::string, double> &scalars,
                       seqc_team *team) {
  const int32_t workers = seqc_team_size(team);
  prepareLanes(workers);
  std::vector<float> values;
  for (const TensorSpec &input : program.signature.inputs)
    values.push_back(input.name == kGradient ? 0
                     : input.name == kScale
                         ? scale
                         : static_cast<float>(scalars.at(input.name)));
  for (Lane &lane : lanes)
    bindInputs(lane, values);
  std::atomic<int32_t> failure{SEQC_OK};
  forEachOnTeam(team, static_cast<int64_t>(chunks.size()),
                [&](int64_t i, int32_t worker) {
                  const Chunk &chunk = chunks[i];
                  const int32_t status =
                      updateChunk(lanes[worker], chunk, weights[chunk.tensor],
                                  gradients[chunk.tensor].data<float>());
                  if (status != SEQC_OK)
                    failure = status;
                });
  if (failure != SEQC_OK)
    throw Error(fmt::format("the optimizer {} failed (status {})",
                            quoteName(program.signature.model),
                            failure.load()));
  for (std::vector<State> &states : weightStates)
    for (State &state : states)
      if (!state.isOfElements)
        std::swap(state.now, state.next);
}

} // namespace seqc::runtime
