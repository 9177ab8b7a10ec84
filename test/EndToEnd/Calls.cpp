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
  uint32_t place = 0;
  for (char dim : model.dims()) {
    int64_t longest = call.length + 2 * place;
    inputs.longest.emplace(dim, longest);
    if (call.isRagged)
      inputs.lengths.emplace(
          dim, drawBelow(seed, 10 * place, {call.batch}, longest + 1));
    ++place;
  }
  uint32_t site = 1;
  for (const GoldenInput &input : model.inputs) {
    Shape shape = {call.batch};
    for (char dim : input.dim)
      shape.push_back(inputs.longest.at(dim));
    if (!input.vocabulary)
      shape.push_back(input.width);
    inputs.values.push_back(input.vocabulary
                                ? drawBelow(seed, site, shape, input.vocabulary)
                                : drawUniform(seed, site, shape, 1));
    inputs.dims.push_back(input.dim);
    site += 10;
  }
  if (call.hasInitial)
    for (size_t state = 0; state < model.states.size(); ++state) {
      Shape shape = {model.layers * model.directions, call.batch};
      const Shape &inner = model.states[state].shape;
      shape.insert(shape.end(), inner.begin(), inner.end());
      inputs.initial.push_back(drawUniform(seed, 2 + state, shape, 1));
    }
  return inputs;
}

int64_t Inputs::lengthOf(char dim, int64_t sample) const {
  auto found = lengths.find(dim);
  return found == lengths.end() ? longest.at(dim)
                                : found->second.data<int64_t>()[sample];
}

/// Copies the block, axis by axis from `axis` on.
static void copyBlock(const char *from, const Shape &whole, const Shape &begin,
                      char *&to, const Shape &shape, size_t axis,
                      int64_t bytes) {
  if (axis == shape.size()) {
    std::memcpy(to, from, bytes);
    to += bytes;
    return;
  }
  int64_t stride = bytes;
  for (size_t inner = axis + 1; inner < whole.size(); ++inner)
    stride *= whole[inner];
  for (int64_t i = 0; i < shape[axis]; ++i)
    copyBlock(from + (begin[axis] + i) * stride, whole, begin, to, shape,
              axis + 1, bytes);
}

Tensor blockOf(const Tensor &tensor, const Shape &begin, Shape shape) {
  Tensor result(tensor.type(), shape);
  if (!result.size())
    return result;
  auto *to = static_cast<char *>(result.data());
  copyBlock(static_cast<const char *>(tensor.data()), tensor.shape(), begin, to,
            shape, 0, static_cast<int64_t>(result.bytes() / result.size()));
  return result;
}

/// Row `row` of `axis`, as a block of one.
static Tensor rowOf(const Tensor &tensor, size_t axis, int64_t row) {
  Shape shape = tensor.shape();
  Shape begin(shape.size(), 0);
  shape[axis] = 1;
  begin[axis] = row;
  return blockOf(tensor, begin, shape);
}

Inputs Inputs::alone(int64_t sample) const {
  Inputs one;
  one.dims = dims;
  for (auto [dim, length] : longest)
    one.longest.emplace(dim, lengthOf(dim, sample));
  for (size_t i = 0; i < values.size(); ++i) {
    Shape shape = values[i].shape();
    Shape begin(shape.size(), 0);
    shape[0] = 1;
    begin[0] = sample;
    if (!dims[i].empty())
      shape[1] = lengthOf(dims[i][0], sample);
    one.values.push_back(blockOf(values[i], begin, shape));
  }
  for (const Tensor &state : initial)
    one.initial.push_back(rowOf(state, 1, sample));
  return one;
}

/// Fills what lies behind each sample's length in [B, T, ...].
static void spoil(Tensor &values, const Tensor &lengths) {
  int64_t batch = values.shape()[0];
  int64_t row = values.size() / batch;
  int64_t width = row / values.shape()[1];
  for (int64_t sample = 0; sample < batch; ++sample)
    for (int64_t i = lengths.data<int64_t>()[sample] * width; i < row; ++i) {
      int64_t place = sample * row + i;
      if (values.type() == ElementType::Token)
        values.data<int64_t>()[place] =
            i % 2 ? -1 : std::numeric_limits<int64_t>::max();
      else
        values.data<float>()[place] = std::numeric_limits<float>::quiet_NaN();
    }
}

Inputs Inputs::withGarbage() const {
  Inputs garbage = *this;
  for (size_t i = 0; i < values.size(); ++i)
    if (!dims[i].empty() && lengths.count(dims[i][0]))
      spoil(garbage.values[i], lengths.at(dims[i][0]));
  return garbage;
}

//===----------------------------------------------------------------------===//
// Programs
//===----------------------------------------------------------------------===//

/// The model, or the reference, made of the text.
template <typename T>
static T make(const GoldenModel &model, bool initialAsInputs,
              CompileOptions options = {}) {
  options.settings = model.settings;
  options.model = model.chosen;
  return T::fromText(initialAsInputs ? model.sourceWithInitial : model.source,
                     options);
}

Program::Program(const GoldenModel &model, bool initialAsInputs,
                 const CompileOptions &options)
    : model(model), initialAsInputs(initialAsInputs),
      compiled(make<seqc::Model>(model, initialAsInputs, options)),
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
  for (size_t i = 0; i < inputs.values.size(); ++i) {
    const GoldenInput &input = model.inputs[i];
    arguments.inputs.emplace(input.name, inputs.values[i]);
    for (char dim : input.dim)
      if (auto found = inputs.lengths.find(dim); found != inputs.lengths.end())
        arguments.inputs.emplace(input.name + ".lengths", found->second);
  }
  // PyTorch has the states of all layers in one tensor.
  std::vector<std::string> suffixes = model.stateSuffixes();
  arguments.parts.reserve(inputs.initial.size() * suffixes.size());
  for (size_t s = 0; s < inputs.initial.size(); ++s)
    for (size_t row = 0; row < suffixes.size(); ++row) {
      const std::string &state = model.states[s].name;
      Tensor part = rowOf(inputs.initial[s], 0, row);
      Shape shape(part.shape().begin() + 1, part.shape().end());
      Tensor &kept = arguments.parts.emplace_back(ElementType::F32, shape);
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
  for (const GoldenState &state : model.states) {
    std::vector<const Tensor *> parts;
    for (const std::string &suffix : suffixes)
      parts.push_back(
          model.isCarried()
              ? &result.states.at(model.recurrence + "." + state.name + suffix)
              : &result.outputs.at(state.name + suffix));
    Shape shape = {static_cast<int64_t>(parts.size())};
    shape.insert(shape.end(), parts[0]->shape().begin(),
                 parts[0]->shape().end());
    Tensor whole(ElementType::F32, shape);
    for (size_t row = 0; row < parts.size(); ++row)
      std::memcpy(static_cast<char *>(whole.data()) + row * parts[row]->bytes(),
                  parts[row]->data(), parts[row]->bytes());
    joined.emplace(state.name, std::move(whole));
  }
  for (const GoldenResult &kept : model.results)
    joined.emplace(kept.name, std::move(result.outputs.at(kept.name)));
  return joined;
}

Results Program::run(const Inputs &inputs, seqc_team *team) const {
  Arguments arguments = argumentsOf(inputs);
  RunOptions options;
  options.states = std::move(arguments.states);
  options.team = team;
  return join(compiled.run(arguments.inputs, options));
}

Results Program::grad(const Inputs &inputs, const ViewMap &outputGradients,
                      seqc_team *team) const {
  Arguments arguments = argumentsOf(inputs);
  RunOptions options;
  options.states = std::move(arguments.states);
  options.team = team;
  return compiled.grad(arguments.inputs, outputGradients, options).gradients;
}

Results Program::interpret(const Inputs &inputs) const {
  Arguments arguments = argumentsOf(inputs);
  RunOptions options;
  options.states = std::move(arguments.states);
  return join(reference.run(arguments.inputs, options));
}

} // namespace seqc::endtoend
