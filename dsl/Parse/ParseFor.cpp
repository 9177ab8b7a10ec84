//===- ParseFor.cpp - The `for` half of the parser's expressions ----------===//
// Names, sequences, and a body of `let`s with a value behind them.
//===----------------------------------------------------------------------===//

#include "dsl/Parse/ParserImpl.h"

#include <algorithm>

namespace seqc::dsl {

static unsigned heightOf(const ForExpr &loop) {
  unsigned height = 0;
  for (const ExprPtr &sequence : loop.sequences)
    height = std::max(height, sequence->height);
  for (const LetMember &let : loop.lets)
    height = std::max(height, let.value->height);
  for (const ExprPtr &value : loop.values)
    height = std::max(height, value->height);
  return height;
}

/// `for m in memory { score(concat(m, query))[0] }`
ExprPtr Parser::parseFor() {
  if (++depth > maxDepth)
    return tooDeep(token.range);
  SourceRange begin = take().range;
  ForExpr loop;
  if (!parseForHead(loop) || !parseForBody(loop))
    return nullptr;
  --depth;
  unsigned height = heightOf(loop) + 1;
  return make(rangeFrom(begin), std::move(loop), height);
}

/// `a, b in x, y`
bool Parser::parseForHead(ForExpr &loop) {
  do {
    Identifier name;
    if (!parseIdentifier(name))
      return false;
    loop.names.push_back(std::move(name));
  } while (accept(TokenKind::Comma));
  if (!expect(TokenKind::KwIn))
    return false;
  do {
    loop.sequences.push_back(parseExpr());
    if (!loop.sequences.back())
      return false;
  } while (accept(TokenKind::Comma));
  return true;
}

/// `{ let a = f(m) <line's end> g(a), a }`
bool Parser::parseForBody(ForExpr &loop) {
  if (!expect(TokenKind::LeftBrace))
    return false;
  ++openBraces;
  Brace inside(*this);
  while (is(TokenKind::KwLet)) {
    std::optional<Member> member = parseMember();
    if (!member)
      return false;
    loop.lets.push_back(std::move(std::get<LetMember>(member->node)));
  }
  if (is(TokenKind::RightBrace)) {
    reportExpectedHere("an expression");
    return false;
  }
  do {
    loop.values.push_back(parseExpr());
    if (!loop.values.back())
      return false;
  } while (accept(TokenKind::Comma));
  if (!expect(TokenKind::RightBrace))
    return false;
  --openBraces;
  return true;
}

} // namespace seqc::dsl
