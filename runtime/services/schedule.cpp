//===- schedule.cpp - What changes from step to step ----------------------===//
// Calls the schedule's program, of one sample, with what was measured.
//===----------------------------------------------------------------------===//

#include "runtime/services/schedule.h"

#include "runtime/services/messages.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>

namespace seqc::runtime {

static constexpr const char *kStep = "step";

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
    const TensorSpec &spec = signature.states[i];
    Tensor state(spec.type, shapeOf(spec, dims));
    const double first =
        i < signature.stateInit.size() ? signature.stateInit[i] : 0;
    std::fill_n(state.data<float>(), state.size(), static_cast<float>(first));
    current[spec.name] = std::move(state);
  }
}

ViewMap Schedule::states() const {
  ViewMap views;
  for (const auto &[name, state] : current)
    views.emplace(name, TensorView(state.type(), state.data(),
                                   Shape(state.shape().begin() + 1,
                                         state.shape().end())));
  return views;
}

void Schedule::setStates(const ViewMap &tensors) {
  for (auto &[name, state] : current) {
    const Tensor given = Tensor::copyOf(tensors.at(name));
    std::memcpy(state.data(), given.data(), state.bytes());
  }
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

RunResult Schedule::call(int64_t step, const Measures &measures) const {
  TensorMap inputs;
  for (const TensorSpec &input : session->signature().inputs) {
    double value = static_cast<double>(step);
    if (input.name != kStep) {
      const auto found =
          std::find(spec.measures.begin(), spec.measures.end(), input.name);
      if (found == spec.measures.end())
        throw Error(fmt::format("the schedule asks for {}, which is not "
                                "measured",
                                quoteName(input.name)));
      value = measures[found - spec.measures.begin()].mean();
    }
    inputs.emplace(input.name,
                   Tensor::of<float>({1}, {static_cast<float>(value)}));
  }
  RunOptions options;
  options.states = viewsOf(current);
  options.step = step;
  return session->run(viewsOf(inputs), options);
}

Schedule::Result Schedule::resultOf(const RunResult &called,
                                    const Measures &measures) const {
  Result result;
  result.scalars = constants;
  for (const auto &[name, tensor] : called.outputs)
    result.scalars[name] = tensor.data<float>()[0];
  for (const std::string &metric : spec.metrics) {
    if (auto found = result.scalars.find(metric);
        found != result.scalars.end() && called.outputs.count(metric)) {
      result.metrics[metric] = found->second;
      result.scalars.erase(found);
      continue;
    }
    const auto measure =
        std::find(spec.measures.begin(), spec.measures.end(), metric);
    if (measure == spec.measures.end())
      throw Error(
          fmt::format("the metric {} is not measured", quoteName(metric)));
    result.metrics[metric] = measures[measure - spec.measures.begin()].mean();
  }
  return result;
}

Schedule::Result Schedule::look(int64_t step, const Measures &measures) const {
  return resultOf(session ? call(step, measures) : RunResult(), measures);
}

Schedule::Result Schedule::advance(int64_t step, const Measures &measures) {
  RunResult called = session ? call(step, measures) : RunResult();
  Result result = resultOf(called, measures);
  current = std::move(called.states);
  return result;
}

} // namespace seqc::runtime
