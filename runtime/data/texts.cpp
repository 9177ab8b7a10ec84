//===- texts.cpp - Texts as an input's tokens -----------------------------===//
// Between tokenizer and vocabulary.
//===----------------------------------------------------------------------===//

#include "runtime/data/texts.h"

#include "runtime/services/error.h"
#include "runtime/services/messages.h"

#include <fmt/format.h>

#include <algorithm>

namespace seqc::data {

void learnVocabulary(const InputSpec &input, const TokenCounts &counts,
                     Recipe &recipe) {
  const std::string &key = input.tokens.text;
  if (recipe.vocabularies.count(key))
    return;
  VocabularyOptions options = recipe.options.vocabulary;
  if (options.maximumSize == 0)
    options.maximumSize = input.tokens.value.value_or(0);
  const std::string &file = recipe.options.vocabularyFile;
  recipe.vocabularies.emplace(key, file.empty()
                                       ? counts.vocabulary(options)
                                       : Vocabulary::read(file, options));
}

const Vocabulary &vocabularyOf(const InputSpec &input, const Recipe &recipe) {
  const auto found = recipe.vocabularies.find(input.tokens.text);
  if (found == recipe.vocabularies.end())
    throw runtime::Error(
        fmt::format("there is no vocabulary for the tokens of {}: {}",
                    runtime::quoteName(input.name), input.type));
  return found->second;
}

std::vector<std::string> cut(const std::string &text,
                             const DataOptions &options) {
  return tokensOf(
      options.group.empty() ? options.tokenizer : Tokenizer::Whitespace, text);
}

std::vector<int64_t> numbersOf(const std::string &text, const InputSpec &input,
                               const Recipe &recipe, const std::string &place,
                               Warnings &warnings) {
  const DataOptions &options = recipe.options;
  const Vocabulary &vocabulary = vocabularyOf(input, recipe);
  const std::optional<int64_t> end =
      vocabulary.numberOfSpecial(options.endToken);
  const std::vector<std::string> tokens = cut(text, options);
  if (end &&
      std::find(tokens.begin(), tokens.end(), options.endToken) != tokens.end())
    warnings.add(fmt::format("has the token `{}`, which ends texts: it is not "
                             "known within one",
                             options.endToken),
                 place);
  std::vector<int64_t> numbers = vocabulary.numbersOf(tokens);
  const auto most = static_cast<size_t>(options.maxTokens - (end ? 1 : 0));
  // As many words as there are rows.
  if (numbers.size() > most && options.group.empty()) {
    warnings.add(
        fmt::format("has more than {} tokens: {} kept", options.maxTokens,
                    options.kept == Truncation::Head   ? "the first are"
                    : options.kept == Truncation::Tail ? "the last are"
                                                       : "both ends are"),
        place);
    truncate(numbers, most, options.kept);
  }
  if (end)
    numbers.push_back(*end);
  if (numbers.empty())
    numbers.push_back(0);
  return numbers;
}

} // namespace seqc::data
