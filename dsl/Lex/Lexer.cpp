//===- Lexer.cpp - Text to tokens -----------------------------------------===//
// Names, numbers, punctuation, comments.
//===----------------------------------------------------------------------===//

#include "dsl/Lex/Lexer.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace seqc::dsl {

static constexpr size_t maxNameLength = 128;
static constexpr size_t maxNumberLength = 64;

std::string describe(TokenKind kind) {
  switch (kind) {
#define TOKEN(id, what)                                                        \
  case TokenKind::id:                                                          \
    return what;
#define KEYWORD(id, spelling)                                                  \
  case TokenKind::id:                                                          \
    return "`" spelling "`";
#define PUNCTUATION(id, spelling)                                              \
  case TokenKind::id:                                                          \
    return "`" spelling "`";
#include "dsl/Tokens.def"
  }
  return "";
}

bool checkText(const SourceFile &file, DiagnosticEngine &engine) {
  if (file.text().size() > maxFileSize) {
    engine.report<Diag::FileTooLarge>({&file, 0, 0}, file.text().size() >> 20);
    return false;
  }
  size_t bad = findInvalidUtf8(file.text());
  if (bad == std::string_view::npos)
    return true;
  auto at = static_cast<uint32_t>(bad);
  engine.report<Diag::NotUtf8>({&file, at, at + 1});
  return false;
}

static bool isLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
static bool isDigit(char c) { return c >= '0' && c <= '9'; }

Lexer::Lexer(const SourceFile &file, DiagnosticEngine &engine)
    : file(file), engine(engine), text(file.text()) {}

char Lexer::peek(size_t ahead) const {
  return at + ahead < text.size() ? text[at + ahead] : '\0';
}

SourceRange Lexer::rangeFrom(uint32_t begin) const {
  return {&file, begin, at};
}

bool Lexer::skipComment(Token &token) {
  if (peek() != '/' || peek(1) != '/')
    return false;
  bool isDoc = peek(2) == '/' && peek(3) != '/';
  uint32_t begin = at;
  size_t end = text.find('\n', at);
  at = static_cast<uint32_t>(end == std::string_view::npos ? text.size() : end);
  if (isDoc)
    token.doc =
        token.doc.file ? cover(token.doc, rangeFrom(begin)) : rangeFrom(begin);
  return true;
}

void Lexer::skipSpace(Token &token) {
  // Of the line that `at` is in: an empty one parts a comment from what
  // follows.
  bool isEmpty = false;
  while (at < text.size()) {
    char c = peek();
    if (c == '\n') {
      token.startsLine = true;
      if (isEmpty)
        token.doc = {};
      isEmpty = true;
    }
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n')
      ++at;
    else if (!skipComment(token))
      return;
    else
      isEmpty = false;
  }
}

Token Lexer::next() {
  Token token;
  token.startsLine = at == 0;
  while (true) {
    skipSpace(token);
    uint32_t begin = at;
    if (at == text.size())
      token.kind = TokenKind::EndOfFile;
    else if (!lexName(token) && !lexNumber(token) && !lexPunctuation(token) &&
             !lexQuoted(token)) {
      reportStrange(token);
      token.afterFault = true;
      continue;
    }
    token.range = rangeFrom(begin);
    afterImport = token.kind == TokenKind::KwImport;
    return token;
  }
}

/// What stands between quotes. It stands for a value, so that what is around it
/// is not at fault as well.
bool Lexer::lexQuoted(Token &token) {
  const char quote = peek();
  if (quote != '"' && quote != '\'')
    return false;
  size_t close = text.find_first_of(quote == '"' ? "\"\n" : "'\n", at + 1);
  if (close == std::string_view::npos || text[close] == '\n' ||
      text.substr(at, close - at).find('\0') != std::string_view::npos)
    return false;
  uint32_t begin = at;
  at = static_cast<uint32_t>(close + 1);
  if (afterImport) {
    token.kind = TokenKind::Text;
    return true;
  }
  engine.report<Diag::UnexpectedCharacter>(rangeFrom(begin))
      .hint("there is no text in a model, only numbers");
  token.kind = TokenKind::Name;
  return true;
}

/// What another language would mean by a character that begins no token.
static const char *hintFor(char c) {
  switch (c) {
  case ';':
    return "a statement ends with its line";
  case '#':
    return "a comment begins with `//`";
  case '&':
    return "`and` joins truth values";
  case '|':
    return "`or` joins truth values";
  default:
    return "";
  }
}

/// Reports a run of characters that begin no token as one fault, and what goes
/// with them.
void Lexer::reportStrange(Token &token) {
  uint32_t begin = at;
  char first = peek();
  auto isStrange = [&] {
    char c = peek();
    return (c & 0x80) != 0 || static_cast<unsigned char>(c) < 0x20;
  };
  bool strange = isStrange();
  do
    ++at;
  while (at < text.size() && peek() != '\n' &&
         (strange ? isStrange() : peek() == first));
  engine.report<Diag::UnexpectedCharacter>(rangeFrom(begin))
      .hint(hintFor(first));
  // Behind a `;` another statement may begin, behind a `#` there is nothing.
  token.startsLine |= first == ';';
  if (first == '#')
    at = static_cast<uint32_t>(std::min(text.find('\n', at), text.size()));
}

bool Lexer::lexName(Token &token) {
  if (!isLetter(peek()))
    return false;
  uint32_t begin = at;
  while (isLetter(peek()) || isDigit(peek()))
    ++at;
  std::string_view name = text.substr(begin, at - begin);
  token.kind = TokenKind::Name;
  if (name.size() > maxNameLength)
    engine.report<Diag::NameTooLong>(rangeFrom(begin), maxNameLength);
#define KEYWORD(id, spelling)                                                  \
  if (name == spelling)                                                        \
    token.kind = TokenKind::id;
#include "dsl/Tokens.def"
  return true;
}

bool Lexer::lexNumber(Token &token) {
  if (!isDigit(peek()) && !(peek() == '.' && isDigit(peek(1))))
    return false;
  uint32_t begin = at;
  auto skipDigits = [&] {
    while (isDigit(peek()))
      ++at;
  };
  skipDigits();
  if (peek() == '.' && isDigit(peek(1))) {
    ++at;
    skipDigits();
  }
  if (peek() == 'e' || peek() == 'E') {
    ++at;
    if (peek() == '+' || peek() == '-')
      ++at;
    skipDigits();
  }
  while (isLetter(peek()) || isDigit(peek()))
    ++at;
  token.kind = TokenKind::Number;
  std::string_view spelling = text.substr(begin, at - begin);
  const char *end = spelling.data() + spelling.size();
  auto [stop, error] = std::from_chars(spelling.data(), end, token.number);
  bool good = stop == end && error == std::errc() &&
              spelling.size() <= maxNumberLength &&
              token.number <= std::numeric_limits<float>::max();
  if (!good)
    engine.report<Diag::BadNumber>(rangeFrom(begin));
  return true;
}

bool Lexer::lexPunctuation(Token &token) {
  const char first = peek();
#define PUNCTUATION(id, spelling)                                              \
  if (first == spelling[0] &&                                                  \
      text.substr(at, sizeof(spelling) - 1) == spelling) {                     \
    token.kind = TokenKind::id;                                                \
    at += sizeof(spelling) - 1;                                                \
    return true;                                                               \
  }
#include "dsl/Tokens.def"
  return false;
}

} // namespace seqc::dsl
