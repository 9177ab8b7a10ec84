//===- session.cpp - A compiled model with its weights, ready to be called
//-===//
// Packs once, then puts calls together.
//===----------------------------------------------------------------------===//

#include "runtime/services/session.h"

#include "runtime/core/team.h"
#include "runtime/services/messages.h"
#include "runtime/services/row_order.h"
#include "runtime/services/workspaces.h"

#include <fmt/format.h>
#include <functional>

namespace seqc::runtime {

//===----------------------------------------------------------------------===//
// The calling convention's form of things
//===----------------------------------------------------------------------===//

/// Null for a dimension whose lengths are all full.
static std::vector<const int64_t *>
toConvention(const std::vector<std::vector<int64_t>> &lengths) {
  std::vector<const int64_t *> arrays;
  arrays.reserve(lengths.size());
  for (const std::vector<int64_t> &array : lengths)
    arrays.push_back(array.empty() ? nullptr : array.data());
  return arrays;
}

static TensorMap byName(const std::vector<TensorSpec> &specs,
                        std::vector<Tensor> tensors) {
  TensorMap map;
  for (size_t i = 0; i < specs.size(); ++i)
    map.emplace(specs[i].name, std::move(tensors[i]));
  return map;
}

//===----------------------------------------------------------------------===//
// State
//===----------------------------------------------------------------------===//

struct Session::State {
  State(Signature signature, EntryPoints entryPoints, SessionOptions options)
      : code(std::move(options.code)), signature(std::move(signature)),
        entryPoints(entryPoints), memory(options.memory), workspaces(memory) {}

  void pack(const std::vector<TensorView> &params);
  Workspaces::Lease workspaceFor(seqc_workspace_fn bytesOf,
                                 const std::vector<int64_t> &dims,
                                 const seqc_team *team);
  using Function = std::function<int32_t(const seqc_call &)>;
  int32_t invoke(const CheckedInputs &checked, const RunOptions &options,
                 const std::vector<TensorView> &outputs,
                 const std::vector<TensorView> &states,
                 seqc_workspace_fn bytesOf, const Function &function);
  int32_t invokeInOrder(const CheckedInputs &checked, const RunOptions &options,
                        const std::vector<TensorView> &outputs,
                        const std::vector<TensorView> &states,
                        seqc_workspace_fn bytesOf, const Function &function,
                        seqc_error &error);

  std::shared_ptr<const void> code;
  Signature signature;
  EntryPoints entryPoints;
  std::pmr::memory_resource *memory;
  Buffer packed;
  Workspaces workspaces;
};

static void checkParams(const Signature &signature,
                        const std::vector<TensorView> &params) {
  if (params.size() != signature.params.size())
    throw Error(fmt::format("the model {} has {} parameters, but {} are given",
                            quoteName(signature.model), signature.params.size(),
                            params.size()));
  for (size_t i = 0; i < params.size(); ++i) {
    const TensorSpec &spec = signature.params[i].tensor;
    const TensorView &view = params[i];
    if (view.type != spec.type || view.shape != spec.shape ||
        !faultOf(view).empty())
      throw Error(fmt::format(
          "parameter {} is {}, but the model's is {}", quoteName(spec.name),
          describe(view.type, view.shape), describeParam(spec)));
  }
}

void Session::State::pack(const std::vector<TensorView> &params) {
  checkParams(signature, params);
  std::vector<TensorView> views = params;
  std::vector<Tensor> copies;
  for (TensorView &view : views)
    if (!followsConvention(view)) {
      copies.push_back(Tensor::copyOf(view, "a copy of a parameter"));
      view = copies.back();
    }
  if (!packed.data())
    packed = Buffer(entryPoints.packed(),
                    fmt::format("the packed parameters of the model {}",
                                quoteName(signature.model)),
                    memory);
  int32_t status = entryPoints.pack(toConvention(views).data(), packed.data());
  if (status != SEQC_OK)
    throw Error(fmt::format("the model {} cannot pack its parameters (status "
                            "{})",
                            quoteName(signature.model), status));
}

/// Writes `the workspace of the model M (batch 32, T = 50)`.
static std::string describeWorkspace(const Signature &signature,
                                     const std::vector<int64_t> &dims) {
  std::string sizes = fmt::format("batch {}", dims.front());
  for (size_t i = 0; i < signature.dims.size(); ++i)
    sizes += fmt::format(", {} = {}", signature.dims[i], dims[i + 1]);
  return fmt::format("the workspace of the model {} ({})",
                     quoteName(signature.model), sizes);
}

Workspaces::Lease Session::State::workspaceFor(seqc_workspace_fn bytesOf,
                                               const std::vector<int64_t> &dims,
                                               const seqc_team *team) {
  size_t bytes = bytesOf(dims.data(), seqc_team_size(team));
  std::string what = describeWorkspace(signature, dims);
  if (bytes == SIZE_MAX)
    throw Error("not enough memory for " + what);
  return workspaces.take(bytes, what);
}

/// Puts a call together for `function`.
int32_t Session::State::invokeInOrder(const CheckedInputs &checked,
                                      const RunOptions &options,
                                      const std::vector<TensorView> &outputs,
                                      const std::vector<TensorView> &states,
                                      seqc_workspace_fn bytesOf,
                                      const Function &function,
                                      seqc_error &error) {
  std::vector<seqc_tensor> inputs = toConvention(checked.inputs);
  std::vector<seqc_tensor> results = toConvention(outputs);
  std::vector<seqc_tensor> statesIn = toConvention(checked.states);
  std::vector<seqc_tensor> statesOut = toConvention(states);
  std::vector<const int64_t *> lengths = toConvention(checked.lengths);

  seqc_runtime runtime = {};
  runtime.seed = options.seed;
  runtime.step = options.step;
  runtime.sample_ids =
      options.sampleIds.empty() ? nullptr : options.sampleIds.data();

  Workspaces::Lease workspace =
      workspaceFor(bytesOf, checked.dims, options.team);
  seqc_call call = {};
  call.abi_version = SEQC_ABI_VERSION;
  call.dims = checked.dims.data();
  call.lengths = lengths.data();
  call.inputs = inputs.data();
  call.outputs = results.data();
  call.packed = packed.data();
  call.states_in = statesIn.empty() ? nullptr : statesIn.data();
  call.states_out = statesOut.empty() ? nullptr : statesOut.data();
  call.workspace = workspace.data();
  call.team = options.team;
  call.runtime = &runtime;
  call.error = &error;

  return function(call);
}

/// Calls `function`, with rows in the order that suits their lengths. Of what
/// can be wrong, numbers that are not finite are the caller's affair.
int32_t Session::State::invoke(const CheckedInputs &checked,
                               const RunOptions &options,
                               const std::vector<TensorView> &outputs,
                               const std::vector<TensorView> &states,
                               seqc_workspace_fn bytesOf,
                               const Function &function) {
  const auto isDone = [](int32_t status) {
    return status == SEQC_OK || status == SEQC_ERROR_NOT_FINITE;
  };
  seqc_error error = {};
  std::vector<int64_t> order = orderOf(signature, checked);
  if (!order.empty()) {
    ReorderedCall call(signature, std::move(order), checked, outputs, states,
                       options.sampleIds);
    RunOptions reordered = options;
    reordered.sampleIds = call.sampleIds;
    const int32_t status = invokeInOrder(call.inputs, reordered, call.outputs,
                                         call.states, bytesOf, function, error);
    if (isDone(status)) {
      call.giveBack();
      return status;
    }
    // Which sample is the first that fails, the caller's order says.
  }
  const int32_t status = invokeInOrder(checked, options, outputs, states,
                                       bytesOf, function, error);
  if (isDone(status))
    return status;
  error.kind = status;
  throw Error(describeError(signature, error, checked.inputs));
}

//===----------------------------------------------------------------------===//
// Session
//===----------------------------------------------------------------------===//

Session::Session(Signature signature, EntryPoints entryPoints,
                 const std::vector<TensorView> &params, SessionOptions options)
    : state(std::make_unique<State>(std::move(signature), entryPoints,
                                    std::move(options))) {
  state->pack(params);
}

Session::Session(Session &&) noexcept = default;
Session &Session::operator=(Session &&) noexcept = default;
Session::~Session() = default;

const Signature &Session::signature() const { return state->signature; }

static void checkSampleIds(const RunOptions &options, int64_t batch) {
  if (options.sampleIds.empty() ||
      options.sampleIds.size() == static_cast<size_t>(batch))
    return;
  throw Error(fmt::format("{} sample numbers are given for a batch of {}",
                          options.sampleIds.size(), batch));
}

void Session::setParams(const std::vector<TensorView> &params) {
  state->pack(params);
}

void Session::runInto(const CheckedInputs &inputs,
                      const std::vector<TensorView> &results,
                      const std::vector<TensorView> &states,
                      const RunOptions &options) const {
  checkSampleIds(options, inputs.batch());
  // No sample, nothing to do: compiled code need not know of the case.
  if (inputs.batch() > 0)
    state->invoke(
        inputs, options, results, states, state->entryPoints.workspace,
        [&](const seqc_call &call) { return state->entryPoints.model(&call); });
}

int32_t Session::stepInto(const CheckedInputs &inputs,
                          const std::vector<TensorView> &results,
                          const std::vector<TensorView> &states,
                          const RunOptions &options, seqc_step step) {
  checkSampleIds(options, inputs.batch());
  return state->invoke(inputs, options, results, states,
                       state->entryPoints.stepWorkspace,
                       [&](const seqc_call &call) {
                         step.call = &call;
                         step.packed = state->packed.data();
                         return state->entryPoints.step(&step);
                       });
}

RunResult Session::run(const ViewMap &inputs, const RunOptions &options) const {
  const Signature &signature = state->signature;
  CheckedInputs checked = checkInputs(signature, inputs, options.states);
  std::vector<Tensor> outputs =
      makeOutputs(signature, checked.dims, state->memory);
  std::vector<Tensor> gradients =
      makeGradients(signature, checked.dims, state->memory);
  std::vector<Tensor> states =
      makeStates(signature, checked.dims, state->memory);
  std::vector<TensorView> results = viewsOf(outputs);
  for (TensorView &view : viewsOf(gradients))
    results.push_back(std::move(view));
  runInto(checked, results, viewsOf(states), options);
  std::vector<TensorSpec> gradientSpecs;
  for (const GradientSpec &gradient : signature.gradients)
    gradientSpecs.push_back(gradient.tensor);
  return {byName(signature.outputs, std::move(outputs)),
          byName(signature.states, std::move(states)),
          byName(gradientSpecs, std::move(gradients))};
}

int32_t Session::call(seqc_call call) const noexcept {
  call.abi_version = SEQC_ABI_VERSION;
  call.packed = state->packed.data();
  return state->entryPoints.model(&call);
}

size_t Session::workspaceBytes(const int64_t *dims,
                               int32_t workers) const noexcept {
  return state->entryPoints.workspace(dims, workers);
}

} // namespace seqc::runtime
