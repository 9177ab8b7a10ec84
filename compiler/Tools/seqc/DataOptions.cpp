//===- DataOptions.cpp - What subcommands are told of data ----------------===//
// Options by kind of data.
//===----------------------------------------------------------------------===//

#include "compiler/Tools/seqc/DataOptions.h"

#include "runtime/data/number.h"
#include "runtime/data/utf8.h"

#include <fmt/format.h>

#include <cstdio>

namespace seqc::tool {
namespace {

const CLI::Range kPositive(int64_t{1}, int64_t{1} << 31);

/// `a,b` as a list.
std::vector<std::string> parts(const std::string &text) {
  std::vector<std::string> found;
  for (size_t begin = 0; begin <= text.size();) {
    const size_t end = std::min(text.find(',', begin), text.size());
    found.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return found;
}

/// What is wrong with a text that is saved with the model; empty: nothing.
std::string utf8Fault(const std::string &text) {
  bool isBroken = false;
  data::repaired(text, isBroken);
  return isBroken ? "this is no valid UTF-8" : "";
}

void addTextOptions(CLI::App &command, data::DataOptions &options) {
  command
      .add_option_function<std::string>(
          "--tokenizer",
          [&options](const std::string &name) {
            options.tokenizer = data::tokenizerNamed(name);
          },
          "how texts are cut: basic-english, whitespace, characters or bytes "
          "(default: basic-english)")
      ->type_name("NAME");
  command
      .add_option("--max-tokens", options.maxTokens,
                  "tokens of a text at most; of one long text, tokens of a "
                  "piece (default: 256)")
      ->check(kPositive);
  command
      .add_option_function<std::string>(
          "--keep",
          [&options](const std::string &name) {
            options.kept = data::truncationNamed(name);
          },
          "what is kept of a longer text: its head, its tail or both ends "
          "(default: ends)")
      ->type_name("PART");
  command
      .add_option("--vocabulary", options.vocabularyFile,
                  "the tokens that the model knows, one a line (default: "
                  "those of the training texts, as many as the model's "
                  "dimension says)")
      ->type_name("FILE");
  command
      .add_option("--vocabulary-size", options.vocabulary.maximumSize,
                  "tokens that the model knows, at most")
      ->check(kPositive);
  command
      .add_option("--end-token", options.endToken,
                  "a token that each text ends with (default: none)")
      ->type_name("TOKEN")
      ->check([](const std::string &token) -> std::string {
        if (token.empty() || token == "<unk>")
          return "a token of its own is needed";
        return utf8Fault(token);
      });
  command
      .add_option("--min-count", options.vocabulary.minimumCount,
                  "how often a token must be seen to be known (default: 1)")
      ->check(kPositive);
}

void addTableOptions(CLI::App &command, data::DataOptions &options) {
  command
      .add_option_function<std::string>(
          "--names",
          [&options](const std::string &names) {
            options.table.names = parts(names);
          },
          "the names of a table's columns, whose first line has none; such a "
          "table may be a .txt")
      ->type_name("NAME[,NAME]")
      ->check(utf8Fault);
  command.add_flag_callback(
      "--no-quotes", [&options] { options.table.hasQuotes = false; },
      "quotation marks in a table are characters like any other");
  command
      .add_option_function<std::vector<std::string>>(
          "--column",
          [&options](const std::vector<std::string> &given) {
            for (const std::string &each : given) {
              const size_t equal = each.find('=');
              if (equal == std::string::npos || equal == 0)
                throw CLI::ValidationError("--column",
                                           "`" + each + "` is not INPUT=NAME");
              options.columns[each.substr(0, equal)] =
                  parts(each.substr(equal + 1));
            }
          },
          "the column of a table that an input or target is read from, or "
          "several; may be repeated (default: the one of its name)")
      ->type_name("INPUT=NAME[,NAME]")
      ->expected(1)
      ->take_all();
  command
      .add_option("--group", options.group,
                  "the column that is the same in all rows of a sample, of "
                  "which each is a step")
      ->type_name("COLUMN");
  command
      .add_option("--window", options.window,
                  "read a table as a series, of which a sample sees so many "
                  "rows")
      ->type_name("ROWS")
      ->check(kPositive);
  command
      .add_option("--horizon", options.horizon,
                  "how many rows behind its window a sample looks (default: 1)")
      ->type_name("ROWS")
      ->check(kPositive);
}

} // namespace

void ReadingOptions::addTo(CLI::App &command) {
  addTextOptions(command, options);
  addTableOptions(command, options);
  command.add_flag_callback(
      "--normalise", [this] { isNormalised = true; },
      "shift and scale numbers to mean 0 and deviation 1 over the training "
      "part (default with --window)");
  command.add_flag_callback(
      "--no-normalise", [this] { isNormalised = false; },
      "leave numbers as they are");
}

data::DataOptions ReadingOptions::get() const {
  data::DataOptions made = options;
  if (!made.endToken.empty())
    made.vocabulary.special.push_back(made.endToken);
  made.isNormalised = isNormalised.value_or(options.window > 0);
  return made;
}

data::HeldOut parseHeldOut(const std::string &text) {
  data::HeldOut held;
  const std::optional<double> share = data::numberIn(text);
  if (!share)
    held.path = text;
  else if (*share >= 0 && *share < 1)
    held.share = *share;
  else
    throw CLI::ValidationError("a share of the data is between 0 and 1, not " +
                               text);
  return held;
}

void printWarnings(const data::Warnings &warnings) {
  for (const std::string &line : warnings.lines())
    (void)std::fputs(("warning: " + line + "\n").c_str(), stderr);
}

} // namespace seqc::tool
