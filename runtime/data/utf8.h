//===- utf8.h - Text of any origin as UTF-8 -------------------------------===//
// The few questions that readers and tokenizers ask about Unicode, answered by
// utf8proc.
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_DATA_UTF8_H
#define SEQC_RUNTIME_DATA_UTF8_H

#include <string>
#include <string_view>
#include <vector>

namespace seqc::data {

/// `text` with U+FFFD in place of each byte that belongs to no character, and
/// without a byte order mark. `isBroken` is set where there was such a byte,
/// and else left alone.
std::string repaired(std::string_view text, bool &isBroken);

/// The characters of valid UTF-8, each with its own bytes.
std::vector<std::string_view> characters(std::string_view text);

/// The first `count` characters of valid UTF-8, with `...` where there are
/// more, on one line.
std::string shortened(std::string_view text, size_t count);

/// Valid UTF-8 with each character in lower case, as far as that is one
/// character again.
std::string lowered(std::string_view text);

/// Whether a character is white space (Unicode's separators, and the controls
/// that move on: tab, line feed, ...).
bool isSpace(std::string_view character);

} // namespace seqc::data

#endif // SEQC_RUNTIME_DATA_UTF8_H
