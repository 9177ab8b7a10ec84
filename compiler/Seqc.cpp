//===- Seqc.cpp - Compile a model and call it -----------------------------===//
// Joins the compiler's driver and the runtime's session.
//===----------------------------------------------------------------------===//

#include "compiler/Seqc.h"

#include <optional>

namespace seqc {
namespace {

constexpr const char *kTextName = "<text>";

std::vector<Tensor> copiesOf(const std::vector<TensorView> &views) {
  std::vector<Tensor> tensors;
  for (const TensorView &view : views)
    tensors.push_back(Tensor::copyOf(view, "a parameter"));
  return tensors;
}

} // namespace

/// `session` exists once there are weights, or from the start where the model
/// has no parameter.
struct Model::State {
  runtime::Signature signature;
  runtime::EntryPoints functions;
  std::shared_ptr<const void> code;
  std::optional<runtime::Session> session;

  void bind(const std::vector<TensorView> &params) {
    runtime::SessionOptions options;
    options.code = code;
    session.emplace(signature, functions, params, options);
  }
};

Model::Model(Compilation compilation) : state(std::make_unique<State>()) {
  state->functions = compilation.link(state->code);
  state->signature = compilation.signature();
  if (state->signature.params.empty())
    state->bind({});
}
Model::Model(Model &&) noexcept = default;
Model &Model::operator=(Model &&) noexcept = default;
Model::~Model() = default;

Model Model::fromFile(const std::string &path, const CompileOptions &options) {
  return Model(Compilation(readSource(path), options));
}

Model Model::fromText(const std::string &text, const CompileOptions &options) {
  return Model(Compilation({kTextName, text}, options));
}

const runtime::Signature &Model::signature() const { return state->signature; }

void Model::loadWeights(const std::string &path, Unused unused) {
  runtime::Safetensors file = runtime::readSafetensors(path);
  state->bind(runtime::bindWeights(
      state->signature, runtime::viewsOf(file.tensors), unused, path));
}

void Model::setWeights(const ViewMap &tensors, Unused unused) {
  state->bind(runtime::bindWeights(state->signature, tensors, unused));
}

void Model::initializeWeights(int64_t seed) {
  std::vector<Tensor> drawn = runtime::initWeights(state->signature, seed);
  state->bind(runtime::viewsOf(drawn));
}

RunResult Model::run(const ViewMap &inputs, const RunOptions &options) const {
  return session().run(inputs, options);
}

const runtime::Session &Model::session() const {
  if (!state->session)
    throw Error("model `" + state->signature.model +
                "` has no weights yet: load them before running it");
  return *state->session;
}

ReferenceModel::ReferenceModel(Compilation given)
    : compilation(std::move(given)) {
  compilation.advance(Phase::Seq);
}

ReferenceModel ReferenceModel::fromFile(const std::string &path,
                                        const CompileOptions &options) {
  return ReferenceModel(Compilation(readSource(path), options));
}

ReferenceModel ReferenceModel::fromText(const std::string &text,
                                        const CompileOptions &options) {
  return ReferenceModel(Compilation({kTextName, text}, options));
}

const runtime::Signature &ReferenceModel::signature() const {
  return compilation.signature();
}

void ReferenceModel::loadWeights(const std::string &path, Unused unused) {
  runtime::Safetensors file = runtime::readSafetensors(path);
  weights = copiesOf(runtime::bindWeights(
      signature(), runtime::viewsOf(file.tensors), unused, path));
}

void ReferenceModel::setWeights(const ViewMap &tensors, Unused unused) {
  weights = copiesOf(runtime::bindWeights(signature(), tensors, unused));
}

void ReferenceModel::initializeWeights(int64_t seed) {
  weights = runtime::initWeights(signature(), seed);
}

RunResult ReferenceModel::run(const ViewMap &inputs,
                              const RunOptions &options) const {
  if (weights.size() != signature().params.size())
    throw Error("model `" + signature().model +
                "` has no weights yet: load them before running it");
  return compilation.interpret(runtime::viewsOf(weights), inputs,
                               options.states);
}

} // namespace seqc
