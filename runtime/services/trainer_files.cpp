//===- trainer_files.cpp - Weights and checkpoints of a trainer -----------===//
// What goes in is checked as a whole before anything is changed.
//===----------------------------------------------------------------------===//

#include "runtime/services/faults.h"
#include "runtime/services/messages.h"
#include "runtime/services/safetensors.h"
#include "runtime/services/trainer_state.h"

#include <cstring>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace seqc::runtime {
namespace {

constexpr const char *kOptimizerPrefix = "seqc.optim.";
constexpr const char *kSchedulePrefix = "seqc.schedule.";
constexpr const char *kProgress = "seqc.progress";

/// Names of tensors with a prefix, which a file has and a program has not.
ViewMap withPrefix(const std::string &prefix, const ViewMap &views) {
  ViewMap named;
  for (const auto &[name, view] : views)
    named.emplace(prefix + name, view);
  return named;
}

struct Progress {
  int64_t seed = 0;
  int64_t step = 0;
  int64_t batch = 0;
};

/// No time and no path, so that equal runs write equal bytes.
std::string printProgress(const Progress &progress) {
  nlohmann::ordered_json json = {{"seed", progress.seed},
                                 {"step", progress.step},
                                 {"batch", progress.batch}};
  return json.dump();
}

/// Nothing, with a fault, where it cannot be read.
Progress readProgress(const Metadata &metadata, Faults &faults) {
  const auto found = metadata.find(kProgress);
  if (found == metadata.end()) {
    faults.add(fmt::format("it has no metadata {}, so it is no checkpoint",
                           quoteName(kProgress)));
    return {};
  }
  const auto json =
      nlohmann::json::parse(found->second, nullptr, /*allow_exceptions=*/false);
  const auto isNumber = [&](const char *key) {
    return json.is_object() && json.contains(key) &&
           json[key].is_number_integer();
  };
  if (!isNumber("seed") || !isNumber("step") || !isNumber("batch") ||
      json["step"] < 0 || json["batch"] < 0) {
    faults.add(fmt::format("its metadata {} does not give a seed, a step and a "
                           "batch",
                           quoteName(kProgress)));
    return {};
  }
  return {json["seed"].get<int64_t>(), json["step"].get<int64_t>(),
          json["batch"].get<int64_t>()};
}

/// Takes those tensors of a file that `wanted` names, without the prefix.
ViewMap takeStates(const std::string &prefix, const ViewMap &wanted,
                   const ViewMap &file, Faults &faults) {
  ViewMap found;
  for (const auto &[name, view] : wanted) {
    const auto given = file.find(prefix + name);
    const std::string quoted = quoteName(prefix + name);
    if (given == file.end())
      faults.add(fmt::format("{} is missing: {}", quoted,
                             describe(view.type, view.shape)));
    else if (given->second.type != view.type ||
             given->second.shape != view.shape)
      faults.add(fmt::format("{} is {}, but the state is {}", quoted,
                             describe(given->second.type, given->second.shape),
                             describe(view.type, view.shape)));
    else
      found.emplace(name, given->second);
  }
  for (const auto &[name, view] : file)
    if (name.compare(0, prefix.size(), prefix) == 0 &&
        !wanted.count(name.substr(prefix.size())))
      faults.add(fmt::format("{} is surplus: {}", quoteName(name),
                             describe(view.type, view.shape)));
  return found;
}

void copyInto(std::vector<Tensor> &params,
              const std::vector<TensorView> &values) {
  std::vector<Tensor> copies;
  for (const TensorView &view : values)
    copies.push_back(Tensor::copyOf(view, "a parameter"));
  for (size_t i = 0; i < params.size(); ++i)
    std::memcpy(params[i].data(), copies[i].data(), params[i].bytes());
}

} // namespace

ViewMap Trainer::weights() const {
  ViewMap views;
  for (size_t i = 0; i < state->params.size(); ++i)
    views.emplace(signature().params[i].tensor.name, state->params[i]);
  return views;
}

TensorMap Trainer::gradients() const {
  TensorMap tensors;
  for (size_t i = 0; i < state->gradients.size(); ++i) {
    Tensor mean = state->gradients[i];
    const double scale = state->lastWeight == 0 ? 0 : 1 / state->lastWeight;
    for (int64_t e = 0; e < mean.size(); ++e)
      mean.data<float>()[e] = static_cast<float>(mean.data<float>()[e] * scale);
    tensors.emplace(signature().gradients[i].tensor.name, std::move(mean));
  }
  return tensors;
}

void Trainer::setWeights(const ViewMap &tensors, Unused unused,
                         const std::string &file) {
  copyInto(state->params, bindWeights(signature(), tensors, unused, file));
  state->restart();
  state->publishWeights();
}

void Trainer::loadWeights(const std::string &path, Unused unused) {
  const Safetensors file = readSafetensors(path);
  setWeights(viewsOf(file.tensors), unused, path);
}

void Trainer::saveWeights(const std::string &path) const {
  writeSafetensors(path, weights());
}

void Trainer::saveCheckpoint(const std::string &path,
                             const CheckpointExtra &extra) const {
  if (!isBetweenUpdates())
    throw Error(fmt::format("a checkpoint cannot hold an update that is not "
                            "complete: {} of {} batches are accumulated",
                            state->pending.batches, spec().accumulate));
  ViewMap tensors = weights();
  tensors.merge(withPrefix(kOptimizerPrefix, state->optimizer.states()));
  const ViewMap schedule = state->schedule.states();
  tensors.merge(withPrefix(kSchedulePrefix, schedule));
  const Progress progress = {state->options.seed, state->steps,
                             state->batches};
  tensors.insert(extra.tensors.begin(), extra.tensors.end());
  Metadata metadata = {{kProgress, printProgress(progress)}};
  metadata.insert(extra.metadata.begin(), extra.metadata.end());
  writeSafetensors(path, tensors, metadata);
}

static std::string unfit(const std::string &path, const std::string &why) {
  return fmt::format("the checkpoint `{}` does not fit {}", path, why);
}

int64_t Trainer::seedOf(const std::string &checkpoint) {
  Faults faults;
  const Progress progress =
      readProgress(readSafetensors(checkpoint).metadata, faults);
  faults.throwIfAny(unfit(checkpoint, "any training"));
  return progress.seed;
}

void Trainer::loadCheckpoint(const std::string &path) {
  const Safetensors file = readSafetensors(path);
  const ViewMap tensors = viewsOf(file.tensors);
  const std::vector<TensorView> params =
      bindWeights(signature(), tensors, Unused::Reject, path);
  Faults faults;
  const Progress progress = readProgress(file.metadata, faults);
  const ViewMap optimizer =
      takeStates(kOptimizerPrefix, state->optimizer.states(), tensors, faults);
  const ViewMap schedule =
      takeStates(kSchedulePrefix, state->schedule.states(), tensors, faults);
  faults.throwIfAny(unfit(path, fmt::format("the training of the model {}",
                                            quoteName(signature().model))));
  copyInto(state->params, params);
  state->restart();
  state->optimizer.setStates(optimizer);
  state->schedule.setStates(schedule);
  state->steps = progress.step;
  state->batches = progress.batch;
  state->options.seed = progress.seed;
  state->publishWeights();
}

} // namespace seqc::runtime
