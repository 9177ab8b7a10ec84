//===- CheckTokens.cpp - Tokens beside numbers, and their arithmetic ------===//
// A whole number that is written where a token is expected is one. Sums and
// products of tokens are tokens of a vocabulary that just holds them, so that
// no arithmetic can leave its vocabulary.
//===----------------------------------------------------------------------===//

#include "dsl/Check/Checker.h"

#include <cmath>

namespace seqc::dsl {

/// Whole numbers that a double holds exactly, and to spare.
static constexpr double largestLiteral = 1099511627776.0; // 2^40

/// The whole number that is written: a literal, a static dimension, or a sum,
/// difference or product of these.
static std::optional<Dim> asWholeNumber(const TypedExpr &expr) {
  if (const auto *constant = expr.as<ConstantNode>()) {
    double value = constant->value;
    bool isWhole =
        value == std::floor(value) && std::abs(value) < largestLiteral;
    return isWhole ? std::optional<Dim>(static_cast<int64_t>(value))
                   : std::nullopt;
  }
  if (const auto *dim = expr.as<DimNode>())
    return dim->dim;
  const auto *elementwise = expr.as<ElementwiseNode>();
  if (!elementwise || expr.operands.size() != 2)
    return std::nullopt;
  std::optional<Dim> a = asWholeNumber(*expr.operands[0]);
  std::optional<Dim> b = asWholeNumber(*expr.operands[1]);
  if (!a || !b)
    return std::nullopt;
  switch (elementwise->op) {
  case ElementwiseOp::Add:
    return Dim::add(*a, *b);
  case ElementwiseOp::Subtract:
    return Dim::subtract(*a, *b);
  case ElementwiseOp::Multiply:
    return Dim::multiply(*a, *b);
  default:
    return std::nullopt;
  }
}

/// Makes a token of a number that is written; of `vocabulary`, or, where there
/// is none, of the smallest that has it.
static bool makeToken(TypedPtr &value, const std::optional<Dim> &vocabulary) {
  std::optional<Dim> number =
      value->type.isNumber() ? asWholeNumber(*value) : std::nullopt;
  std::optional<Dim> size =
      !number || vocabulary ? vocabulary : Dim::add(*number, Dim(1));
  if (!number || !size)
    return false;
  value->type = Type::tensor(Element::Token, {}, *size);
  value->node = TokenNode{*number};
  value->operands.clear();
  return true;
}

/// Where one of two values is a token and the other a number that is written,
/// makes that a token of the same vocabulary. False after a report.
bool DefinitionChecker::meetToken(TypedPtr &a, TypedPtr &b) {
  if (a->type.isToken() == b->type.isToken())
    return true;
  TypedPtr &token = a->type.isToken() ? a : b;
  TypedPtr &other = a->type.isToken() ? b : a;
  return makeToken(other, token->type.vocabulary) ||
         requireElement(*other, Element::Token);
}

bool DefinitionChecker::sameVocabulary(const TypedExpr &a, const TypedExpr &b) {
  if (a.type.vocabulary == b.type.vocabulary)
    return true;
  engine
      .report<Diag::ShapeMismatch>(b.range, toString(b.type), toString(a.type))
      .label(a.range, "this is `" + toString(a.type) + "`");
  return false;
}

/// `a + b` and `a * b`, one of which is a token.
TypedPtr DefinitionChecker::checkTokenArithmetic(const Expr &expr,
                                                 ElementwiseOp op, TypedPtr lhs,
                                                 TypedPtr rhs) {
  if (op != ElementwiseOp::Add && op != ElementwiseOp::Multiply) {
    engine.report<Diag::TokenArithmetic>(expr.range);
    return nullptr;
  }
  for (TypedPtr *side : {&lhs, &rhs})
    if (!(*side)->type.isToken() && !makeToken(*side, std::nullopt)) {
      requireElement(**side, Element::Token);
      return nullptr;
    }
  // The largest tokens are one less than the sizes.
  std::optional<Dim> a = Dim::subtract(lhs->type.vocabulary, Dim(1));
  std::optional<Dim> b = Dim::subtract(rhs->type.vocabulary, Dim(1));
  std::optional<Dim> largest;
  if (a && b)
    largest =
        op == ElementwiseOp::Add ? Dim::add(*a, *b) : Dim::multiply(*a, *b);
  std::optional<Dim> size =
      largest ? Dim::add(*largest, Dim(1)) : std::optional<Dim>();
  if (!size) {
    engine.report<Diag::DimensionTooLarge>(expr.range);
    return nullptr;
  }
  return elementwise(expr.range, op, Type::tensor(Element::Token, {}, *size),
                     list(std::move(lhs), std::move(rhs)));
}

TypedPtr DefinitionChecker::callOneHot(const Expr &expr, const CallExpr &call) {
  std::vector<const Expr *> values;
  if (!arrange(call, {"token"}, values))
    return nullptr;
  TypedPtr token = checkElement(*values[0], Element::Token);
  if (!token)
    return nullptr;
  Shape shape = token->type.shape;
  shape.push_back(token->type.vocabulary);
  return make(expr.range, Type::number(std::move(shape)), OneHotNode{},
              list(std::move(token)));
}

} // namespace seqc::dsl
