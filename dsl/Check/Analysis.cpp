//===- Analysis.cpp - Facts about checked expressions ---------------------===//
// What is constant, what is elementwise, what a constant's value is.
//===----------------------------------------------------------------------===//

#include "dsl/Check/Visit.h"

#include <algorithm>
#include <cmath>

namespace seqc::dsl {

static bool isScalarType(const Type &type) {
  if (type.kind == Type::Kind::Tuple)
    return std::all_of(type.parts.begin(), type.parts.end(), isScalarType);
  return type.isScalar();
}

/// Whether a node alone is elementwise on scalars.
static bool isScalarNode(const TypedExpr &expr) {
  if (!isScalarType(expr.type))
    return false;
  if (const auto *call = expr.as<CallNode>())
    return call->callee->isElementwise && call->lift == 0;
  return expr.as<ConstantNode>() || expr.as<BoolNode>() ||
         expr.as<TokenNode>() || expr.as<LocalNode>() ||
         expr.as<ElementwiseNode>();
}

bool isElementwise(const Definition &definition) {
  auto isScalar = [](const Named &named) { return named.type.isScalar(); };
  bool good = definition.kind == DefinitionKind::Fn &&
              std::all_of(definition.arguments.begin(),
                          definition.arguments.end(), isScalar);
  forEachExpr(definition, [&](const TypedExpr &expr, unsigned) {
    good = good && isScalarNode(expr);
  });
  return good;
}

/// From numbers to a number, by a formula.
static bool isNumericOp(ElementwiseOp op) {
  return op <= ElementwiseOp::Negate || op >= ElementwiseOp::Abs;
}

bool isConstant(const TypedExpr &expr) {
  const auto *elementwise = expr.as<ElementwiseNode>();
  bool isNumeric = elementwise && isNumericOp(elementwise->op);
  if (!expr.type.isNumber() || !expr.type.isScalar() ||
      !(expr.as<ConstantNode>() || expr.as<DimNode>() || isNumeric))
    return false;
  return std::all_of(expr.operands.begin(), expr.operands.end(),
                     [](const TypedPtr &part) { return isConstant(*part); });
}

static double apply(ElementwiseOp op, double a, double b) {
  switch (op) {
  case ElementwiseOp::Add:
    return a + b;
  case ElementwiseOp::Subtract:
    return a - b;
  case ElementwiseOp::Multiply:
    return a * b;
  case ElementwiseOp::Divide:
    return a / b;
  case ElementwiseOp::Power:
    return std::pow(a, b);
  case ElementwiseOp::Negate:
    return -a;
  case ElementwiseOp::Abs:
    return std::abs(a);
  case ElementwiseOp::Cos:
    return std::cos(a);
  case ElementwiseOp::Erf:
    return std::erf(a);
  case ElementwiseOp::Exp:
    return std::exp(a);
  case ElementwiseOp::Log:
    return std::log(a);
  case ElementwiseOp::Sigmoid:
    return 1 / (1 + std::exp(-a));
  case ElementwiseOp::Sin:
    return std::sin(a);
  case ElementwiseOp::Sqrt:
    return std::sqrt(a);
  case ElementwiseOp::StopGradient:
    return a;
  case ElementwiseOp::Tanh:
    return std::tanh(a);
  default: // `isConstant` lets no other through
    return std::nan("");
  }
}

std::optional<double> evaluateElementwise(ElementwiseOp op,
                                          const std::vector<double> &operands) {
  if (!isNumericOp(op))
    return std::nullopt;
  return apply(op, operands[0], operands.size() > 1 ? operands[1] : 0);
}

TypedPtr copyConstant(const TypedExpr &expr, const std::vector<Dim> &values) {
  auto copy = std::make_unique<TypedExpr>();
  copy->range = expr.range;
  copy->type = expr.type;
  if (const auto *constant = expr.as<ConstantNode>())
    copy->node = *constant;
  else if (const auto *flag = expr.as<BoolNode>())
    copy->node = *flag;
  else if (const auto *dim = expr.as<DimNode>())
    copy->node = DimNode{dim->dim.substitute(valuesOf(values)).value_or(Dim())};
  else
    copy->node = *expr.as<ElementwiseNode>();
  for (const TypedPtr &operand : expr.operands)
    copy->operands.push_back(copyConstant(*operand, values));
  return copy;
}

double evaluateConstant(const TypedExpr &expr, const std::vector<Dim> &values) {
  if (const auto *constant = expr.as<ConstantNode>())
    return constant->value;
  if (const auto *dim = expr.as<DimNode>())
    return static_cast<double>(evaluate(dim->dim, values).value_or(0));
  std::vector<double> operands{0, 0};
  for (size_t i = 0; i < expr.operands.size() && i < 2; ++i)
    operands[i] = evaluateConstant(*expr.operands[i], values);
  return apply(expr.as<ElementwiseNode>()->op, operands[0], operands[1]);
}

void completeDims(const Definition &definition, std::vector<Dim> &values) {
  values.resize(definition.dims.size());
  for (const auto &symbol : definition.dims)
    if (symbol->aliasOf)
      values[symbol->index] =
          symbol->aliasOf->substitute(valuesOf(values)).value_or(Dim());
}

std::optional<int64_t> evaluate(const Dim &dim,
                                const std::vector<Dim> &values) {
  std::optional<Dim> value = dim.substitute(valuesOf(values));
  return value ? value->asConstant() : std::nullopt;
}

} // namespace seqc::dsl
