//===- CheckShapeBuiltin.cpp - Built-in functions of shapes and positions -===//
// What moves elements, and what counts them: transpose, reshape, shift,
// positions.
//===----------------------------------------------------------------------===//

#include "dsl/Check/Checker.h"

#include <algorithm>

namespace seqc::dsl {

/// `x` and the dimensions behind it, all by position.
std::optional<Shape> DefinitionChecker::checkNewShape(const CallExpr &call,
                                                      TypedPtr &x) {
  const std::string &name = call.callee.name;
  if (call.arguments.empty()) {
    engine.report<Diag::WrongArity>(call.callee.range, name,
                                    "a tensor and dimensions", 0);
    return std::nullopt;
  }
  Shape shape;
  bool good = true;
  for (const Argument &argument : call.arguments) {
    if (argument.name) {
      engine.report<Diag::UnknownArgument>(argument.name->range, name,
                                           argument.name->name);
      return std::nullopt;
    }
    if (&argument == &call.arguments.front()) {
      x = checkTensor(*argument.value);
      good &= x != nullptr;
    } else if (std::optional<Dim> dim = checkDim(*argument.value)) {
      shape.push_back(std::move(*dim));
    } else {
      good = false;
    }
  }
  return good ? std::optional<Shape>(std::move(shape)) : std::nullopt;
}

/// `transpose(x, D, T)`: the axes of `x`, by name, in that order.
TypedPtr DefinitionChecker::callTranspose(const Expr &expr,
                                          const CallExpr &call) {
  TypedPtr x;
  std::optional<Shape> shape = checkNewShape(call, x);
  if (!shape)
    return nullptr;
  TransposeNode node;
  std::set<int64_t> taken;
  for (size_t i = 0; i < shape->size(); ++i) {
    std::optional<int64_t> axis = findAxis(*x, *call.arguments[i + 1].value);
    if (!axis)
      return nullptr;
    taken.insert(*axis);
    node.permutation.push_back(*axis);
  }
  if (taken.size() != x->type.shape.size() || taken.size() != shape->size()) {
    engine
        .report<Diag::TransposeMismatch>(expr.range, toString(x->type),
                                         toString(*shape))
        .label(x->range, "this is `" + toString(x->type) + "`");
    return nullptr;
  }
  Type type = x->type.withShape(std::move(*shape));
  return make(expr.range, std::move(type), std::move(node), list(std::move(x)));
}

/// The product of the static dimensions from `at` on, up to the next free one;
/// `at` is left there. Nothing where it grows too large.
static std::optional<Dim> nextWidth(const Shape &shape, size_t &at) {
  std::optional<Dim> width = Dim(1);
  for (; at < shape.size() && !shape[at].freeSymbol(); ++at)
    width = width ? Dim::multiply(*width, shape[at]) : width;
  return width;
}

/// Whether both have the same free dimensions in order, and between them the
/// same number of elements.
static bool holdsTheSame(const Shape &from, const Shape &to) {
  size_t i = 0, j = 0;
  while (true) {
    std::optional<Dim> a = nextWidth(from, i), b = nextWidth(to, j);
    if (!a || a != b)
      return false;
    if (i == from.size() || j == to.size())
      return i == from.size() && j == to.size();
    if (from[i++] != to[j++])
      return false;
  }
}

/// `reshape(x, T, N, D)`: widths cut anew, free dimensions as they are.
TypedPtr DefinitionChecker::callReshape(const Expr &expr,
                                        const CallExpr &call) {
  TypedPtr x;
  std::optional<Shape> shape = checkNewShape(call, x);
  if (!shape)
    return nullptr;
  if (!holdsTheSame(x->type.shape, *shape)) {
    engine
        .report<Diag::ReshapeMismatch>(expr.range, toString(x->type.shape),
                                       toString(*shape))
        .label(x->range, "this is `" + toString(x->type) + "`");
    return nullptr;
  }
  Type type = x->type.withShape(std::move(*shape));
  return make(expr.range, std::move(type), ReshapeNode{}, list(std::move(x)));
}

/// `shift(x, 1, over = T, fill = 0)`: each position takes what stands one
/// before it.
TypedPtr DefinitionChecker::callShift(const Expr &expr, const CallExpr &call) {
  std::vector<const Expr *> values;
  if (!arrange(call, {"x", "by", "over", "fill"}, values))
    return nullptr;
  TypedPtr x = checkTensor(*values[0]);
  std::optional<Dim> by = checkSignedDim(*values[1]);
  std::optional<int64_t> axis =
      x ? findAxis(*x, *values[2]) : std::optional<int64_t>();
  TypedPtr fill = checkConstant(*values[3]);
  if (!by || !axis || !fill || !meetToken(x, fill) ||
      !requireElement(*x, fill->type.element))
    return nullptr;
  Type type = x->type;
  return make(expr.range, std::move(type), ShiftNode{*axis, *by},
              list(std::move(x), std::move(fill)));
}

/// What the dimension is one of counts as used: without it there is none.
void DefinitionChecker::useSourcesOf(const Dim &dim) {
  const std::vector<const DimSymbol *> names = dim.symbols();
  for (const Named &local : def.locals)
    for (const Dim &axis : local.type.shape)
      for (const DimSymbol *symbol : axis.symbols())
        if (usage &&
            std::find(names.begin(), names.end(), symbol) != names.end())
          usage->use(local.range);
}

/// `positions(T)`: numbers; `positions(T, below = N)`: tokens.
TypedPtr DefinitionChecker::callPositions(const Expr &expr,
                                          const CallExpr &call) {
  std::vector<const Expr *> values;
  if (!arrange(call, {"dimension"}, values, {"below"}))
    return nullptr;
  std::optional<Dim> dim = checkDim(*values[0]);
  std::optional<Dim> below = values[1] ? checkStaticDim(*values[1]) : Dim();
  if (!dim || !below)
    return nullptr;
  useSourcesOf(*dim);
  Type type = values[1] ? Type::tensor(Element::Token, {*dim}, *below)
                        : Type::number({*dim});
  return make(expr.range, std::move(type), PositionsNode{});
}

} // namespace seqc::dsl
