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

bool isMisspelling(std::string_view name, std::string_view meant) {
  if (name == meant || editDistance(name, meant) > 1)
    return false;
  // `T` and `S`, `Tx` and `Ty` are names of their own.
  constexpr size_t longName = 4;
  auto letters = [](std::string_view text) {
    std::string sorted;
    for (char c : text)
      sorted += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    std::sort(sorted.begin(), sorted.end());
    return sorted;
  };
  bool isOtherLetter =
      name.size() == meant.size() && letters(name) != letters(meant);
  return !isOtherLetter || name.size() >= longName;
}

} // namespace seqc::dsl
