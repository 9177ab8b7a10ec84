//===- CheckTypes.cpp - Types and dimensions as they are written ----------===//
// `f32[4*H, T]`, `token<V>`, and the arithmetic in them.
//===----------------------------------------------------------------------===//

#include "dsl/Check/Checker.h"
#include "dsl/Diag/Suggest.h"

#include <cmath>

namespace seqc::dsl {

/// A bare name that stands for nothing yet becomes a dimension that is not in
/// the brackets; null for anything else.
DimSymbol *DefinitionChecker::introduceDim(const Expr &expr) {
  const auto *name = expr.as<NameExpr>();
  if (!name || find(name->name) || poisoned.count(name->name) ||
      constants.count(name->name))
    return nullptr;
  auto index = static_cast<unsigned>(def.dims.size());
  def.dims.push_back(std::make_unique<DimSymbol>(
      DimSymbol{name->name, expr.range, index, /*isFree=*/true}));
  declare({name->name, expr.range}, Entity::Kind::Dim, index);
  return def.dims.back().get();
}

/// Those of an argument are bound by each call.
void DefinitionChecker::introduceFreeDims(const TypeExpr &type) {
  for (const ExprPtr &dim : type.dims)
    introduceDim(*dim);
}

std::optional<Type> DefinitionChecker::checkType(const TypeExpr &type) {
  static const std::map<std::string, Element> elements = {
      {"f32", Element::F32},
      {"token", Element::Token},
      {"bool", Element::Bool}};
  auto element = elements.find(type.element.name);
  if (element == elements.end()) {
    engine.report<Diag::UnknownType>(type.element.range, type.element.name)
        .hint("a type is `f32`, `token<V>` or `bool`, with a shape behind it");
    return std::nullopt;
  }
  bool isToken = element->second == Element::Token;
  if (isToken != (type.vocabulary != nullptr)) {
    engine.report<Diag::TokenVocabulary>(type.range);
    return std::nullopt;
  }
  std::optional<Dim> vocabulary = Dim();
  if (isToken)
    vocabulary = checkStaticDim(*type.vocabulary);
  Shape shape;
  for (const ExprPtr &dim : type.dims)
    if (std::optional<Dim> checked = checkDim(*dim))
      shape.push_back(std::move(*checked));
  if (!vocabulary || shape.size() != type.dims.size())
    return std::nullopt;
  return Type::tensor(element->second, std::move(shape), *vocabulary);
}

std::optional<Dim> DefinitionChecker::wholeDim(const Expr &expr, double value) {
  constexpr double largest = 1099511627776.0; // 2^40, of any tensor
  if (value == std::floor(value) && std::abs(value) <= largest)
    return Dim(static_cast<int64_t>(value));
  engine.report<Diag::NotADimension>(expr.range);
  return std::nullopt;
}

std::optional<Dim> DefinitionChecker::checkDim(const Expr &expr) {
  if (engine.isFull())
    return std::nullopt;
  if (const auto *number = expr.as<NumberExpr>())
    return wholeDim(expr, number->value);
  if (const auto *name = expr.as<NameExpr>())
    return checkDimName(expr, name->name);
  if (const auto *binary = expr.as<BinaryExpr>())
    return checkDimArithmetic(expr, *binary);
  Diagnostic &diagnostic = engine.report<Diag::NotADimension>(expr.range);
  if (expr.as<WildcardExpr>())
    diagnostic.hint("in the shape of an argument, a name that is not in the "
                    "brackets is any length");
  return std::nullopt;
}

std::optional<Dim> DefinitionChecker::checkDimName(const Expr &expr,
                                                   const std::string &name) {
  const Entity *entity = find(name);
  if (entity && entity->kind == Entity::Kind::Dim)
    return Dim(def.dims[entity->index].get());
  auto constant = constants.find(name);
  if (!entity && constant != constants.end())
    return wholeDim(expr, constant->second.value);
  if (!poisoned.count(name))
    reportUnknownDim(expr.range, name);
  return std::nullopt;
}

void DefinitionChecker::reportUnknownDim(SourceRange range,
                                         const std::string &name) {
  std::vector<std::string_view> dims;
  for (const auto &dim : def.dims)
    if (dim->name != name)
      dims.push_back(dim->name);
  std::string hint = didYouMean(name, dims);
  if (hint.empty() && !find(name))
    hint = "a dimension is named in the brackets of `" + def.name +
           "` or is one of an argument's";
  engine.report<Diag::UnknownDimension>(range, name, def.name)
      .hint(std::move(hint));
}

std::optional<Dim> DefinitionChecker::checkDimArithmetic(const Expr &expr,
                                                         const BinaryExpr &op) {
  std::optional<Dim> lhs = checkStaticDim(*op.lhs);
  std::optional<Dim> rhs = checkStaticDim(*op.rhs);
  if (!lhs || !rhs)
    return std::nullopt;
  std::optional<Dim> result;
  switch (op.op) {
  case BinaryOp::Add:
    result = Dim::add(*lhs, *rhs);
    break;
  case BinaryOp::Subtract:
    result = Dim::subtract(*lhs, *rhs);
    break;
  case BinaryOp::Multiply:
    result = Dim::multiply(*lhs, *rhs);
    break;
  case BinaryOp::Divide:
    result = Dim::divide(*lhs, *rhs);
    if (!result)
      engine.report<Diag::InexactDivision>(expr.range, lhs->str(), rhs->str());
    return result;
  default:
    engine.report<Diag::NotADimension>(expr.range);
    return std::nullopt;
  }
  if (!result)
    engine.report<Diag::DimensionTooLarge>(expr.range);
  return result;
}

std::optional<Dim> DefinitionChecker::checkStaticDim(const Expr &expr) {
  std::optional<Dim> dim = checkDim(expr);
  const DimSymbol *free = dim ? dim->freeSymbol() : nullptr;
  if (!free)
    return dim;
  engine.report<Diag::RuntimeDimension>(expr.range, free->name)
      .label(free->range, "`" + free->name + "` is not in the brackets");
  return std::nullopt;
}

std::optional<Dim> DefinitionChecker::checkSignedDim(const Expr &expr) {
  const auto *unary = expr.as<UnaryExpr>();
  if (!unary || unary->op != UnaryOp::Negate)
    return checkStaticDim(expr);
  std::optional<Dim> dim = checkStaticDim(*unary->operand);
  return dim ? Dim::multiply(*dim, Dim(-1)) : std::nullopt;
}

} // namespace seqc::dsl
