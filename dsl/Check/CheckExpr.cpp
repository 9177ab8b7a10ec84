//===- CheckExpr.cpp - Names, operators, broadcasting ---------------------===//
// Every expression but calls and indexing.
//===----------------------------------------------------------------------===//

#include "dsl/Check/Checker.h"
#include "dsl/Check/Visit.h"
#include "dsl/Diag/Suggest.h"

#include <fmt/format.h>

namespace seqc::dsl {

TypedPtr DefinitionChecker::checkExpr(const Expr &expr) {
  if (engine.isFull())
    return nullptr;
  if (const auto *number = expr.as<NumberExpr>())
    return make(expr.range, Type::number(), ConstantNode{number->value});
  if (const auto *boolean = expr.as<BoolExpr>())
    return make(expr.range, Type::boolean({}), BoolNode{boolean->value});
  if (const auto *name = expr.as<NameExpr>())
    return checkName(expr, name->name);
  if (const auto *unary = expr.as<UnaryExpr>())
    return checkUnary(expr, *unary);
  if (const auto *binary = expr.as<BinaryExpr>())
    return checkBinary(expr, *binary);
  if (const auto *call = expr.as<CallExpr>())
    return checkCall(expr, *call);
  if (const auto *index = expr.as<IndexExpr>())
    return checkIndex(expr, *index);
  if (const auto *field = expr.as<FieldExpr>())
    return checkField(expr, *field);
  if (const auto *record = expr.as<RecordExpr>())
    return checkRecord(expr, *record);
  if (const auto *list = expr.as<ListExpr>())
    return checkList(expr, *list);
  if (const auto *loop = expr.as<ForExpr>())
    return checkFor(expr, *loop);
  // What is left is `_`: slices stand in an index only.
  engine.report<Diag::MisplacedWildcard>(expr.range);
  return nullptr;
}

TypedPtr DefinitionChecker::checkName(const Expr &expr,
                                      const std::string &name) {
  const Entity *entity = find(name);
  if (!entity) {
    if (poisoned.count(name))
      return nullptr;
    if (auto constant = constants.find(name); constant != constants.end())
      return make(expr.range, Type::number(),
                  ConstantNode{constant->second.value});
    if (auto found = table.find(name); found != table.end())
      engine.report<Diag::NotAValue>(
          expr.range, name, std::string("a ") + spelling(found->second->kind));
    else
      reportUnknown(expr.range, name);
    return nullptr;
  }
  switch (entity->kind) {
  case Entity::Kind::Dim: {
    std::optional<Dim> dim = checkStaticDim(expr);
    return dim ? make(expr.range, Type::number(), DimNode{*dim}) : nullptr;
  }
  case Entity::Kind::Local:
    return make(expr.range, def.locals[entity->index].type,
                LocalNode{entity->index});
  case Entity::Kind::Param:
    return make(expr.range, def.params[entity->index].type,
                ParamNode{entity->index});
  case Entity::Kind::State: {
    const State &state = def.states[entity->index];
    return make(expr.range, state.type,
                LocalNode{state.assigned ? state.after : state.before});
  }
  case Entity::Kind::Use:
    engine.report<Diag::NotAValue>(expr.range, name, "an instance")
        .hint("`" + name + "(...)` calls it");
    return nullptr;
  }
  return nullptr;
}

TypedPtr DefinitionChecker::checkTensor(const Expr &expr) {
  TypedPtr value = checkExpr(expr);
  if (!value || value->type.isTensor())
    return value;
  Diagnostic &diagnostic =
      engine.report<Diag::NotOneTensor>(expr.range, toString(value->type));
  if (value->type.kind == Type::Kind::Tuple)
    diagnostic.hint("`let a, b = ...` takes several values apart");
  return nullptr;
}

bool DefinitionChecker::requireElement(const TypedExpr &value,
                                       Element element) {
  static constexpr const char *names[] = {"a number", "a token", "a bool"};
  if (value.type.element == element)
    return true;
  Diagnostic &diagnostic = engine.report<Diag::ElementMismatch>(
      value.range, names[static_cast<size_t>(element)], toString(value.type));
  if (element == Element::F32 && value.type.element == Element::Bool)
    diagnostic.hint("`where(..., 1, 0)` makes a number of it");
  return false;
}

TypedPtr DefinitionChecker::checkElement(const Expr &expr, Element element) {
  TypedPtr value = checkTensor(expr);
  return value && requireElement(*value, element) ? std::move(value) : nullptr;
}

TypedPtr DefinitionChecker::checkNumber(const Expr &expr) {
  return checkElement(expr, Element::F32);
}

TypedPtr DefinitionChecker::checkConstant(const Expr &expr) {
  TypedPtr value = checkNumber(expr);
  if (!value || isConstant(*value))
    return value;
  engine.report<Diag::NotConstant>(expr.range);
  return nullptr;
}

std::optional<double> DefinitionChecker::checkFileConstant(const Expr &expr) {
  isFileConstant = true;
  TypedPtr value = checkConstant(expr);
  if (!value)
    return std::nullopt;
  double number = evaluateConstant(*value, {});
  if (std::abs(number) <= std::numeric_limits<float>::max())
    return number;
  engine.report<Diag::ConstantOutOfRange>(expr.range,
                                          fmt::format("{}", number));
  return std::nullopt;
}

TypedPtr DefinitionChecker::checkRate(const Expr &expr) {
  TypedPtr rate = checkConstant(expr);
  // Where names are in it, laying out the model tells.
  if (!rate || contains(*rate, [](const TypedExpr &part) {
        return part.as<DimNode>() != nullptr;
      }))
    return rate;
  double value = evaluateConstant(*rate, {});
  if (value >= 0 && value < 1)
    return rate;
  engine.report<Diag::RateOutOfRange>(expr.range, fmt::format("{}", value));
  return nullptr;
}

//===----------------------------------------------------------------------===//
// Shapes that meet by name
//===----------------------------------------------------------------------===//

TypedPtr DefinitionChecker::broadcastTo(TypedPtr value, const Shape &shape) {
  if (value->type.shape == shape)
    return value;
  bool isAmbiguous = false;
  auto axes = findSubsequence(value->type.shape, shape, isAmbiguous);
  SourceRange range = value->range;
  Type type = value->type.withShape(shape);
  return make(range, std::move(type), BroadcastNode{std::move(*axes)},
              list(std::move(value)));
}

/// Gives both the larger of their shapes: the one of which the other is a
/// subsequence.
bool DefinitionChecker::unifyShapes(TypedPtr &a, TypedPtr &b) {
  if (a->type.shape == b->type.shape)
    return true;
  bool isAmbiguous = false;
  TypedPtr *whole = &b;
  TypedPtr *part = &a;
  if (a->type.shape.size() > b->type.shape.size())
    std::swap(whole, part);
  if (!findSubsequence((*part)->type.shape, (*whole)->type.shape,
                       isAmbiguous)) {
    engine
        .report<Diag::ShapeMismatch>(b->range, toString(b->type),
                                     toString(a->type))
        .label(a->range, "this is `" + toString(a->type) + "`");
    return false;
  }
  if (isAmbiguous) {
    engine
        .report<Diag::AmbiguousShape>(b->range, toString(b->type),
                                      toString(a->type))
        .label(a->range, "this is `" + toString(a->type) + "`");
    return false;
  }
  *part = broadcastTo(std::move(*part), (*whole)->type.shape);
  return true;
}

TypedPtr DefinitionChecker::elementwise(SourceRange range, ElementwiseOp op,
                                        Type result,
                                        std::vector<TypedPtr> operands) {
  // The first operand meets each other one, and those before meet it again.
  for (size_t i = 1; i < operands.size(); ++i)
    if (!unifyShapes(operands[0], operands[i]))
      return nullptr;
  Shape shape = operands[0]->type.shape;
  for (TypedPtr &operand : operands)
    operand = broadcastTo(std::move(operand), shape);
  return make(range, result.withShape(std::move(shape)), ElementwiseNode{op},
              std::move(operands));
}

//===----------------------------------------------------------------------===//
// Operators
//===----------------------------------------------------------------------===//

TypedPtr DefinitionChecker::checkUnary(const Expr &expr,
                                       const UnaryExpr &unary) {
  bool isNot = unary.op == UnaryOp::Not;
  TypedPtr operand =
      checkElement(*unary.operand, isNot ? Element::Bool : Element::F32);
  if (!operand)
    return nullptr;
  Type type = operand->type;
  ElementwiseOp op = isNot ? ElementwiseOp::Not : ElementwiseOp::Negate;
  return elementwise(expr.range, op, std::move(type), list(std::move(operand)));
}

static ElementwiseOp elementwiseOp(BinaryOp op) {
  switch (op) {
  case BinaryOp::Add:
    return ElementwiseOp::Add;
  case BinaryOp::Subtract:
    return ElementwiseOp::Subtract;
  case BinaryOp::Multiply:
    return ElementwiseOp::Multiply;
  case BinaryOp::Divide:
    return ElementwiseOp::Divide;
  case BinaryOp::Power:
  case BinaryOp::MatMul: // never asked: a product is no elementwise operation
    return ElementwiseOp::Power;
  case BinaryOp::Equal:
    return ElementwiseOp::Equal;
  case BinaryOp::NotEqual:
    return ElementwiseOp::NotEqual;
  case BinaryOp::Less:
    return ElementwiseOp::Less;
  case BinaryOp::LessEqual:
    return ElementwiseOp::LessEqual;
  case BinaryOp::Greater:
    return ElementwiseOp::Greater;
  case BinaryOp::GreaterEqual:
    return ElementwiseOp::GreaterEqual;
  case BinaryOp::And:
    return ElementwiseOp::And;
  case BinaryOp::Or:
    return ElementwiseOp::Or;
  }
  return ElementwiseOp::Add;
}

TypedPtr DefinitionChecker::checkBinary(const Expr &expr,
                                        const BinaryExpr &binary) {
  if (binary.op == BinaryOp::MatMul)
    return checkMatMul(expr, binary);
  ElementwiseOp op = elementwiseOp(binary.op);
  bool isNumber = op <= ElementwiseOp::Power;
  TypedPtr lhs = checkTensor(*binary.lhs);
  TypedPtr rhs = checkTensor(*binary.rhs);
  bool isLogic = op == ElementwiseOp::And || op == ElementwiseOp::Or;
  if (!lhs || !rhs) {
    // What a fault on one side leaves to be said of the other.
    const TypedPtr &other = lhs ? lhs : rhs;
    if (isLogic && other)
      requireElement(*other, Element::Bool);
    return nullptr;
  }
  if (isNumber && (lhs->type.isToken() || rhs->type.isToken()))
    return checkTokenArithmetic(expr, op, std::move(lhs), std::move(rhs));
  if (!meetToken(lhs, rhs))
    return nullptr;
  bool isEquality = op == ElementwiseOp::Equal || op == ElementwiseOp::NotEqual;
  bool isAny = isEquality || (!isNumber && !isLogic && lhs->type.isToken());
  Element element = isAny     ? lhs->type.element
                    : isLogic ? Element::Bool
                              : Element::F32;
  bool isGood = requireElement(*lhs, element);
  if (!requireElement(*rhs, element) || !isGood || !sameVocabulary(*lhs, *rhs))
    return nullptr;
  Type type = isNumber ? Type::number() : Type::boolean({});
  return elementwise(expr.range, op, std::move(type),
                     list(std::move(lhs), std::move(rhs)));
}

TypedPtr DefinitionChecker::checkMatMul(const Expr &expr,
                                        const BinaryExpr &binary) {
  TypedPtr lhs = checkNumber(*binary.lhs);
  TypedPtr rhs = checkNumber(*binary.rhs);
  if (!lhs || !rhs)
    return nullptr;
  const Shape &left = lhs->type.shape;
  const Shape &right = rhs->type.shape;
  if (left.empty() || right.empty() || left.back() != right.front()) {
    std::string joined = left.empty() ? "no dimension" : left.back().str();
    engine
        .report<Diag::ProductMismatch>(rhs->range, toString(lhs->type),
                                       toString(rhs->type))
        .label(lhs->range, "the last dimension here is " +
                               (left.empty() ? "missing: a scalar multiplies "
                                               "with `*`"
                                             : "`" + joined + "`"));
    return nullptr;
  }
  Shape shape(left.begin(), left.end() - 1);
  shape.insert(shape.end(), right.begin() + 1, right.end());
  return make(expr.range, Type::number(std::move(shape)), MatMulNode{},
              list(std::move(lhs), std::move(rhs)));
}

//===----------------------------------------------------------------------===//
// Records and lists
//===----------------------------------------------------------------------===//

/// Where a record has a part of that name further down: `.forward.h`.
static std::string findBelow(const Type &type, const std::string &name) {
  if (type.kind == Type::Kind::List) {
    std::string path = findBelow(type.parts.front(), name);
    return path.empty() ? path : "[-1]" + path;
  }
  if (type.kind != Type::Kind::Record)
    return "";
  if (type.find(name))
    return "." + name;
  for (size_t i = 0; i < type.parts.size(); ++i)
    if (std::string path = findBelow(type.parts[i], name); !path.empty())
      return "." + type.names[i] + path;
  return "";
}

static std::string fieldHint(const Type &type, const FieldExpr &field) {
  std::string path = findBelow(type, field.field.name);
  if (!path.empty())
    return "did you mean `" + std::string(field.base->range.text()) + path +
           "`?";
  return didYouMean(field.field.name, {type.names.begin(), type.names.end()});
}

TypedPtr DefinitionChecker::checkField(const Expr &expr,
                                       const FieldExpr &field) {
  if (usage)
    usage->useField(field.field.name);
  TypedPtr base = checkExpr(*field.base);
  if (!base)
    return nullptr;
  std::optional<size_t> part;
  if (base->type.kind == Type::Kind::Record)
    part = base->type.find(field.field.name);
  if (!part) {
    engine
        .report<Diag::UnknownField>(field.field.range, toString(base->type),
                                    field.field.name)
        .hint(fieldHint(base->type, field));
    return nullptr;
  }
  Type type = base->type.parts[*part];
  return make(expr.range, std::move(type), FieldNode{*part},
              list(std::move(base)));
}

TypedPtr DefinitionChecker::checkRecord(const Expr &expr,
                                        const RecordExpr &record) {
  std::vector<std::string> names;
  std::vector<Type> types;
  std::vector<TypedPtr> parts;
  std::set<std::string_view> given;
  for (const Argument &field : record.fields) {
    if (!field.name) {
      engine.report<Diag::PositionalAfterNamed>(field.value->range);
      return nullptr;
    }
    if (!given.insert(field.name->name).second) {
      engine.report<Diag::ArgumentTwice>(field.name->range, field.name->name);
      return nullptr;
    }
    TypedPtr part = checkExpr(*field.value);
    if (!part)
      return nullptr;
    names.push_back(field.name->name);
    types.push_back(part->type);
    parts.push_back(std::move(part));
  }
  return make(expr.range, Type::record(std::move(names), std::move(types)),
              RecordNode{}, std::move(parts));
}

TypedPtr DefinitionChecker::checkList(const Expr &expr, const ListExpr &list) {
  std::vector<TypedPtr> elements;
  for (const ExprPtr &element : list.elements) {
    elements.push_back(checkExpr(*element));
    if (!elements.back())
      return nullptr;
    const Type &first = elements.front()->type;
    if (elements.back()->type != first) {
      engine
          .report<Diag::ListMismatch>(
              element->range, toString(elements.back()->type), toString(first))
          .label(elements.front()->range, "the first element");
      return nullptr;
    }
  }
  if (elements.empty()) {
    engine.report<Diag::EmptyList>(expr.range);
    return nullptr;
  }
  Type type = Type::list(Dim(static_cast<int64_t>(elements.size())),
                         elements.front()->type);
  return make(expr.range, std::move(type), ListNode{}, std::move(elements));
}

} // namespace seqc::dsl
