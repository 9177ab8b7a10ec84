//===- LayoutBodies.cpp - Bodies with the values of their dimensions ------===//
// Walks what the model computes, through calls, and checks what only values can
// tell; counts the calls of recurrences.
//===----------------------------------------------------------------------===//

#include "dsl/Check/Layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace seqc::dsl {

/// Maps and scans inside each other.
static constexpr unsigned maxRegions = 64;

double Layout::checkRate(const TypedExpr &rate, const Values &values) {
  double value = evaluateConstant(rate, values);
  if (!(value >= 0 && value < 1))
    engine.report<Diag::RateOutOfRange>(rate.range, fmt::format("{}", value));
  return value;
}

bool Layout::checkPosition(int64_t position, int64_t size, SourceRange range,
                           const std::string &what) {
  if (position < size && position >= -size)
    return true;
  engine.report<Diag::IndexOutOfRange>(range, position, what);
  return false;
}

void Layout::checkNode(const TypedExpr &expr, const Values &values) {
  auto value = [&](const Dim &dim) { return evaluate(dim, values); };
  if (const auto *slice = expr.as<SliceNode>()) {
    const Type &type = expr.operands[0]->type;
    int64_t size = value(type.shape[slice->axis]).value_or(0);
    int64_t begin = value(slice->begin).value_or(-1);
    int64_t length = value(expr.type.shape[slice->axis]).value_or(0);
    if (begin < 0 || begin > size || length > size - begin)
      engine.report<Diag::SliceOutOfRange>(expr.range, begin, begin + length,
                                           size);
  } else if (const auto *at = expr.as<AtNode>()) {
    const Type &type = expr.operands[0]->type;
    if (auto size = value(type.shape[at->axis]))
      checkPosition(value(at->index).value_or(*size), *size, expr.range,
                    toString(type));
  } else if (expr.as<PositionsNode>()) {
    checkInside(expr.type.shape.front(), {}, expr.range, values);
  } else if (const auto *reduce = expr.as<ReduceNode>();
             reduce && reduce->kind != ReduceKind::Sum) {
    const Shape &shape = expr.operands[0]->type.shape;
    checkInside(shape[reduce->axis],
                Shape(shape.begin(), shape.begin() + reduce->axis), expr.range,
                values);
  } else if (const auto *windows = expr.as<WindowsNode>()) {
    checkWindows(*windows, values);
  } else if (const auto *element = expr.as<ElementNode>()) {
    const Type &type = expr.operands[0]->type;
    int64_t count = value(type.count).value_or(0);
    checkPosition(value(element->index).value_or(count), count, expr.range,
                  toString(type));
  } else if (const auto *token = expr.as<TokenNode>()) {
    int64_t size = value(expr.type.vocabulary).value_or(0);
    int64_t written = value(token->value).value_or(-1);
    if (written < 0 || written >= size)
      engine.report<Diag::TokenOutOfRange>(expr.range, written, size - 1);
  } else if (const auto *dropout = expr.as<DropoutNode>()) {
    checkRate(*dropout->rate, values);
  }
}

/// The model's inputs say which dimension stands inside which.
void Layout::findEnclosing(const Definition &model) {
  for (const Named &argument : model.arguments) {
    const DimSymbol *outer = nullptr;
    for (const Dim &dim : argument.type.shape)
      if (const DimSymbol *symbol = dim.freeSymbol()) {
        if (outer)
          enclosing[symbol] = outer;
        outer = symbol;
      }
  }
}

/// Remembers the leading axes that a body does not see.
void Layout::walk(const Type &type, size_t axes, const Values &values) {
  for (size_t i = 0; i < axes && i < type.shape.size(); ++i)
    walked.push_back(
        type.shape[i].substitute(valuesOf(values)).value_or(Dim()));
}

/// Whether there is one length of a dimension that may be inside another: at
/// each position of that one, which stands before it or is walked along.
void Layout::checkInside(const Dim &dim, const Shape &before, SourceRange range,
                         const Values &values) {
  std::optional<Dim> value = dim.substitute(valuesOf(values));
  const DimSymbol *symbol = value ? value->freeSymbol() : nullptr;
  auto outer = enclosing.find(symbol);
  if (!symbol || outer == enclosing.end())
    return;
  auto isOuter = [&](const Dim &other) {
    return other.substitute(valuesOf(values)) == Dim(outer->second);
  };
  if (std::any_of(before.begin(), before.end(), isOuter) ||
      std::find(walked.begin(), walked.end(), Dim(outer->second)) !=
          walked.end())
    return;
  engine.report<Diag::LengthOutside>(range, symbol->name, outer->second->name);
}

void Layout::checkWindows(const WindowsNode &windows, const Values &values) {
  constexpr int64_t most = std::numeric_limits<int32_t>::max();
  auto check = [&](const char *what, const WindowsNode::Written &written,
                   int64_t least) {
    int64_t value = evaluate(written.dim, values).value_or(least - 1);
    if (value < least || value > most)
      engine.report<Diag::WindowOutOfRange>(written.range, what, least, most,
                                            value);
  };
  check("size", windows.size, 1);
  check("stride", windows.stride, 1);
  check("part before", windows.before, 0);
  check("part after", windows.after, 0);
}

void Layout::checkExpr(const TypedExpr &expr, Instance *instance,
                       const Values &values, bool mayCarry) {
  if (!spend(1 + expr.type.parts.size(), expr.range) ||
      !checkType(expr.type, expr.range, values))
    return;
  for (const TypedPtr &operand : expr.operands)
    if (operand)
      checkExpr(*operand, instance, values, mayCarry);
  checkNode(expr, values);
  if (isChunked)
    checkChunks(expr, values);
  if (const auto *loop = expr.as<ForNode>())
    checkFor(expr, *loop, instance, values);
  if (const auto *call = expr.as<CallNode>())
    checkCall(expr, *call, instance, values, mayCarry);
}

void Layout::checkFor(const TypedExpr &expr, const ForNode &loop,
                      Instance *instance, const Values &values) {
  if (nesting + 1 > maxRegions) {
    reportNesting(expr);
    return;
  }
  ++nesting;
  const size_t outside = walked.size();
  walk(expr.operands.front()->type, 1, values);
  for (const Statement &statement : loop.body)
    checkExpr(*statement.value, instance, values, /*mayCarry=*/false);
  for (const TypedPtr &value : loop.results)
    checkExpr(*value, instance, values, /*mayCarry=*/false);
  walked.resize(outside);
  --nesting;
}

void Layout::reportNesting(const TypedExpr &expr) {
  engine.report<Diag::NestingTooDeep>(expr.range);
  spent = maxProgram + 1; // nothing below it is looked at
}

void Layout::checkCall(const TypedExpr &expr, const CallNode &call,
                       Instance *instance, const Values &values,
                       bool mayCarry) {
  unsigned regions = call.lift + (call.isSequence.empty() ? 0 : 1);
  if (nesting + regions > maxRegions) {
    reportNesting(expr);
    return;
  }
  nesting += regions;
  const size_t outside = walked.size();
  for (size_t i = 0; i < expr.operands.size(); ++i) {
    bool isSequence = i < call.isSequence.size() && call.isSequence[i];
    walk(expr.operands[i]->type,
         (call.isLifted[i] ? call.lift : 0) + (isSequence ? 1 : 0), values);
  }
  checkCallee(call, instance, values, mayCarry);
  walked.resize(outside);
  nesting -= regions;
}

void Layout::checkCallee(const CallNode &call, Instance *instance,
                         const Values &values, bool mayCarry) {
  Values inner;
  for (const Dim &dim : call.dims)
    inner.push_back(dim.substitute(valuesOf(values)).value_or(Dim()));
  mayCarry &= call.lift == 0;
  if (!call.use) {
    checkBody(nullptr, *call.callee, inner, mayCarry);
    return;
  }
  UseInstance &use = instance->uses[*call.use];
  const auto &recurrence = instance->definition->uses[*call.use].recurrence;
  ++use.calls;
  use.isRestarted |= !mayCarry || call.initial;
  if (call.initial)
    checkExpr(*call.initial, instance, values, mayCarry);
  for (const auto &each : use.instances) {
    // Above the first layer one dimension has another value.
    for (size_t i = 0; i < each->dims.size(); ++i)
      inner[i] = each->dims[i];
    completeDims(*call.callee, inner);
    checkBody(each.get(), *call.callee, inner, mayCarry && !recurrence);
  }
}

void Layout::checkBody(Instance *instance, const Definition &definition,
                       const Values &values, bool mayCarry) {
  for (const Named &result : definition.results)
    checkType(result.type, result.range, values);
  for (const State &state : definition.states)
    checkExpr(*state.initial, instance, values, false);
  for (const Statement &statement : definition.body)
    checkExpr(*statement.value, instance, values, mayCarry);
  // What a training step sums up is summed over chunks too.
  const bool wasChunked = isChunked;
  isChunked &= &definition != program.model;
  for (const TypedPtr &value : definition.returns)
    checkExpr(*value, instance, values, mayCarry);
  isChunked = wasChunked;
}

} // namespace seqc::dsl
