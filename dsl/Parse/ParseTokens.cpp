//===- ParseTokens.cpp - Tokens, and what is expected of them -------------===//
// One token of look-ahead beyond the current one; what is said where another
// token stands than the grammar asks for.
//===----------------------------------------------------------------------===//

#include "dsl/Parse/ParserImpl.h"

namespace seqc::dsl {

Token Parser::take() {
  Token taken = token;
  last = taken.range;
  token = following;
  if (following.kind != TokenKind::EndOfFile)
    following = lexer.next();
  return taken;
}

bool Parser::accept(TokenKind kind) {
  if (!is(kind))
    return false;
  take();
  return true;
}

bool Parser::expect(TokenKind kind) {
  if (accept(kind))
    return true;
  expected(describe(kind));
  return false;
}

bool Parser::expectClosing(TokenKind kind) {
  if (accept(kind))
    return true;
  std::string_view bracket = opened.text();
  Diagnostic &diagnostic = reportExpected(describe(kind));
  if (bracket == "(" || bracket == "[")
    diagnostic.label(opened, "opened here");
  return false;
}

/// In the middle of a statement. Where a line ends too early, the fault is at
/// its end.
Diagnostic &Parser::reportExpected(const std::string &what) {
  if (!token.startsLine || brackets > 0 || is(TokenKind::EndOfFile) ||
      token.afterFault)
    return reportExpectedHere(what);
  return engine.report<Diag::Expected>({file.get(), last.end, last.end}, what,
                                       "the end of the line");
}

Diagnostic &Parser::reportExpectedHere(const std::string &what) {
  if (token.afterFault)
    return suppressed;
  std::string found = describe(token.kind);
  if (is(TokenKind::Name) || is(TokenKind::Number))
    found = "`" + std::string(token.text()) + "`";
  return engine.report<Diag::Expected>(token.range, what, found);
}

std::nullptr_t Parser::expected(const std::string &what) {
  reportExpected(what);
  return nullptr;
}

static bool isKeyword(TokenKind kind) {
  switch (kind) {
#define KEYWORD(id, spelling)                                                  \
  case TokenKind::id:                                                          \
    return true;
#include "dsl/Tokens.def"
  default:
    return false;
  }
}

std::nullptr_t Parser::expectedName(const std::string &what) {
  Diagnostic &diagnostic = reportExpected(what);
  if (isKeyword(token.kind) && !token.startsLine)
    diagnostic.hint(describe(token.kind) + " is a keyword and names nothing");
  return nullptr;
}

bool Parser::parseIdentifier(Identifier &identifier) {
  if (!is(TokenKind::Name))
    return expectedName("a name") != nullptr;
  Token name = take();
  identifier = {std::string(name.text()), name.range};
  return true;
}

} // namespace seqc::dsl
