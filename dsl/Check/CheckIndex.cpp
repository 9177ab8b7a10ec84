//===- CheckIndex.cpp - Indexing and slices -------------------------------===//
// `x[-1]`, `x[a:b]`, `weight[token]`, `final[k]`.
//===----------------------------------------------------------------------===//

#include "dsl/Check/Checker.h"

namespace seqc::dsl {

TypedPtr DefinitionChecker::checkIndex(const Expr &expr,
                                       const IndexExpr &index) {
  TypedPtr base = checkExpr(*index.base);
  if (!base)
    return nullptr;
  if (base->type.kind == Type::Kind::List)
    return checkElementOf(expr, index, std::move(base));
  if (!base->type.isTensor()) {
    Diagnostic &diagnostic = engine.report<Diag::NotOneTensor>(
        index.base->range, toString(base->type));
    if (base->type.kind == Type::Kind::Record)
      diagnostic.hint("only states of a recurrence with `layers` are taken by "
                      "`[k]`");
    return nullptr;
  }
  if (index.indices.size() > base->type.shape.size()) {
    engine.report<Diag::TooManyIndices>(
        index.indices[base->type.shape.size()]->range, toString(base->type),
        index.indices.size());
    return nullptr;
  }
  if (index.indices.size() == 1 && isToken(*index.indices.front()))
    return checkGather(expr, std::move(base), *index.indices.front());
  int64_t axis = 0;
  for (const ExprPtr &item : index.indices) {
    base = indexAxis(expr, std::move(base), axis, *item);
    if (!base)
      return nullptr;
  }
  return base;
}

/// Whether an index is written as a value and not as a number.
bool DefinitionChecker::isToken(const Expr &expr) const {
  if (const auto *name = expr.as<NameExpr>()) {
    const Entity *entity = find(name->name);
    return entity ? entity->kind != Entity::Kind::Dim
                  : poisoned.count(name->name) > 0;
  }
  if (const auto *binary = expr.as<BinaryExpr>())
    return isToken(*binary->lhs) || isToken(*binary->rhs);
  return expr.as<CallExpr>() || expr.as<IndexExpr>() || expr.as<FieldExpr>();
}

TypedPtr DefinitionChecker::checkElementOf(const Expr &expr,
                                           const IndexExpr &index,
                                           TypedPtr base) {
  const Expr &item = *index.indices.front();
  if (index.indices.size() > 1 || item.as<SliceExpr>()) {
    engine.report<Diag::NotAnIndex>(index.indices.back()->range);
    return nullptr;
  }
  std::optional<Dim> position = checkSignedDim(item);
  if (!position || !checkInRange(item.range, *position, base->type.count,
                                 toString(base->type)))
    return nullptr;
  Type type = base->type.parts.front();
  return make(expr.range, std::move(type), ElementNode{*position},
              list(std::move(base)));
}

TypedPtr DefinitionChecker::checkGather(const Expr &expr, TypedPtr base,
                                        const Expr &token) {
  TypedPtr tokens = checkElement(token, Element::Token);
  if (!tokens)
    return nullptr;
  if (!base->type.isNumber()) {
    engine.report<Diag::ElementMismatch>(base->range, "a number",
                                         toString(base->type));
    return nullptr;
  }
  if (base->type.shape.front() != tokens->type.vocabulary) {
    engine
        .report<Diag::VocabularyMismatch>(token.range, toString(tokens->type),
                                          toString(base->type))
        .label(base->range,
               "the table has `" + base->type.shape[0].str() + "` rows");
    return nullptr;
  }
  Shape shape = tokens->type.shape;
  shape.insert(shape.end(), base->type.shape.begin() + 1,
               base->type.shape.end());
  return make(expr.range, Type::number(std::move(shape)), GatherNode{},
              list(std::move(base), std::move(tokens)));
}

/// Less than `bound`, whatever values the names have.
static bool isAlwaysBelow(const Dim &dim, const Dim &bound) {
  std::optional<Dim> most = Dim::subtract(bound, dim);
  std::optional<Dim> rest = most ? Dim::subtract(*most, Dim(1)) : most;
  return rest && rest->isNeverNegative();
}

/// Whether a position lies in an axis, as far as it is the same for all values
/// of the names; else laying out the model tells.
bool DefinitionChecker::checkInRange(SourceRange range, const Dim &position,
                                     const Dim &size, const std::string &what) {
  std::optional<Dim> first = Dim::multiply(size, Dim(-1));
  std::optional<Dim> after = Dim::add(position, Dim(1));
  bool isOutside = (first && isAlwaysBelow(position, *first)) ||
                   (after && isAlwaysBelow(size, *after));
  if (!isOutside)
    return true;
  engine.report<Diag::IndexOutOfRange>(range, position.str(), what);
  return false;
}

TypedPtr DefinitionChecker::indexAxis(const Expr &expr, TypedPtr base,
                                      int64_t &axis, const Expr &item) {
  if (const auto *slice = item.as<SliceExpr>())
    return sliceAxis(expr, std::move(base), axis++, *slice, item.range);
  std::optional<Dim> position = checkSignedDim(item);
  if (!position || !checkInRange(item.range, *position, base->type.shape[axis],
                                 toString(base->type)))
    return nullptr;
  Shape shape = base->type.shape;
  shape.erase(shape.begin() + axis);
  Type type = base->type.withShape(std::move(shape));
  return make(expr.range, std::move(type), AtNode{axis, *position},
              list(std::move(base)));
}

/// An end of a slice, counted from the end of the axis if it has a sign.
std::optional<Dim> DefinitionChecker::checkBound(const Expr &expr,
                                                 const Dim &size) {
  std::optional<Dim> bound = checkSignedDim(expr);
  const auto *unary = expr.as<UnaryExpr>();
  return bound && unary ? Dim::add(size, *bound) : bound;
}

TypedPtr DefinitionChecker::sliceAxis(const Expr &expr, TypedPtr base,
                                      int64_t axis, const SliceExpr &slice,
                                      SourceRange range) {
  if (!slice.begin && !slice.end)
    return base;
  Dim size = base->type.shape[axis];
  if (const DimSymbol *free = size.freeSymbol()) {
    engine.report<Diag::RuntimeDimension>(range, free->name)
        .label(free->range, "`" + free->name + "` is not in the brackets");
    return nullptr;
  }
  std::optional<Dim> begin =
      slice.begin ? checkBound(*slice.begin, size) : Dim();
  std::optional<Dim> end = slice.end ? checkBound(*slice.end, size) : size;
  if (!begin || !end)
    return nullptr;
  std::optional<Dim> length = Dim::subtract(*end, *begin);
  std::optional<Dim> rest = Dim::subtract(size, *end);
  auto isBad = [](const std::optional<Dim> &dim, int64_t least) {
    return !dim || isAlwaysBelow(*dim, Dim(least));
  };
  if (isBad(begin, 0) || isBad(length, 1) || isBad(rest, 0)) {
    engine.report<Diag::SliceOutOfRange>(range, begin->str(), end->str(),
                                         size.str());
    return nullptr;
  }
  Shape shape = base->type.shape;
  shape[axis] = *length;
  Type type = base->type.withShape(std::move(shape));
  return make(expr.range, std::move(type), SliceNode{axis, *begin},
              list(std::move(base)));
}

} // namespace seqc::dsl
