//===- schedule.cpp - What changes from step to step ----------------------===//
// Calls the schedule's program, of one sample, with what was measured.
//===----------------------------------------------------------------------===//

#include "runtime/services/schedule.h"

#include "runtime/services/messages.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <limits>

namespace seqc::runtime {

static constexpr const char *kStep = "step";
/// The last step's means among the states, which are names without a dot.
static constexpr const char *kMeans = "last.means";

static Tensor meansOf(const Measures &measures) {
  std::vector<float> means;
  for (const Measure &measure : measures)
    means.push_back(static_cast<float>(measure.mean()));
  return Tensor::of(Shape{static_cast<int64_t>(means.size())}, means);
}

Schedule::Schedule(const TrainingSpec &spec, std::optional<Program> program)
    : spec(spec) {
  for (const TrainingSpec::Scalar &scalar : spec.scalars)
    constants.emplace(scalar.name, scalar.value);
  if (!program)
    return;
  SessionOptions options;
  options.code = program->code;
  session.emplace(program->signature, program->functions,
                  std::vector<TensorView>{}, options);
  reset();
}

void Schedule::reset() {
  if (!session)
    return;
  const Signature &signature = session->signature();
  const std::vector<int64_t> dims = {1};
  for (size_t i = 0; i < signature.states.size(); ++i) {
    const TensorSpec &carried = signature.states[i];
    Tensor state(carried.type, shapeOf(carried, dims));
    const double first =
        i < signature.stateInit.size() ? signature.stateInit[i] : 0;
    std::fill_n(state.data<float>(), state.size(), static_cast<float>(first));
    current[carried.name] = std::move(state);
  }
  last = Tensor(ElementType::F32, {static_cast<int64_t>(spec.measures.size())});
  std::fill_n(last.data<float>(), last.size(),
              std::numeric_limits<float>::infinity());
}

ViewMap Schedule::states() const {
  ViewMap views;
  for (const auto &[name, state] : current)
    views.emplace(name, TensorView(state.type(), state.data(),
                                   Shape(state.shape().begin() + 1,
                                         state.shape().end())));
  if (session)
    views.emplace(kMeans, last);
  return views;
}

void Schedule::setStates(const ViewMap &tensors) {
  for (auto &[name, state] : current) {
    const Tensor given = Tensor::copyOf(tensors.at(name));
    std::memcpy(state.data(), given.data(), state.bytes());
  }
  if (session)
    last = Tensor::copyOf(tensors.at(kMeans));
}

static bool hasResult(const Session &session, const std::string &name) {
  const std::vector<TensorSpec> &outputs = session.signature().outputs;
  return std::any_of(outputs.begin(), outputs.end(),
                     [&](const TensorSpec &spec) { return spec.name == name; });
}

void Schedule::setScalar(const std::string &name, double value) {
  if (auto found = constants.find(name); found != constants.end()) {
    found->second = value;
    return;
  }
  if (session && hasResult(*session, name))
    throw Error(fmt::format("{} follows a schedule, which cannot be overruled",
                            quoteName(name)));
  throw Error(
      fmt::format("the optimizer has no run-time scalar {}", quoteName(name)));
}

void Schedule::requireScalars(const std::vector<std::string> &names) const {
  for (const std::string &name : names)
    if (!constants.count(name) && !(session && hasResult(*session, name)))
      throw Error(fmt::format("nothing gives the optimizer's run-time scalar "
                              "{} a value",
                              quoteName(name)));
}

RunResult Schedule::call(int64_t step, const Tensor &means) const {
  if (!session)
    return {};
  TensorMap inputs;
  for (const TensorSpec &input : session->signature().inputs) {
    float value = static_cast<float>(step);
    if (input.name != kStep) {
      const auto found = std::find(spec.measures.begin(), spec.measures.end(),
                                   input.name);
      if (found == spec.measures.end())
        throw Error(fmt::format("the schedule asks for {}, which is not "
                                "measured",
                                quoteName(input.name)));
      value = means.data<float>()[found - spec.measures.begin()];
    }
    inputs.emplace(input.name, Tensor::of<float>({1}, {value}));
  }
  RunOptions options;
  options.states = viewsOf(current);
  options.step = step;
  return session->run(viewsOf(inputs), options);
}

bool Schedule::isMetric(const std::string &name) const {
  return std::find(spec.metrics.begin(), spec.metrics.end(), name) !=
         spec.metrics.end();
}

Numbers Schedule::scalarsOf(const RunResult &called) const {
  Numbers scalars = constants;
  for (const auto &[name, tensor] : called.outputs)
    if (!isMetric(name))
      scalars[name] = tensor.data<float>()[0];
  return scalars;
}

Schedule::Plan Schedule::plan(int64_t step) const {
  RunResult called = call(step, last);
  Numbers scalars = scalarsOf(called);
  return {std::move(scalars), std::move(called.states)};
}

void Schedule::advance(Plan plan, const Measures &measures) {
  current = std::move(plan.states);
  last = meansOf(measures);
}

Numbers Schedule::metrics(int64_t step, const Measures &measures) const {
  const RunResult called = call(step, meansOf(measures));
  Numbers metrics;
  for (const std::string &metric : spec.metrics) {
    const auto finished = called.outputs.find(metric);
    const auto measure =
        std::find(spec.measures.begin(), spec.measures.end(), metric);
    if (finished != called.outputs.end())
      metrics[metric] = finished->second.data<float>()[0];
    else if (measure != spec.measures.end())
      metrics[metric] = measures[measure - spec.measures.begin()].mean();
    else
      throw Error(
          fmt::format("the metric {} is not measured", quoteName(metric)));
  }
  return metrics;
}

} // namespace seqc::runtime
