//===- tokenizer.h - Text as tokens ---------------------------------------===//
// How a text is cut; which number a token has is the vocabulary's business.
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_DATA_TOKENIZER_H
#define SEQC_RUNTIME_DATA_TOKENIZER_H

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace seqc::data {

enum class Tokenizer {
  /// Words in lower case, with `. , ( ) ! ? '` as tokens of their own; `" ; :`
  /// and the tag `<br />` only part words. What torchtext calls
  /// `basic_english`.
  BasicEnglish,
  /// What stands between white space, as it is.
  Whitespace,
  /// Each character, white space included.
  Characters,
  /// Each byte, as two hexadecimal digits.
  Bytes
};

/// `basic-english`, `whitespace`, `characters`, `bytes`. Throws runtime::Error
/// for any other name.
Tokenizer tokenizerNamed(std::string_view name);
std::string_view nameOf(Tokenizer tokenizer);

/// The tokens of `text`, which is valid UTF-8 (`Bytes` takes anything).
std::vector<std::string> tokensOf(Tokenizer tokenizer, std::string_view text);

/// How a token reads behind others, or, if it `isFirst`, at the beginning: with
/// a space before a word, and the byte that two digits stand for. Tokens that
/// the tokenizer never makes read as they are.
std::string spellingOf(Tokenizer tokenizer, const std::string &token,
                       bool isFirst);

/// Which part of a text that is too long is kept.
enum class Truncation {
  /// The beginning.
  Head,
  /// The end.
  Tail,
  /// Half from either end: what a review says first and last.
  Ends
};

/// `head`, `tail`, `ends`. Throws runtime::Error for any other name.
Truncation truncationNamed(std::string_view name);
std::string_view nameOf(Truncation truncation);

/// At most `length` of the tokens, in their order.
template <typename Token>
void truncate(std::vector<Token> &tokens, size_t length, Truncation kept) {
  if (tokens.size() <= length)
    return;
  const size_t head = kept == Truncation::Head   ? length
                      : kept == Truncation::Tail ? 0
                                                 : length - length / 2;
  tokens.erase(tokens.begin() + static_cast<std::ptrdiff_t>(head),
               tokens.end() - static_cast<std::ptrdiff_t>(length - head));
}

} // namespace seqc::data

#endif // SEQC_RUNTIME_DATA_TOKENIZER_H
