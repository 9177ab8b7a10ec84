//===- vocabulary.cpp - The number of each token --------------------------===//
// Counting, ordering, looking up.
//===----------------------------------------------------------------------===//

#include "runtime/data/vocabulary.h"

#include "runtime/data/utf8.h"
#include "runtime/services/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

namespace seqc::data {

Vocabulary::Vocabulary(std::vector<std::string> tokens, int64_t special,
                       const std::string &source)
    : all(std::move(tokens)), specials(special) {
  if (all.empty())
    throw runtime::Error(fmt::format("{} has no token", source));
  if (special < 0 || special > size())
    throw runtime::Error(fmt::format("{} has {} tokens, so that {} of them "
                                     "cannot be special",
                                     source, size(), special));
  for (int64_t i = 0; i < size(); ++i)
    if (!numbers.emplace(all[i], i).second)
      throw runtime::Error(
          fmt::format("{} has the token `{}` twice: as number {} and as {}",
                      source, all[i], numbers[all[i]], i));
  // A text that says `<unk>` means that word.
  for (int64_t i = 0; i < special; ++i)
    numbers.erase(all[i]);
}

/// Whether there is room for the special tokens.
static void checkSize(const VocabularyOptions &options) {
  const int64_t special = std::ssize(options.special);
  if (options.maximumSize > 0 && options.maximumSize < special)
    throw runtime::Error(
        fmt::format("a vocabulary of {} has no place for {} special tokens",
                    options.maximumSize, special));
}

static bool isSpecial(const VocabularyOptions &options,
                      const std::string &token) {
  return std::find(options.special.begin(), options.special.end(), token) !=
         options.special.end();
}

Vocabulary Vocabulary::read(const std::string &path,
                            const VocabularyOptions &options) {
  checkSize(options);
  std::ifstream file(path, std::ios::binary);
  if (!file)
    throw runtime::Error(fmt::format("cannot read `{}`", path));
  std::vector<std::string> tokens = options.special;
  std::string line;
  for (int64_t number = 1; std::getline(file, line); ++number) {
    if (!line.empty() && line.back() == '\r')
      line.pop_back();
    bool isBroken = false;
    line = repaired(line, isBroken);
    if (isBroken)
      throw runtime::Error(
          fmt::format("{}:{}: the token is no valid UTF-8", path, number));
    if (line.empty())
      throw runtime::Error(
          fmt::format("{}:{}: there is no token", path, number));
    if (!isSpecial(options, line))
      tokens.push_back(std::move(line));
  }
  if (tokens.size() == options.special.size())
    throw runtime::Error(fmt::format("`{}` has no token", path));
  const auto given = static_cast<int64_t>(tokens.size());
  if (options.maximumSize > 0 && given > options.maximumSize)
    tokens.resize(static_cast<size_t>(options.maximumSize));
  Vocabulary vocabulary(std::move(tokens), std::ssize(options.special),
                        fmt::format("`{}`", path));
  vocabulary.rest = given - vocabulary.size();
  return vocabulary;
}

int64_t Vocabulary::numberOf(std::string_view token) const {
  auto found = numbers.find(token);
  return found == numbers.end() ? 0 : found->second;
}

std::optional<int64_t>
Vocabulary::numberOfSpecial(std::string_view token) const {
  const auto end = all.begin() + specials;
  const auto found = std::find(all.begin(), end, token);
  return found == end ? std::nullopt : std::optional(found - all.begin());
}

std::vector<int64_t>
Vocabulary::numbersOf(const std::vector<std::string> &tokens) const {
  std::vector<int64_t> result;
  result.reserve(tokens.size());
  for (const std::string &token : tokens)
    result.push_back(numberOf(token));
  return result;
}

void TokenCounts::add(const std::vector<std::string> &tokens) {
  for (const std::string &token : tokens)
    ++counts[token];
}

Vocabulary TokenCounts::vocabulary(const VocabularyOptions &options) const {
  checkSize(options);
  using Counted = std::pair<std::string, int64_t>;
  std::vector<Counted> kept;
  for (const auto &[token, count] : counts)
    if (count >= options.minimumCount && !isSpecial(options, token))
      kept.emplace_back(token, count);
  std::sort(kept.begin(), kept.end(), [](const Counted &a, const Counted &b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  std::vector<std::string> tokens = options.special;
  for (Counted &each : kept) {
    if (options.maximumSize > 0 &&
        static_cast<int64_t>(tokens.size()) >= options.maximumSize)
      break;
    tokens.push_back(std::move(each.first));
  }
  return Vocabulary(std::move(tokens), std::ssize(options.special),
                    "the vocabulary");
}

} // namespace seqc::data
