//===- number.h - Numbers in text -----------------------------------------===//
// One idea of what a number is, for all readers.
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_DATA_NUMBER_H
#define SEQC_RUNTIME_DATA_NUMBER_H

#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <string_view>

namespace seqc::data {

/// The decimal number that `text` is, between blanks at most; none where it is
/// anything else, or too large for f32. `1e-3` and `+2` are numbers, `nan`,
/// `inf`, `1e39`, `1,5` and `` are not.
inline std::optional<double> numberIn(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r";
  const size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos)
    return std::nullopt;
  text = text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
  if (text.size() > 1 && text[0] == '+' && text[1] != '-')
    text.remove_prefix(1);
  double value = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() ||
      !(std::abs(value) <= std::numeric_limits<float>::max()))
    return std::nullopt;
  return value;
}

} // namespace seqc::data

#endif // SEQC_RUNTIME_DATA_NUMBER_H
