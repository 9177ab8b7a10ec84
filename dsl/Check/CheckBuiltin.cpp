//===- CheckBuiltin.cpp - Built-in functions ------------------------------===//
// What the library cannot say in the language itself: elementwise mathematics,
// reductions, split, concat, where, dropout.
//===----------------------------------------------------------------------===//

#include "dsl/Check/Checker.h"

namespace seqc::dsl {

static constexpr int64_t maxParts = 1024;

static std::optional<ElementwiseOp> findUnary(std::string_view name) {
#define UNARY(id, spelling)                                                    \
  if (name == spelling)                                                        \
    return ElementwiseOp::id;
#include "dsl/Check/Elementwise.def"
  return std::nullopt;
}

std::vector<std::string_view> DefinitionChecker::builtinNames() {
  std::vector<std::string_view> names;
  for (const auto &[name, check] : builtins())
    names.push_back(name);
#define UNARY(id, spelling) names.push_back(spelling);
#include "dsl/Check/Elementwise.def"
  return names;
}

TypedPtr DefinitionChecker::callBuiltin(const Expr &expr,
                                        const CallExpr &call) {
  const std::string &name = call.callee.name;
  if (std::optional<ElementwiseOp> op = findUnary(name))
    return callUnary(expr, call, *op);
  return (this->*builtins().find(name)->second)(expr, call);
}

TypedPtr DefinitionChecker::callSum(const Expr &expr, const CallExpr &call) {
  return callReduction(expr, call, ReduceKind::Sum);
}

TypedPtr DefinitionChecker::callMean(const Expr &expr, const CallExpr &call) {
  if (onMeanOfAll && call.arguments.size() == 1)
    return onMeanOfAll(expr, call);
  return callReduction(expr, call, ReduceKind::Mean);
}

TypedPtr DefinitionChecker::callUnary(const Expr &expr, const CallExpr &call,
                                      ElementwiseOp op) {
  std::vector<const Expr *> values;
  if (!arrange(call, {"x"}, values))
    return nullptr;
  TypedPtr x = checkNumber(*values[0]);
  return x ? elementwise(expr.range, op, Type::number(), list(std::move(x)))
           : nullptr;
}

/// `max(a, b)` of two tensors, or `max(x, over = T)` of one.
TypedPtr DefinitionChecker::callExtremum(const Expr &expr,
                                         const CallExpr &call) {
  bool isMin = call.callee.name == "min";
  for (const Argument &argument : call.arguments)
    if (argument.name && argument.name->name == "over")
      return callReduction(expr, call,
                           isMin ? ReduceKind::Min : ReduceKind::Max);
  std::vector<const Expr *> values;
  if (!arrange(call, {"a", "b"}, values))
    return nullptr;
  TypedPtr a = checkNumber(*values[0]);
  TypedPtr b = checkNumber(*values[1]);
  if (!a || !b)
    return nullptr;
  return elementwise(expr.range,
                     isMin ? ElementwiseOp::Min : ElementwiseOp::Max,
                     Type::number(), list(std::move(a), std::move(b)));
}

/// The one axis of a value that has a dimension.
std::optional<int64_t> DefinitionChecker::findAxis(const TypedExpr &value,
                                                   const Expr &over) {
  std::optional<Dim> dim = checkDim(over);
  if (!dim)
    return std::nullopt;
  std::optional<int64_t> axis;
  for (size_t i = 0; i < value.type.shape.size(); ++i) {
    if (value.type.shape[i] != *dim)
      continue;
    if (axis) {
      engine.report<Diag::AxisAmbiguous>(over.range, toString(value.type),
                                         dim->str());
      return std::nullopt;
    }
    axis = static_cast<int64_t>(i);
  }
  if (!axis)
    engine
        .report<Diag::AxisNotFound>(over.range, toString(value.type),
                                    dim->str())
        .label(value.range, "this is `" + toString(value.type) + "`");
  return axis;
}

/// `f(x, over = T)`: the tensor, whose axis is found; null after a fault.
TypedPtr DefinitionChecker::checkAlong(const CallExpr &call, int64_t &axis) {
  std::vector<const Expr *> values;
  if (!arrange(call, {"x", "over"}, values))
    return nullptr;
  TypedPtr x = checkNumber(*values[0]);
  std::optional<int64_t> found =
      x ? findAxis(*x, *values[1]) : std::optional<int64_t>();
  axis = found.value_or(-1);
  return found ? std::move(x) : nullptr;
}

TypedPtr DefinitionChecker::callReduction(const Expr &expr,
                                          const CallExpr &call,
                                          ReduceKind kind) {
  int64_t axis;
  TypedPtr x = checkAlong(call, axis);
  if (!x)
    return nullptr;
  Type type = x->type;
  type.shape.erase(type.shape.begin() + axis);
  return make(expr.range, std::move(type), ReduceNode{kind, axis},
              list(std::move(x)));
}

/// What keeps the shape of what it walks along.
template <typename Node>
TypedPtr DefinitionChecker::callAlong(const Expr &expr, const CallExpr &call) {
  int64_t axis;
  TypedPtr x = checkAlong(call, axis);
  if (!x)
    return nullptr;
  Type type = x->type;
  return make(expr.range, std::move(type), Node{axis}, list(std::move(x)));
}

TypedPtr DefinitionChecker::callSplit(const Expr &expr, const CallExpr &call) {
  std::vector<const Expr *> values;
  if (!arrange(call, {"x", "parts"}, values))
    return nullptr;
  TypedPtr x = checkTensor(*values[0]);
  const auto *parts = values[1]->as<NumberExpr>();
  bool isCount =
      parts && parts->value >= 1 && parts->value <= maxParts &&
      parts->value == static_cast<double>(static_cast<int64_t>(parts->value));
  if (!isCount)
    engine.report<Diag::NotACount>(values[1]->range, maxParts);
  if (!x || !isCount)
    return nullptr;
  if (x->type.shape.empty() || x->type.shape.back().freeSymbol()) {
    engine.report<Diag::NoLastAxis>(x->range, "split", toString(x->type));
    return nullptr;
  }
  Dim count(static_cast<int64_t>(parts->value));
  Type part = x->type;
  std::optional<Dim> size = Dim::divide(part.shape.back(), count);
  if (!size) {
    engine.report<Diag::InexactDivision>(x->range, part.shape.back().str(),
                                         count.str());
    return nullptr;
  }
  part.shape.back() = *size;
  size_t number = static_cast<size_t>(parts->value);
  return make(expr.range, Type::tuple(std::vector<Type>(number, part)),
              SplitNode{}, list(std::move(x)));
}

TypedPtr DefinitionChecker::callConcat(const Expr &expr, const CallExpr &call) {
  std::vector<TypedPtr> parts;
  std::optional<Dim> size = Dim();
  for (const Argument &argument : call.arguments) {
    if (argument.name) {
      engine.report<Diag::UnknownArgument>(argument.name->range, "concat",
                                           argument.name->name);
      return nullptr;
    }
    parts.push_back(checkTensor(*argument.value));
    if (!parts.back())
      return nullptr;
    const Type &type = parts.back()->type;
    if (type.shape.empty() || type.shape.back().freeSymbol()) {
      engine.report<Diag::NoLastAxis>(argument.value->range, "concat",
                                      toString(type));
      return nullptr;
    }
    Type alike = parts.front()->type;
    if (alike.shape.size() == type.shape.size())
      alike.shape.back() = type.shape.back();
    if (alike != type) {
      engine
          .report<Diag::ConcatMismatch>(argument.value->range, toString(type),
                                        toString(parts.front()->type))
          .label(parts.front()->range, "the first part");
      return nullptr;
    }
    size = size ? Dim::add(*size, type.shape.back()) : size;
  }
  if (parts.empty() || !size) {
    if (parts.empty())
      engine.report<Diag::WrongArity>(expr.range, "concat",
                                      "at least 1 argument", 0);
    else
      engine.report<Diag::DimensionTooLarge>(expr.range);
    return nullptr;
  }
  Type type = parts.front()->type;
  type.shape.back() = *size;
  return make(expr.range, std::move(type), ConcatNode{}, std::move(parts));
}

TypedPtr DefinitionChecker::callWhere(const Expr &expr, const CallExpr &call) {
  std::vector<const Expr *> values;
  if (!arrange(call, {"condition", "a", "b"}, values))
    return nullptr;
  TypedPtr condition = checkElement(*values[0], Element::Bool);
  TypedPtr a = checkTensor(*values[1]);
  TypedPtr b = checkTensor(*values[2]);
  if (!condition || !a || !b || !meetToken(a, b) ||
      !requireElement(*b, a->type.element) || !sameVocabulary(*a, *b))
    return nullptr;
  Type type = a->type;
  return elementwise(expr.range, ElementwiseOp::Select, std::move(type),
                     list(std::move(condition), std::move(a), std::move(b)));
}

/// `dropout(x, rate)`, `dropout(x, rate, variational)`
TypedPtr DefinitionChecker::callDropout(const Expr &expr,
                                        const CallExpr &call) {
  const Argument *last =
      call.arguments.size() == 3 ? &call.arguments.back() : nullptr;
  const auto *flag =
      last && !last->name ? last->value->as<NameExpr>() : nullptr;
  bool isVariational = flag && flag->name == "variational";
  std::vector<const Expr *> values;
  if (!arrange(call, {"x", "rate"}, values, {}, nullptr,
               /*flags=*/isVariational ? 1 : 0))
    return nullptr;
  TypedPtr x = checkNumber(*values[0]);
  TypedPtr rate = checkRate(*values[1]);
  if (!x || !rate)
    return nullptr;
  Type type = x->type;
  return make(expr.range, std::move(type),
              DropoutNode{std::move(rate), isVariational}, list(std::move(x)));
}

const DefinitionChecker::BuiltinTable &DefinitionChecker::builtins() {
  using C = DefinitionChecker;
  static const BuiltinTable table = {{"concat", &C::callConcat},
                                     {"cumsum", &C::callAlong<CumsumNode>},
                                     {"dropout", &C::callDropout},
                                     {"max", &C::callExtremum},
                                     {"mean", &C::callMean},
                                     {"min", &C::callExtremum},
                                     {"one_hot", &C::callOneHot},
                                     {"positions", &C::callPositions},
                                     {"reshape", &C::callReshape},
                                     {"shift", &C::callShift},
                                     {"softmax", &C::callAlong<SoftmaxNode>},
                                     {"split", &C::callSplit},
                                     {"sum", &C::callSum},
                                     {"transpose", &C::callTranspose},
                                     {"where", &C::callWhere},
                                     {"windows", &C::callWindows}};
  return table;
}

} // namespace seqc::dsl
