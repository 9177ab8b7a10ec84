//===- utf8.cpp - Text of any origin as UTF-8 -----------------------------===//
// Walks over code points; nothing of Unicode's tables is here.
//===----------------------------------------------------------------------===//

#include "runtime/data/utf8.h"

#include <utf8proc.h>

namespace seqc::data {
namespace {

struct Character {
  utf8proc_int32_t codepoint;
  /// Bytes; of what is no character, one.
  size_t size;
  bool isValid;
};

Character characterAt(std::string_view text) {
  utf8proc_int32_t codepoint = -1;
  const auto *bytes = reinterpret_cast<const utf8proc_uint8_t *>(text.data());
  const utf8proc_ssize_t size = utf8proc_iterate(
      bytes, static_cast<utf8proc_ssize_t>(text.size()), &codepoint);
  if (size <= 0)
    return {-1, 1, false};
  return {codepoint, static_cast<size_t>(size), true};
}

void append(std::string &text, utf8proc_int32_t codepoint) {
  utf8proc_uint8_t bytes[4];
  const utf8proc_ssize_t size = utf8proc_encode_char(codepoint, bytes);
  text.append(reinterpret_cast<const char *>(bytes), static_cast<size_t>(size));
}

} // namespace

std::string repaired(std::string_view text, bool &isBroken) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  constexpr utf8proc_int32_t kReplacement = 0xFFFD;
  if (text.substr(0, kMark.size()) == kMark)
    text.remove_prefix(kMark.size());
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const Character character = characterAt(text);
    if (character.isValid) {
      result.append(text.substr(0, character.size));
    } else {
      append(result, kReplacement);
      isBroken = true;
    }
    text.remove_prefix(character.size);
  }
  return result;
}

std::vector<std::string_view> characters(std::string_view text) {
  std::vector<std::string_view> result;
  while (!text.empty()) {
    const size_t size = characterAt(text).size;
    result.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return result;
}

std::string shortened(std::string_view text, size_t count) {
  std::string result;
  size_t taken = 0;
  for (std::string_view character : characters(text)) {
    if (taken++ == count)
      return result + "...";
    result += isSpace(character) ? " " : character;
  }
  return result;
}

std::string lowered(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::string_view character : characters(text)) {
    const utf8proc_int32_t codepoint = characterAt(character).codepoint;
    const utf8proc_int32_t lower = utf8proc_tolower(codepoint);
    if (lower == codepoint)
      result.append(character);
    else
      append(result, lower);
  }
  return result;
}

bool isSpace(std::string_view character) {
  const utf8proc_int32_t codepoint = characterAt(character).codepoint;
  if ((codepoint >= '\t' && codepoint <= '\r') || codepoint == 0x85)
    return true;
  switch (utf8proc_category(codepoint)) {
  case UTF8PROC_CATEGORY_ZS:
  case UTF8PROC_CATEGORY_ZL:
  case UTF8PROC_CATEGORY_ZP:
    return true;
  default:
    return false;
  }
}

} // namespace seqc::data
