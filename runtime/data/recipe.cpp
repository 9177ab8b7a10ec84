//===- recipe.cpp - How data becomes samples ------------------------------===//
// To JSON and back.
//===----------------------------------------------------------------------===//

#include "runtime/data/recipe.h"

#include "runtime/services/error.h"
#include "runtime/services/messages.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace seqc::data {

using Json = nlohmann::ordered_json;

namespace {

constexpr const char *kData = "seqc.data";
constexpr const char *kVocabulary = "seqc.vocabulary";
constexpr const char *kNormalisation = "seqc.normalisation";

Json toJson(const DataOptions &options) {
  return {{"tokenizer", nameOf(options.tokenizer)},
          {"max_tokens", options.maxTokens},
          {"keep", nameOf(options.kept)},
          {"min_count", options.vocabulary.minimumCount},
          {"special", options.vocabulary.special},
          {"end_token", options.endToken},
          {"window", options.window},
          {"horizon", options.horizon},
          {"normalised", options.isNormalised},
          {"names", options.table.names},
          {"quotes", options.table.hasQuotes},
          {"columns", options.columns},
          {"group", options.group}};
}

/// What the command line takes for a count, too.
int64_t countOf(const Json &json, const char *key, int64_t least) {
  const Json &value = json.at(key);
  constexpr int64_t kMost = int64_t{1} << 31;
  if (!value.is_number_integer() || value < least || value > kMost)
    throw runtime::Error(fmt::format("`{}` is out of range", key));
  return value.get<int64_t>();
}

DataOptions optionsOf(const Json &json) {
  DataOptions options;
  options.tokenizer = tokenizerNamed(json.at("tokenizer").get<std::string>());
  options.maxTokens = countOf(json, "max_tokens", 1);
  options.kept = truncationNamed(json.at("keep").get<std::string>());
  options.vocabulary.minimumCount = countOf(json, "min_count", 1);
  options.vocabulary.special = json.at("special");
  // Files of earlier versions say nothing of these.
  options.endToken = json.value("end_token", options.endToken);
  options.window = countOf(json, "window", 0);
  options.horizon = countOf(json, "horizon", 1);
  options.isNormalised = json.at("normalised");
  options.table.names = json.value("names", options.table.names);
  options.table.hasQuotes = json.value("quotes", options.table.hasQuotes);
  options.columns =
      json.at("columns").get<std::map<std::string, std::vector<std::string>>>();
  options.group = json.at("group");
  return options;
}

Json toJson(const std::map<std::string, Vocabulary> &vocabularies) {
  Json json = Json::object();
  for (const auto &[name, vocabulary] : vocabularies)
    json[name] = {{"special", vocabulary.special()},
                  {"tokens", vocabulary.tokens()}};
  return json;
}

Json toJson(const std::vector<Scale> &scales) {
  Json json = Json::array();
  for (const Scale &scale : scales)
    json.push_back({{"column", scale.column},
                    {"mean", scale.mean},
                    {"deviation", scale.deviation}});
  return json;
}

Scale scaleIn(const Json &json) {
  Scale scale = {json.at("column"), json.at("mean"), json.at("deviation")};
  if (!(scale.deviation > 0))
    throw runtime::Error("a deviation is not above 0");
  return scale;
}

Json entry(const runtime::Metadata &metadata, const char *key) {
  const auto found = metadata.find(key);
  if (found == metadata.end())
    throw runtime::Error("it has no such metadata");
  return Json::parse(found->second);
}

} // namespace

Scale Recipe::scaleOf(const std::string &column) const {
  for (const Scale &scale : scales)
    if (scale.column == column)
      return scale;
  return {column};
}

runtime::Metadata toMetadata(const Recipe &recipe) {
  Json data = toJson(recipe.options);
  data["classes"] = recipe.classes;
  data["classes_of"] = recipe.classesOf;
  runtime::Metadata metadata = {{kData, data.dump()}};
  if (!recipe.vocabularies.empty())
    metadata[kVocabulary] = toJson(recipe.vocabularies).dump();
  if (!recipe.scales.empty())
    metadata[kNormalisation] = toJson(recipe.scales).dump();
  return metadata;
}

Recipe recipeOf(const runtime::Metadata &metadata, const std::string &file) {
  Recipe recipe;
  const char *key = kData;
  try {
    const Json data = entry(metadata, key);
    recipe.options = optionsOf(data);
    recipe.classes = data.at("classes");
    recipe.classesOf = data.at("classes_of");
    if (metadata.count(key = kVocabulary)) {
      const Json all = entry(metadata, key);
      for (const auto &[name, each] : all.items())
        recipe.vocabularies.emplace(
            name, Vocabulary(each.at("tokens").get<std::vector<std::string>>(),
                             each.at("special").get<int64_t>(), file));
    }
    if (metadata.count(key = kNormalisation))
      for (const Json &each : entry(metadata, key))
        recipe.scales.push_back(scaleIn(each));
  } catch (const std::exception &error) {
    throw runtime::Error(fmt::format("`{}` does not say how its data is read: "
                                     "metadata {}: {}",
                                     file, runtime::quoteName(key),
                                     runtime::reasonOf(error)));
  }
  return recipe;
}

} // namespace seqc::data
