//===- Lexer.h - Text to tokens -------------------------------------------===//
// Owns the division of a file into tokens, one at a time: nothing is kept, so
// that a file of a hundred megabytes costs no more than its text.
//===----------------------------------------------------------------------===//

#ifndef SEQC_DSL_LEX_LEXER_H
#define SEQC_DSL_LEX_LEXER_H

#include "dsl/Diag/Diagnostic.h"

namespace seqc::dsl {

/// The largest text that is read.
inline constexpr size_t maxFileSize = size_t{16} << 20;

enum class TokenKind : uint8_t {
#define TOKEN(id, what) id,
#define KEYWORD(id, spelling) id,
#define PUNCTUATION(id, spelling) id,
#include "dsl/Tokens.def"
};

/// A kind in words for messages: "`->`", "a name".
std::string describe(TokenKind kind);

struct Token {
  TokenKind kind = TokenKind::EndOfFile;
  SourceRange range;
  /// The first token of its line: there a statement may begin, and an
  /// expression outside of brackets ends before it.
  bool startsLine = false;
  /// What stands before it was reported: what the parser would say of it
  /// follows from that.
  bool afterFault = false;
  double number = 0;
  /// The `///` lines right before the token, without an empty line between.
  SourceRange doc;

  std::string_view text() const { return range.text(); }
};

class Lexer {
public:
  Lexer(const SourceFile &file, DiagnosticEngine &engine);

  /// The next token; what is no token is reported and left out.
  Token next();

private:
  void skipSpace(Token &token);
  bool skipComment(Token &token);
  bool lexName(Token &token);
  bool lexNumber(Token &token);
  bool lexPunctuation(Token &token);
  bool lexQuoted(Token &token);
  void reportStrange(Token &token);
  char peek(size_t ahead = 0) const;
  SourceRange rangeFrom(uint32_t begin) const;

  const SourceFile &file;
  DiagnosticEngine &engine;
  std::string_view text;
  uint32_t at = 0;
  bool afterImport = false; ///< the one place where text stands
};

/// Reports a file that is too large or not UTF-8; false if so.
bool checkText(const SourceFile &file, DiagnosticEngine &engine);

} // namespace seqc::dsl

#endif // SEQC_DSL_LEX_LEXER_H
