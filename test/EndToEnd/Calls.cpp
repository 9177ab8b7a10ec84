//===- Calls.cpp - Calling a golden model ---------------------------------===//
// See make_golden.py for seeds and sites.
//===----------------------------------------------------------------------===//

#include "test/EndToEnd/Calls.h"

#include "test/EndToEnd/Draw.h"

#include <cstring>
#include <limits>

using namespace seqc::runtime;

namespace seqc::endtoend {

//===----------------------------------------------------------------------===//
// Inputs
//===----------------------------------------------------------------------===//

Inputs drawInputs(const GoldenModel &model, const Case &call) {
  uint64_t seed = 1000 * model.ordinal + 1 + call.ordinal;
  Inputs inputs;
  if (call.isRagged)
    inputs.lengths = drawBelow(seed, 0, {call.batch}, call.length + 1);
  if (model.vocabulary)
    inputs.x = drawBelow(seed, 1, {call.batch, call.length}, model.vocabulary);
  else
    inputs.x = drawUniform(seed, 1, {call.batch, call.length, model.width}, 1);
  if (call.hasInitial)
    for (size_t state = 0; state < model.states.size(); ++state)
      inputs.initial.push_back(drawUniform(
          seed, 2 + state,
          {model.layers * model.directions, call.batch, model.hidden}, 1));
  return inputs;
}

int64_t Inputs::lengthOf(int64_t sample) const {
  return lengths ? lengths->data<int64_t>()[sample] : length();
}

/// Row `row` of each block of `axis` 0 or 1, as a block of one.
static Tensor rowOf(const Tensor &tensor, int64_t axis, int64_t row) {
  Shape shape = tensor.shape();
  int64_t blocks = axis == 0 ? 1 : shape[0];
  int64_t rows = std::exchange(shape[axis], 1);
  Tensor result(tensor.type(), shape);
  size_t bytes = result.bytes() / blocks;
  for (int64_t block = 0; block < blocks; ++block)
    std::memcpy(static_cast<char *>(result.data()) + block * bytes,
                static_cast<const char *>(tensor.data()) +
                    (block * rows + row) * bytes,
                bytes);
  return result;
}

Inputs Inputs::alone(int64_t sample) const {
  Inputs one;
  Tensor row = rowOf(x, 0, sample);
  Shape shape = row.shape();
  shape[1] = lengthOf(sample);
  one.x = Tensor(x.type(), shape);
  std::memcpy(one.x.data(), row.data(), one.x.bytes());
  for (const Tensor &state : initial)
    one.initial.push_back(rowOf(state, 1, sample));
  return one;
}

Inputs Inputs::withGarbage() const {
  Inputs garbage = *this;
  int64_t width = x.rank() == 3 ? x.shape()[2] : 1;
  for (int64_t sample = 0; sample < batch(); ++sample)
    for (int64_t i = lengthOf(sample) * width; i < length() * width; ++i) {
      int64_t place = sample * length() * width + i;
      if (x.type() == ElementType::Token)
        garbage.x.data<int64_t>()[place] =
            i % 2 ? -1 : std::numeric_limits<int64_t>::max();
      else
        garbage.x.data<float>()[place] =
            std::numeric_limits<float>::quiet_NaN();
    }
  return garbage;
}

//===----------------------------------------------------------------------===//
// Programs
//===----------------------------------------------------------------------===//

/// The model, or the reference, made of the text.
template <typename T>
static T make(const GoldenModel &model, bool initialAsInputs) {
  CompileOptions options;
  options.settings = model.settings;
  options.model = model.chosen;
  return T::fromText(initialAsInputs ? model.sourceWithInitial : model.source,
                     options);
}

Program::Program(const GoldenModel &model, bool initialAsInputs)
    : model(model), initialAsInputs(initialAsInputs),
      compiled(make<seqc::Model>(model, initialAsInputs)),
      reference(make<seqc::ReferenceModel>(model, initialAsInputs)) {
  TensorMap params;
  for (const auto &[name, shape] : model.params) {
    auto site = static_cast<uint32_t>(params.size());
    params.emplace(name,
                   drawUniform(1000 * model.ordinal, site, shape, model.bound));
  }
  compiled.setWeights(viewsOf(params));
  reference.setWeights(viewsOf(params));
}

/// One call's arguments by name; they borrow from the inputs and from `parts`.
struct Program::Arguments {
  ViewMap inputs;
  ViewMap states;
  std::vector<Tensor> parts;
};

Program::Arguments Program::argumentsOf(const Inputs &inputs) const {
  Arguments arguments;
  arguments.inputs.emplace(model.input, inputs.x);
  if (inputs.lengths)
    arguments.inputs.emplace(model.input + ".lengths", *inputs.lengths);
  // PyTorch has the states of all layers in one tensor.
  std::vector<std::string> suffixes = model.stateSuffixes();
  arguments.parts.reserve(inputs.initial.size() * suffixes.size());
  for (size_t s = 0; s < inputs.initial.size(); ++s)
    for (size_t row = 0; row < suffixes.size(); ++row) {
      const std::string &state = model.states[s];
      Tensor part = rowOf(inputs.initial[s], 0, row);
      Tensor &kept = arguments.parts.emplace_back(
          ElementType::F32, Shape{inputs.batch(), model.hidden});
      std::memcpy(kept.data(), part.data(), part.bytes());
      if (initialAsInputs)
        arguments.inputs.emplace(state + "0" + suffixes[row], kept);
      else
        arguments.states.emplace(model.recurrence + "." + state + suffixes[row],
                                 kept);
    }
  return arguments;
}

/// From one tensor for each layer and direction to PyTorch's.
Results Program::join(RunResult result) const {
  Results joined;
  std::vector<std::string> suffixes = model.stateSuffixes();
  for (const std::string &state : model.states) {
    std::vector<const Tensor *> parts;
    for (const std::string &suffix : suffixes)
      parts.push_back(
          model.isCarried()
              ? &result.states.at(model.recurrence + "." + state + suffix)
              : &result.outputs.at(state + suffix));
    Shape shape = {static_cast<int64_t>(parts.size())};
    shape.insert(shape.end(), parts[0]->shape().begin(),
                 parts[0]->shape().end());
    Tensor whole(ElementType::F32, shape);
    for (size_t row = 0; row < parts.size(); ++row)
      std::memcpy(static_cast<char *>(whole.data()) + row * parts[row]->bytes(),
                  parts[row]->data(), parts[row]->bytes());
    joined.emplace(state, std::move(whole));
  }
  for (const char *name : {"output", "logit"})
    if (auto found = result.outputs.find(name); found != result.outputs.end())
      joined.emplace(name, std::move(found->second));
  return joined;
}

Results Program::run(const Inputs &inputs, seqc_team *team) const {
  Arguments arguments = argumentsOf(inputs);
  RunOptions options;
  options.states = std::move(arguments.states);
  options.team = team;
  return join(compiled.run(arguments.inputs, options));
}

Results Program::interpret(const Inputs &inputs) const {
  Arguments arguments = argumentsOf(inputs);
  RunOptions options;
  options.states = std::move(arguments.states);
  return join(reference.run(arguments.inputs, options));
}

} // namespace seqc::endtoend
