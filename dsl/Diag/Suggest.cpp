//===- Suggest.cpp - The name that was probably meant ---------------------===//
// Edit distance with transpositions.
//===----------------------------------------------------------------------===//

#include "dsl/Diag/Suggest.h"

#include <algorithm>
#include <cctype>

namespace seqc::dsl {

/// Insertions, deletions, substitutions and swaps of neighbours; a change of
/// case alone is cheap, so that `lstm` finds `LSTM`.
static size_t editDistance(std::string_view a, std::string_view b) {
  size_t width = b.size() + 1;
  std::vector<size_t> rows(3 * width);
  size_t *beforeLast = &rows[0], *last = &rows[width], *now = &rows[2 * width];
  for (size_t j = 0; j < width; ++j)
    last[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    now[0] = i;
    for (size_t j = 1; j < width; ++j) {
      bool same = std::tolower(static_cast<unsigned char>(a[i - 1])) ==
                  std::tolower(static_cast<unsigned char>(b[j - 1]));
      now[j] = std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + !same});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        now[j] = std::min(now[j], beforeLast[j - 2] + 1);
    }
    std::swap(beforeLast, last);
    std::swap(last, now);
  }
  return last[b.size()];
}

std::string didYouMean(std::string_view name,
                       const std::vector<std::string_view> &candidates) {
  size_t best = std::max<size_t>(1, std::min<size_t>(3, name.size() / 3)) + 1;
  std::string_view nearest;
  for (std::string_view candidate : candidates) {
    if (candidate == name || candidate.size() > name.size() + 3)
      continue;
    size_t distance = editDistance(name, candidate);
    if (distance < best && distance < name.size()) {
      best = distance;
      nearest = candidate;
    }
  }
  if (nearest.empty())
    return "";
  return "did you mean `" + std::string(nearest) + "`?";
}

static bool isSameLetter(char a, char b) {
  return std::tolower(static_cast<unsigned char>(a)) ==
         std::tolower(static_cast<unsigned char>(b));
}

bool isMisspelling(std::string_view name, std::string_view meant) {
  constexpr size_t longName = 4;
  bool isLong = name.size() >= longName;
  if (name == meant)
    return false;
  // What is left without the beginning and the end that they share.
  while (!name.empty() && !meant.empty() &&
         isSameLetter(name.front(), meant.front())) {
    name.remove_prefix(1);
    meant.remove_prefix(1);
  }
  while (!name.empty() && !meant.empty() &&
         isSameLetter(name.back(), meant.back())) {
    name.remove_suffix(1);
    meant.remove_suffix(1);
  }
  // `Tx` and `Ty`, `H` and `H2` are names of their own.
  auto isDigit = [](unsigned char c) { return std::isdigit(c) != 0; };
  if (std::any_of(name.begin(), name.end(), isDigit) ||
      std::any_of(meant.begin(), meant.end(), isDigit))
    return false;
  if (name.size() != meant.size())
    return name.size() + meant.size() == 1;
  bool isSwapped = name.size() == 2 && isSameLetter(name[0], meant[1]) &&
                   isSameLetter(name[1], meant[0]);
  return name.empty() || (name.size() == 1 && isLong) || isSwapped;
}

} // namespace seqc::dsl
