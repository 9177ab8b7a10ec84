//===- model_file.cpp - One file for all that a trained model is ----------===//
// Metadata of text and JSON.
//===----------------------------------------------------------------------===//

#include "runtime/fit/model_file.h"

#include "runtime/services/error.h"
#include "runtime/services/messages.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace seqc::fit {

using Json = nlohmann::ordered_json;
using runtime::Metadata;

namespace {

constexpr const char *kFormat = "seqc.format";
constexpr const char *kFormatVersion = "1";
constexpr const char *kSource = "seqc.source";
constexpr const char *kSettings = "seqc.set";
constexpr const char *kModel = "seqc.model";

/// "V=20000" as a key and a number, so that others can read it.
Json settingsToJson(const std::vector<std::string> &settings) {
  Json json = Json::object();
  for (const std::string &setting : settings) {
    const size_t equal = setting.find('=');
    json[setting.substr(0, equal)] = std::stoll(setting.substr(equal + 1));
  }
  return json;
}

std::vector<std::string> settingsOf(const Json &json) {
  std::vector<std::string> settings;
  if (!json.is_object())
    throw runtime::Error("it is no object");
  for (const auto &[name, value] : json.items())
    if (!value.is_number_integer())
      throw runtime::Error(name + " is no whole number");
    else
      settings.push_back(fmt::format("{}={}", name, value.get<int64_t>()));
  return settings;
}

const std::string &entry(const Metadata &metadata, const char *key) {
  const auto found = metadata.find(key);
  if (found == metadata.end())
    throw runtime::Error("it has no such metadata");
  return found->second;
}

void checkFormat(const Metadata &metadata, const std::string &file) {
  const auto found = metadata.find(kFormat);
  if (found == metadata.end())
    throw runtime::Error(
        fmt::format("`{}` is no trained model: it has no metadata {}; `seqc "
                    "train --data` writes one",
                    file, runtime::quoteName(kFormat)));
  if (found->second != kFormatVersion)
    throw runtime::Error(
        fmt::format("`{}` has format {}, and this seqc reads {}", file,
                    runtime::quoteName(found->second), kFormatVersion));
}

} // namespace

Metadata toMetadata(const ModelDescription &model) {
  Metadata metadata = data::toMetadata(model.recipe);
  metadata[kFormat] = kFormatVersion;
  metadata[kSource] = model.text.source;
  metadata[kSettings] = settingsToJson(model.text.settings).dump();
  metadata[kModel] = Json({{"file", model.text.file},
                           {"model", model.text.model},
                           {"precision", model.text.precision},
                           {"imports", model.text.imports}})
                         .dump();
  return metadata;
}

ModelDescription descriptionOf(const Metadata &metadata,
                               const std::string &file) {
  checkFormat(metadata, file);
  ModelDescription model;
  const char *key = kSource;
  try {
    model.text.source = entry(metadata, key);
    model.text.settings =
        settingsOf(Json::parse(entry(metadata, key = kSettings)));
    const Json json = Json::parse(entry(metadata, key = kModel));
    model.text.file = json.at("file");
    model.text.model = json.at("model");
    model.text.precision = json.at("precision");
    model.text.imports =
        json.at("imports").get<std::map<std::string, std::string>>();
  } catch (const std::exception &error) {
    throw runtime::Error(fmt::format("`{}` is a damaged model: metadata {}: {}",
                                     file, runtime::quoteName(key),
                                     runtime::reasonOf(error)));
  }
  model.recipe = data::recipeOf(metadata, file);
  return model;
}

} // namespace seqc::fit
