//===- fit_state.cpp - Where a training stands ----------------------------===//
// To JSON and back. Numbers keep all their bits.
//===----------------------------------------------------------------------===//

#include "runtime/fit/fit_state.h"

#include "runtime/services/error.h"
#include "runtime/services/messages.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cmath>

namespace seqc::fit {

using Json = nlohmann::ordered_json;

const Epoch *FitState::best() const {
  const Epoch *found = nullptr;
  for (const Epoch &epoch : epochs)
    if (epoch.isBest)
      found = &epoch;
  return found;
}

int64_t FitState::epochsSinceBest() const {
  const Epoch *found = best();
  return static_cast<int64_t>(epochs.size()) - (found ? found->number : 0);
}

namespace {

/// JSON has no infinity and no NaN: they are written as words.
Json toJson(double number) {
  if (std::isfinite(number))
    return number;
  return std::isnan(number) ? "nan" : number > 0 ? "inf" : "-inf";
}

Json toJson(const runtime::Numbers &numbers) {
  Json json = Json::object();
  for (const auto &[name, value] : numbers)
    json[name] = toJson(value);
  return json;
}

double numberOf(const Json &json) {
  if (json == "nan")
    return NAN;
  if (json == "inf" || json == "-inf")
    return json == "inf" ? INFINITY : -INFINITY;
  return json.get<double>();
}

runtime::Numbers numbersOf(const Json &json) {
  runtime::Numbers numbers;
  for (const auto &[name, value] : json.items())
    numbers[name] = numberOf(value);
  return numbers;
}

Json toJson(const Epoch &epoch) {
  return {{"epoch", epoch.number},
          {"training", toJson(epoch.training)},
          {"validation", toJson(epoch.validation)},
          {"gradient_norm", toJson(epoch.gradientNorm)},
          {"best", epoch.isBest}};
}

Epoch epochOf(const Json &json) {
  Epoch epoch;
  epoch.number = json.at("epoch");
  epoch.training = numbersOf(json.at("training"));
  epoch.validation = numbersOf(json.at("validation"));
  epoch.gradientNorm = numberOf(json.at("gradient_norm"));
  epoch.isBest = json.at("best");
  return epoch;
}

FitState stateOf(const Json &json) {
  FitState state;
  state.batch = json.at("batch");
  state.samples = json.at("samples");
  state.validationSamples = json.at("validation_samples");
  for (const Json &each : json.at("measures"))
    state.measures.push_back({numberOf(each.at(0)), numberOf(each.at(1))});
  state.gradientNorms = numberOf(json.at("gradient_norms"));
  state.updates = json.at("updates");
  for (const Json &each : json.at("epochs"))
    state.epochs.push_back(epochOf(each));
  return state;
}

} // namespace

std::string toJson(const FitState &state) {
  Json json = {{"batch", state.batch},
               {"samples", state.samples},
               {"validation_samples", state.validationSamples},
               {"measures", Json::array()},
               {"gradient_norms", toJson(state.gradientNorms)},
               {"updates", state.updates},
               {"epochs", Json::array()}};
  for (const runtime::Measure &measure : state.measures)
    json["measures"].push_back(
        Json::array({toJson(measure.sum), toJson(measure.weight)}));
  for (const Epoch &epoch : state.epochs)
    json["epochs"].push_back(toJson(epoch));
  return json.dump();
}

FitState fitStateOf(const runtime::Metadata &metadata,
                    const std::string &file) {
  const auto found = metadata.find(kFitMetadata);
  if (found == metadata.end())
    throw runtime::Error(
        fmt::format("`{}` is no checkpoint of a training by epochs: it has no "
                    "metadata {}",
                    file, runtime::quoteName(kFitMetadata)));
  try {
    return stateOf(Json::parse(found->second));
  } catch (const Json::exception &error) {
    throw runtime::Error(fmt::format("`{}` is damaged: metadata {}: {}", file,
                                     runtime::quoteName(kFitMetadata),
                                     runtime::reasonOf(error)));
  }
}

} // namespace seqc::fit
