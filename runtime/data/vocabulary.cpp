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

Vocabulary Vocabulary::read(const std::string &path, int64_t maximumSize) {
  std::ifstream file(path, std::ios::binary);
  if (!file)
    throw runtime::Error(fmt::format("cannot read `{}`", path));
  std::vector<std::string> tokens = {"<unk>"};
  std::string line;
  while (std::getline(file, line)) {
    if (!line.empty() && line.back() == '\r')
      line.pop_back();
    bool isBroken = false;
    line = repaired(line, isBroken);
    if (isBroken)
      throw runtime::Error(fmt::format("{}:{}: the token is no valid UTF-8",
                                       path, tokens.size()));
    if (line.empty())
      throw runtime::Error(
          fmt::format("{}:{}: there is no token", path, tokens.size()));
    tokens.push_back(std::move(line));
  }
  if (tokens.size() == 1)
    throw runtime::Error(fmt::format("`{}` has no token", path));
  const auto given = static_cast<int64_t>(tokens.size());
  if (maximumSize > 0 && given > maximumSize)
    tokens.resize(static_cast<size_t>(maximumSize));
  Vocabulary vocabulary(std::move(tokens), 1, fmt::format("`{}`", path));
  vocabulary.rest = given - vocabulary.size();
  return vocabulary;
}

int64_t Vocabulary::numberOf(std::string_view token) const {
  auto found = numbers.find(token);
  return found == numbers.end() ? 0 : found->second;
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
  const int64_t special = static_cast<int64_t>(options.special.size());
  if (options.maximumSize > 0 && options.maximumSize < special)
    throw runtime::Error(
        fmt::format("a vocabulary of {} has no place for {} special tokens",
                    options.maximumSize, special));
  using Counted = std::pair<std::string, int64_t>;
  std::vector<Counted> kept;
  for (const auto &[token, count] : counts)
    if (count >= options.minimumCount &&
        std::find(options.special.begin(), options.special.end(), token) ==
            options.special.end())
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
  return Vocabulary(std::move(tokens), special, "the vocabulary");
}

} // namespace seqc::data
