//===- ParseExpressions.cpp - The expression half of the parser -----------===//
// Precedence climbing, and what stands in brackets.
//===----------------------------------------------------------------------===//

#include "dsl/Parse/ParserImpl.h"

#include <algorithm>

namespace seqc::dsl {

ExprPtr Parser::make(SourceRange range, Expr::Node node, unsigned height) {
  if (height > maxHeight)
    return tooDeep(range);
  auto expr = std::make_unique<Expr>(Expr{range, std::move(node), height});
  return expr;
}

std::nullptr_t Parser::tooDeep(SourceRange range) {
  if (!stopped)
    engine.report<Diag::NestingTooDeep>(range);
  stopped = true;
  return nullptr;
}

namespace {
struct Operator {
  TokenKind token;
  BinaryOp op;
  int precedence;
};
} // namespace

static constexpr int comparisonPrecedence = 2;
static constexpr int notPrecedence = 2;

static constexpr Operator operators[] = {
    {TokenKind::KwOr, BinaryOp::Or, 0},
    {TokenKind::KwAnd, BinaryOp::And, 1},
    {TokenKind::EqualEqual, BinaryOp::Equal, comparisonPrecedence},
    {TokenKind::NotEqual, BinaryOp::NotEqual, comparisonPrecedence},
    {TokenKind::Less, BinaryOp::Less, comparisonPrecedence},
    {TokenKind::LessEqual, BinaryOp::LessEqual, comparisonPrecedence},
    {TokenKind::Greater, BinaryOp::Greater, comparisonPrecedence},
    {TokenKind::GreaterEqual, BinaryOp::GreaterEqual, comparisonPrecedence},
    {TokenKind::Plus, BinaryOp::Add, 3},
    {TokenKind::Minus, BinaryOp::Subtract, 3},
    {TokenKind::Star, BinaryOp::Multiply, 4},
    {TokenKind::Slash, BinaryOp::Divide, 4},
    {TokenKind::At, BinaryOp::MatMul, 4},
};

static const Operator *findOperator(TokenKind kind) {
  const auto *found =
      std::find_if(std::begin(operators), std::end(operators),
                   [&](const Operator &op) { return op.token == kind; });
  return found == std::end(operators) ? nullptr : found;
}

ExprPtr Parser::parseAdditive() {
  return parseBinary(comparisonPrecedence + 1);
}

ExprPtr Parser::parseBinary(int minPrecedence) {
  ExprPtr lhs = parseUnary();
  bool compared = false;
  while (lhs && continues()) {
    const Operator *found = findOperator(token.kind);
    if (!found || found->precedence < minPrecedence)
      return lhs;
    // `a < b < c` means nothing here: comparisons do not chain.
    if (found->precedence == comparisonPrecedence && compared) {
      reportExpected("the end of the comparison")
          .hint("`a < b and b < c` compares three");
      return nullptr;
    }
    compared = found->precedence == comparisonPrecedence;
    take();
    ExprPtr rhs = parseBinary(found->precedence + 1);
    if (!rhs)
      return nullptr;
    SourceRange range = cover(lhs->range, rhs->range);
    unsigned height = std::max(lhs->height, rhs->height) + 1;
    lhs = make(range, BinaryExpr{found->op, std::move(lhs), std::move(rhs)},
               height);
  }
  return lhs;
}

ExprPtr Parser::parseUnary() {
  bool isNot = is(TokenKind::KwNot);
  if (!isNot && !is(TokenKind::Minus))
    return parsePower();
  if (++depth > maxDepth)
    return tooDeep(token.range);
  SourceRange begin = take().range;
  ExprPtr operand = isNot ? parseBinary(notPrecedence) : parseUnary();
  --depth;
  if (!operand)
    return nullptr;
  unsigned height = operand->height + 1;
  UnaryOp op = isNot ? UnaryOp::Not : UnaryOp::Negate;
  return make(rangeFrom(begin), UnaryExpr{op, std::move(operand)}, height);
}

/// Binds tighter than a sign before it and groups to the right: `-x^2` is
/// `-(x^2)`.
ExprPtr Parser::parsePower() {
  ExprPtr base = parsePostfix();
  if (!base || !is(TokenKind::Caret) || !continues())
    return base;
  if (++depth > maxDepth)
    return tooDeep(token.range);
  take();
  ExprPtr exponent = parseUnary();
  --depth;
  if (!exponent)
    return nullptr;
  SourceRange range = cover(base->range, exponent->range);
  unsigned height = std::max(base->height, exponent->height) + 1;
  return make(range,
              BinaryExpr{BinaryOp::Power, std::move(base), std::move(exponent)},
              height);
}

ExprPtr Parser::parsePostfix() {
  ExprPtr expr = parsePrimary();
  while (expr && continues()) {
    if (is(TokenKind::LeftParen)) {
      expr = parseCall(std::move(expr));
    } else if (is(TokenKind::LeftBracket)) {
      expr = parseIndex(std::move(expr));
    } else if (is(TokenKind::Dot)) {
      take();
      Identifier field;
      if (!parseIdentifier(field))
        return nullptr;
      SourceRange range = cover(expr->range, field.range);
      unsigned height = expr->height + 1;
      expr = make(range, FieldExpr{std::move(expr), std::move(field)}, height);
    } else {
      return expr;
    }
  }
  return expr;
}

ExprPtr Parser::parsePrimary() {
  switch (token.kind) {
  case TokenKind::Number: {
    Token number = take();
    return make(number.range, NumberExpr{number.number});
  }
  case TokenKind::KwTrue:
  case TokenKind::KwFalse: {
    bool value = is(TokenKind::KwTrue);
    return make(take().range, BoolExpr{value});
  }
  case TokenKind::Name: {
    Token name = take();
    if (name.text() == "_")
      return make(name.range, WildcardExpr{});
    return make(name.range, NameExpr{std::string(name.text())});
  }
  case TokenKind::LeftParen:
    return parseParenthesized();
  case TokenKind::LeftBracket:
    return parseList();
  case TokenKind::KwFor:
    return parseFor();
  default:
    if (is(TokenKind::Star) && last.text() == "*") {
      reportExpected("an expression").hint("`^` is the power");
      return nullptr;
    }
    return expectedName("an expression");
  }
}

static unsigned highest(const std::vector<ExprPtr> &exprs) {
  unsigned height = 0;
  for (const ExprPtr &expr : exprs)
    height = std::max(height, expr->height);
  return height;
}

static unsigned highest(const std::vector<Argument> &arguments) {
  unsigned height = 0;
  for (const Argument &argument : arguments)
    height = std::max(height, argument.value->height);
  return height;
}

/// `(expr)`, or a record: `(h = h0, c = c0)`.
ExprPtr Parser::parseParenthesized() {
  if (++depth > maxDepth)
    return tooDeep(token.range);
  Bracket inside(*this);
  SourceRange begin = take().range;
  ExprPtr expr;
  if (is(TokenKind::Name) && following.kind == TokenKind::Equal) {
    std::vector<Argument> fields;
    if (!parseArguments(fields))
      return nullptr;
    unsigned height = highest(fields) + 1;
    expr = make(rangeFrom(begin), RecordExpr{std::move(fields)}, height);
  } else {
    expr = parseExpr();
    if (!expr || !expectClosing(TokenKind::RightParen))
      return nullptr;
    expr->range = rangeFrom(begin);
  }
  --depth;
  return expr;
}

ExprPtr Parser::parseList() {
  if (++depth > maxDepth)
    return tooDeep(token.range);
  Bracket inside(*this);
  SourceRange begin = take().range;
  std::vector<ExprPtr> elements;
  if (!parseExprs(elements, TokenKind::RightBracket))
    return nullptr;
  --depth;
  unsigned height = highest(elements) + 1;
  return make(rangeFrom(begin), ListExpr{std::move(elements)}, height);
}

ExprPtr Parser::parseCall(ExprPtr callee) {
  auto *index = std::get_if<IndexExpr>(&callee->node);
  const auto *name = (index ? *index->base : *callee).as<NameExpr>();
  if (!name) {
    reportExpected("an operator (only a name can be called)")
        .hint("`use` makes an instance of a layer and gives it a name");
    return nullptr;
  }
  if (++depth > maxDepth)
    return tooDeep(token.range);
  Bracket inside(*this);
  take();
  std::vector<Argument> arguments;
  if (!parseArguments(arguments))
    return nullptr;
  --depth;
  std::vector<ExprPtr> dims;
  Identifier called{name->name, callee->range};
  if (index) {
    dims = std::move(index->indices);
    called.range = index->base->range;
  }
  unsigned height = std::max(highest(dims), highest(arguments)) + 1;
  return make(rangeFrom(callee->range),
              CallExpr{called, std::move(dims), std::move(arguments)}, height);
}

/// Up to and with the closing parenthesis.
bool Parser::parseArguments(std::vector<Argument> &arguments) {
  while (!is(TokenKind::RightParen)) {
    Argument argument;
    if (is(TokenKind::Name) && following.kind == TokenKind::Equal) {
      argument.name.emplace();
      parseIdentifier(*argument.name);
      take();
    }
    argument.value = parseExpr();
    if (!argument.value)
      return false;
    arguments.push_back(std::move(argument));
    if (!accept(TokenKind::Comma))
      break;
  }
  return expectClosing(TokenKind::RightParen);
}

bool Parser::parseExprs(std::vector<ExprPtr> &exprs, TokenKind close) {
  while (!is(close)) {
    exprs.push_back(parseExpr());
    if (!exprs.back())
      return false;
    if (!accept(TokenKind::Comma))
      break;
  }
  return expectClosing(close);
}

ExprPtr Parser::parseIndexItem() {
  SourceRange begin = token.range;
  ExprPtr first;
  if (!is(TokenKind::Colon)) {
    first = parseExpr();
    if (!first || !is(TokenKind::Colon))
      return first;
  }
  take();
  ExprPtr end;
  if (!is(TokenKind::RightBracket) && !is(TokenKind::Comma)) {
    end = parseExpr();
    if (!end)
      return nullptr;
  }
  unsigned height = std::max(first ? first->height : 0, end ? end->height : 0);
  return make(rangeFrom(begin), SliceExpr{std::move(first), std::move(end)},
              height + 1);
}

ExprPtr Parser::parseIndex(ExprPtr base) {
  if (++depth > maxDepth)
    return tooDeep(token.range);
  Bracket inside(*this);
  take();
  std::vector<ExprPtr> indices;
  do {
    indices.push_back(parseIndexItem());
    if (!indices.back())
      return nullptr;
  } while (accept(TokenKind::Comma) && !is(TokenKind::RightBracket));
  if (!expectClosing(TokenKind::RightBracket))
    return nullptr;
  --depth;
  SourceRange range = rangeFrom(base->range);
  unsigned height = std::max(base->height, highest(indices)) + 1;
  return make(range, IndexExpr{std::move(base), std::move(indices)}, height);
}

} // namespace seqc::dsl
