//===- source.cpp - Data that samples are made of -------------------------===//
// Which reader a path wants, and which dimensions data decide.
//===----------------------------------------------------------------------===//

#include "runtime/data/source.h"

#include "runtime/data/folder_source.h"
#include "runtime/data/piece_source.h"
#include "runtime/data/slots.h"
#include "runtime/data/table_source.h"
#include "runtime/data/ts_source.h"
#include "runtime/data/utf8.h"
#include "runtime/data/window_source.h"
#include "runtime/services/error.h"
#include "runtime/services/messages.h"

#include <fmt/format.h>

#include <filesystem>

namespace seqc::data {

using runtime::Error;

static Sources onlyTraining(SourcePtr source) {
  Sources sources;
  sources.training = std::move(source);
  return sources;
}

Sources readSources(const std::string &path,
                    const runtime::Interface &interface,
                    const DataOptions &options, Warnings &warnings) {
  std::error_code error;
  if (!std::filesystem::exists(path, error))
    throw Error(fmt::format("there is no `{}`", path));
  const std::string ending =
      std::filesystem::is_directory(path, error)
          ? ""
          : std::filesystem::path(path).extension().string();
  const bool isNamed = !options.table.names.empty();
  if (ending == ".csv" || ending == ".tsv" || (ending == ".txt" && isNamed)) {
    CsvTable table = CsvTable::read(path, options.table);
    return onlyTraining(
        options.window > 0
            ? makeWindowSource(std::move(table), path, interface, options)
            : makeTableSource(std::move(table), path, interface, options));
  }
  if (options.window > 0)
    throw Error(fmt::format("--window makes windows over a table (.csv, .tsv), "
                            "and `{}` is none",
                            path));
  if (isNamed)
    throw Error(fmt::format("--names names the columns of a table (.csv, .tsv, "
                            ".txt), and `{}` is none",
                            path));
  if (ending == ".ts")
    return onlyTraining(readTsSource(path, interface));
  if (ending == ".txt")
    return onlyTraining(readPieceSource(path, interface, options, warnings));
  return readFolderSources(path, interface, warnings);
}

namespace {

/// Values by dimension, each with the input that decided it.
class Settings {
public:
  void add(const runtime::SizeSpec &size, int64_t value,
           const InputSpec &input) {
    if (size.dimension.empty() || size.isFixed)
      return;
    const auto [found, isNew] =
        values.emplace(size.dimension, Value{value, &input});
    if (!isNew && found->second.value != value)
      throw Error(fmt::format(
          "the dimension {} is {} by the data for {}, and {} by that for {}",
          runtime::quoteName(size.dimension), found->second.value,
          describe(*found->second.input), value, describe(input)));
  }

  std::vector<std::string> list() const {
    std::vector<std::string> settings;
    for (const auto &[name, value] : values)
      settings.push_back(fmt::format("{}={}", name, value.value));
    return settings;
  }

private:
  struct Value {
    int64_t value;
    const InputSpec *input;
  };
  std::map<std::string, Value> values;
};

} // namespace

/// A vocabulary that has more tokens than the user lets the model have.
static void checkVocabulary(const InputSpec &input,
                            const Vocabulary &vocabulary) {
  const runtime::SizeSpec &tokens = input.tokens;
  if (tokens.isFixed && tokens.value && *tokens.value < vocabulary.size())
    throw Error(fmt::format("the vocabulary has {} tokens, but {} takes one of "
                            "{}",
                            vocabulary.size(), describe(input), *tokens.value));
}

std::vector<std::string> settingsFor(const runtime::Interface &interface,
                                     const Recipe &recipe,
                                     const Samples &samples) {
  Settings settings;
  for (const InputSpec &input : interface.inputs) {
    const auto found = recipe.vocabularies.find(input.tokens.text);
    if (takesText(input) && found != recipe.vocabularies.end()) {
      checkVocabulary(input, found->second);
      settings.add(input.tokens, found->second.size(), input);
    } else if (input.element == runtime::ElementType::Token &&
               input.name == recipe.classesOf) {
      settings.add(input.tokens, std::ssize(recipe.classes), input);
    }
    if (const auto width = samples.width(input.name))
      settings.add(input.axes.back(), *width, input);
  }
  return settings.list();
}

} // namespace seqc::data
