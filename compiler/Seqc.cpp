//===- Seqc.cpp - Compile a model and call it -----------------------------===//
// Joins the compiler's driver and the runtime's session.
//===----------------------------------------------------------------------===//

#include "compiler/Seqc.h"
#include "compiler/Driver/Training.h"
#include "runtime/core/team.h"
#include "runtime/services/messages.h"

#include <algorithm>
#include <optional>

namespace seqc {
namespace {

constexpr const char *kTextName = "<text>";
/// What seq-probe-states puts before the name of a state.
const std::string kProbePrefix = "probe.";

std::vector<Tensor> copiesOf(const std::vector<TensorView> &views) {
  std::vector<Tensor> tensors;
  for (const TensorView &view : views)
    tensors.push_back(Tensor::copyOf(view, "a parameter"));
  return tensors;
}

} // namespace

/// The sessions exist once there are weights, or from the start where the model
/// has no parameter.
struct Model::State {
  runtime::Program program;
  std::optional<runtime::Session> session;
  /// Of a model that is asked for gradients.
  std::optional<runtime::Program> gradient;
  std::optional<runtime::Session> gradientSession;

  static void bind(const runtime::Program &program,
                   const std::vector<TensorView> &params,
                   std::optional<runtime::Session> &session) {
    runtime::SessionOptions options;
    options.code = program.code;
    session.emplace(program.signature, program.functions, params, options);
  }
  void bind(const std::vector<TensorView> &params) {
    bind(program, params, session);
    if (gradient)
      bind(*gradient, params, gradientSession);
  }
};

Model::Model(const SourceText &source, const CompileOptions &options)
    : state(std::make_unique<State>()) {
  if (options.goal == Goal::Training)
    throw Error("a model is not trained by itself: use Trainer");
  CompileOptions inference = options;
  inference.goal = Goal::Inference;
  state->program = link(Compilation(source, inference));
  if (options.goal == Goal::Gradient) {
    CompileOptions gradient = options;
    // Warnings were told once.
    gradient.onWarnings = [](const std::string &) {};
    state->gradient = link(Compilation(source, gradient));
  }
  if (signature().params.empty())
    state->bind({});
}
Model::Model(Model &&) noexcept = default;
Model &Model::operator=(Model &&) noexcept = default;
Model::~Model() = default;

Model Model::fromFile(const std::string &path, const CompileOptions &options) {
  return Model(readSource(path), options);
}

Model Model::fromText(const std::string &text, const CompileOptions &options) {
  return Model({kTextName, text}, options);
}

Model Model::fromSource(const SourceText &source,
                        const CompileOptions &options) {
  return Model(source, options);
}

const runtime::Signature &Model::signature() const {
  return state->program.signature;
}

void Model::loadWeights(const std::string &path, Unused unused) {
  runtime::Safetensors file = runtime::readSafetensors(path);
  state->bind(runtime::bindWeights(signature(), runtime::viewsOf(file.tensors),
                                   unused, path));
}

void Model::setWeights(const ViewMap &tensors, Unused unused) {
  state->bind(runtime::bindWeights(signature(), tensors, unused));
}

void Model::initializeWeights(int64_t seed) {
  std::vector<Tensor> drawn = runtime::initWeights(signature(), seed);
  state->bind(runtime::viewsOf(drawn));
}

RunResult Model::run(const ViewMap &inputs, const RunOptions &options) const {
  return session().run(inputs, options);
}

const runtime::Session &Model::session() const {
  if (!state->session)
    throw Error("model `" + signature().model +
                "` has no weights yet: load them before running it");
  return *state->session;
}

static const runtime::TensorSpec &
findOutput(const runtime::Signature &signature, const std::string &name) {
  for (const runtime::TensorSpec &spec : signature.outputs)
    if (spec.name == name)
      return spec;
  throw Error("model `" + signature.model + "` has no output " +
              runtime::quoteName(name));
}

RunResult Model::grad(const ViewMap &inputs, const ViewMap &outputGradients,
                      const RunOptions &options) const {
  if (!state->gradient)
    throw Error("model `" + signature().model +
                "` was not compiled for gradients: set the option `goal` to "
                "Goal::Gradient");
  session();
  for (const auto &[name, view] : outputGradients)
    findOutput(signature(), name);
  // All are given to the program, those that are left out as zeros.
  const runtime::CheckedInputs checked =
      runtime::checkInputs(signature(), inputs, options.states);
  const std::vector<Tensor> zeros =
      runtime::makeOutputs(signature(), checked.dims);
  ViewMap all = inputs;
  for (size_t i = 0; i < zeros.size(); ++i) {
    const std::string &name = signature().outputs[i].name;
    const auto given = outputGradients.find(name);
    if (zeros[i].type() == runtime::ElementType::F32)
      all[name + ".gradient"] =
          given == outputGradients.end() ? zeros[i].view() : given->second;
  }
  return state->gradientSession->run(all, options);
}

//===----------------------------------------------------------------------===//
// Trainer
//===----------------------------------------------------------------------===//

static std::shared_ptr<seqc_team> makeTeam(int32_t threads) {
  if (threads <= 1)
    return nullptr;
  seqc_team *team = seqc_team_create(threads);
  if (!team)
    throw Error("cannot make " + std::to_string(threads) + " threads");
  return std::shared_ptr<seqc_team>(team, seqc_team_destroy);
}

static runtime::TrainerOptions trainerOptions(int64_t seed, seqc_team *team) {
  runtime::TrainerOptions options;
  options.seed = seed;
  options.team = team;
  return options;
}

Trainer::Trainer(runtime::TrainingPrograms programs, int64_t seed,
                 std::shared_ptr<seqc_team> team)
    : runtime::Trainer(std::move(programs), trainerOptions(seed, team.get())),
      team(std::move(team)) {}

Trainer::Trainer(runtime::TrainingPrograms programs,
                 const TrainOptions &training)
    : Trainer(std::move(programs), training.seed, makeTeam(training.threads)) {}

Trainer Trainer::fromFile(const std::string &path,
                          const CompileOptions &options,
                          const TrainOptions &training) {
  return Trainer(compileTraining(readSource(path), options), training);
}

Trainer Trainer::fromText(const std::string &text,
                          const CompileOptions &options,
                          const TrainOptions &training) {
  return Trainer(compileTraining({kTextName, text}, options), training);
}

//===----------------------------------------------------------------------===//
// StateGradients
//===----------------------------------------------------------------------===//

static bool endsWith(const std::string &text, const std::string &end) {
  return text.size() >= end.size() &&
         text.compare(text.size() - end.size(), end.size(), end) == 0;
}

static bool isProbe(const std::string &name) {
  return name.compare(0, kProbePrefix.size(), kProbePrefix) == 0;
}

StateGradients::StateGradients(runtime::Program made)
    : program(std::move(made)), asked(program.signature) {
  auto &inputs = asked.inputs;
  inputs.erase(std::remove_if(inputs.begin(), inputs.end(),
                              [](const runtime::TensorSpec &input) {
                                return isProbe(input.name);
                              }),
               inputs.end());
}

StateGradients StateGradients::fromSource(const SourceText &source,
                                          const CompileOptions &options) {
  CompileOptions goal = options;
  goal.goal = Goal::StateGradients;
  return StateGradients(link(Compilation(source, goal)));
}

void StateGradients::setWeights(const ViewMap &tensors, Unused unused) {
  weights = copiesOf(runtime::bindWeights(asked, tensors, unused));
}

void StateGradients::initializeWeights(int64_t seed) {
  weights = runtime::initWeights(asked, seed);
}

const runtime::Signature &StateGradients::signature() const { return asked; }

std::map<std::string, StateGradients::OfState>
StateGradients::run(const ViewMap &inputs, const RunOptions &options) const {
  if (weights.size() != asked.params.size())
    throw Error("model `" + asked.model +
                "` has no weights yet: load them before running it");
  const runtime::CheckedInputs checked = runtime::checkInputs(asked, inputs);
  TensorMap zeros;
  for (const runtime::TensorSpec &input : program.signature.inputs)
    if (isProbe(input.name))
      zeros.emplace(input.name,
                    Tensor(input.type, shapeOf(input, checked.dims)));
  ViewMap all = runtime::viewsOf(zeros);
  all.insert(inputs.begin(), inputs.end());
  runtime::SessionOptions session;
  session.code = program.code;
  RunResult result = runtime::Session(program.signature, program.functions,
                                      runtime::viewsOf(weights), session)
                         .run(all, options);
  std::map<std::string, OfState> gradients;
  for (const runtime::GradientSpec &spec : program.signature.gradients) {
    const std::string &name = spec.tensor.name;
    OfState made;
    made.gradient = std::move(result.gradients.at(name));
    if (const int64_t dim = spec.tensor.axes.front(); dim >= 0)
      made.lengths = checked.lengths[static_cast<size_t>(dim)];
    made.isBackward = endsWith(name, "_reverse");
    gradients.emplace(name.substr(kProbePrefix.size()), std::move(made));
  }
  return gradients;
}

//===----------------------------------------------------------------------===//
// ReferenceModel
//===----------------------------------------------------------------------===//

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
