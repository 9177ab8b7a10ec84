//===- SourceFile.cpp - Text and places in it -----------------------------===//
// The line table, and UTF-8.
//===----------------------------------------------------------------------===//

#include "dsl/Diag/SourceFile.h"

#include <algorithm>
#include <cstring>

namespace seqc::dsl {

SourceFile::SourceFile(std::string name, std::string text)
    : fileName(std::move(name)), contents(std::move(text)), lineStarts{0} {
  // Some editors begin a file with a byte-order mark: it is no part of the
  // first line, so it is gone before places are counted.
  constexpr std::string_view byteOrderMark = "\xEF\xBB\xBF";
  if (contents.compare(0, byteOrderMark.size(), byteOrderMark) == 0)
    contents.erase(0, byteOrderMark.size());
  for (size_t at = contents.find('\n'); at != std::string::npos;
       at = contents.find('\n', at + 1))
    lineStarts.push_back(static_cast<uint32_t>(at + 1));
}

LineColumn SourceFile::lineColumn(uint32_t offset) const {
  auto after = std::upper_bound(lineStarts.begin(), lineStarts.end(), offset);
  auto number = static_cast<uint32_t>(after - lineStarts.begin());
  uint32_t start = lineStarts[number - 1];
  std::string_view before = text().substr(start, offset - start);
  return {number, static_cast<uint32_t>(countCodePoints(before)) + 1};
}

std::string_view SourceFile::line(uint32_t number) const {
  std::string_view rest = text().substr(lineStarts[number - 1]);
  rest = rest.substr(0, rest.find('\n'));
  if (!rest.empty() && rest.back() == '\r')
    rest.remove_suffix(1);
  return rest;
}

/// How many bytes a sequence that begins with `lead` has; 0 if none can.
static size_t sequenceLength(unsigned char lead) {
  if (lead < 0x80)
    return 1;
  if (lead >= 0xC2 && lead <= 0xDF)
    return 2;
  if ((lead & 0xF0) == 0xE0)
    return 3;
  return lead >= 0xF0 && lead <= 0xF4 ? 4 : 0;
}

/// What the second byte may be: no overlong forms, surrogates, or code points
/// above U+10FFFF.
static bool isSecondByte(unsigned char lead, unsigned char second) {
  unsigned char low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  unsigned char high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  return second >= low && second <= high;
}

size_t findInvalidUtf8(std::string_view text) {
  const auto *bytes = reinterpret_cast<const unsigned char *>(text.data());
  for (size_t i = 0; i < text.size();) {
    size_t length = sequenceLength(bytes[i]);
    if (length == 0 || i + length > text.size())
      return i;
    if (length > 1 && !isSecondByte(bytes[i], bytes[i + 1]))
      return i;
    for (size_t k = 2; k < length; ++k)
      if ((bytes[i + k] & 0xC0) != 0x80)
        return i;
    i += length;
  }
  return std::string_view::npos;
}

size_t countCodePoints(std::string_view text) {
  return std::count_if(text.begin(), text.end(),
                       [](char c) { return (c & 0xC0) != 0x80; });
}

} // namespace seqc::dsl
