//===- CheckRecurrence.cpp - Calls of recurrences -------------------------===//
// What `recurrent(cell, ...)` gives: the results in time, and `final`; what
// stacking asks of a cell; `initial`.
//===----------------------------------------------------------------------===//

#include "dsl/Check/Match.h"
#include "dsl/Diag/Suggest.h"

namespace seqc::dsl {

Type stateType(const Definition &cell) {
  std::vector<std::string> names;
  std::vector<Type> types;
  for (const State &state : cell.states) {
    names.push_back(state.name);
    types.push_back(state.type);
  }
  for (const Use &use : cell.uses) {
    if (use.recurrence || !use.definition ||
        use.definition->kind != DefinitionKind::Cell)
      continue;
    auto value = [&](const DimSymbol &symbol) -> std::optional<Dim> {
      return symbol.index < use.dims.size() ? use.dims[symbol.index]
                                            : std::nullopt;
    };
    Type inner = stateType(*use.definition);
    names.push_back(use.name);
    types.push_back(inner.substitute(value).value_or(inner));
  }
  return Type::record(std::move(names), std::move(types));
}

TypedPtr DefinitionChecker::callRecurrence(Match &match, unsigned use,
                                           const Expr *initial) {
  Recurrence &recurrence = *match.use->recurrence;
  if (recurrence.bidirectional && !canJoin(match))
    return nullptr;
  bool stacks = recurrence.layers && recurrence.layers != Dim(1);
  if (stacks && !checkLayers(match, recurrence))
    return nullptr;
  std::vector<Type> types = recurrentResults(match);
  // Where the recurrence is mapped, each position has states of its own.
  Type final = withPrefix(finalType(match), match.prefix);
  TypedPtr given;
  if (initial && !(given = checkInitial(*initial, final)))
    return nullptr;
  types.push_back(std::move(final));
  return finishCall(match, use, Type::tuple(std::move(types)),
                    std::move(given));
}

/// Two directions are joined on the last axis of the first result.
bool DefinitionChecker::canJoin(const Match &match) {
  const Type &first = match.callee.results.front().type;
  if (first.isNumber() && !first.shape.empty() &&
      !first.shape.back().freeSymbol())
    return true;
  engine
      .report<Diag::BidirectionalResult>(match.use->range, match.callee.name,
                                         toString(first))
      .label(match.callee.results.front().range, "declared here");
  return false;
}

//===----------------------------------------------------------------------===//
// Layers
//===----------------------------------------------------------------------===//

bool DefinitionChecker::reportLayers(const Match &match,
                                     const std::string &reason) {
  const Recurrence &recurrence = *match.use->recurrence;
  engine.report<Diag::LayersMismatch>(recurrence.layersRange, match.callee.name,
                                      reason);
  return false;
}

/// The first result must feed the first sequence of the layer above, whose
/// last dimension takes its width; nothing else may depend on that dimension.
bool DefinitionChecker::checkLayers(Match &match, Recurrence &recurrence) {
  size_t first = 0;
  while (!match.isSequence[first])
    ++first;
  const Named &input = match.callee.arguments[first];
  const Named &result = match.callee.results.front();
  const DimSymbol *symbol =
      input.type.shape.empty() ? nullptr : input.type.shape.back().asSymbol();
  if (!symbol || symbol->isFree)
    return reportLayers(match, "the last dimension of `" + input.name +
                                   "` is not one of the names in its brackets");
  std::vector<Dim> below = match.values();
  auto width = [&](const std::vector<Dim> &dims) {
    std::optional<Dim> last =
        result.type.shape.back().substitute(valuesOf(dims));
    int64_t directions = recurrence.bidirectional ? 2 : 1;
    return last ? Dim::multiply(*last, Dim(directions)) : last;
  };
  bool feeds = input.type.isNumber() && result.type.isNumber() &&
               input.type.shape.size() == result.type.shape.size();
  std::optional<Dim> joined = feeds ? width(below) : std::nullopt;
  if (!joined)
    return reportLayers(match, "its first result `" + toString(result.type) +
                                   "` does not feed `" + input.name + ": " +
                                   toString(input.type) + "`");
  std::vector<Dim> above = below;
  above[symbol->index] = *joined;
  Type fed = result.type.substitute(valuesOf(below)).value_or(result.type);
  fed.shape.back() = *joined;
  if (fed != input.type.substitute(valuesOf(above)))
    return reportLayers(match, "its first result `" + toString(result.type) +
                                   "` does not feed `" + input.name + ": " +
                                   toString(input.type) + "`");
  auto depends = [&](const Type &type) {
    return type.substitute(valuesOf(below)) != type.substitute(valuesOf(above));
  };
  bool good = !depends(stateType(match.callee));
  for (const Named &each : match.callee.results)
    good &= !depends(each.type);
  if (!good)
    return reportLayers(match, "its states or results depend on `" +
                                   symbol->name +
                                   "`, which differs from layer to layer");
  recurrence.inputDim = symbol->index;
  recurrence.width = *joined;
  return true;
}

//===----------------------------------------------------------------------===//
// Results
//===----------------------------------------------------------------------===//

std::vector<Type> DefinitionChecker::recurrentResults(const Match &match) {
  std::vector<Dim> values = match.values();
  Shape leading = match.prefix;
  leading.push_back(*match.time);
  bool isBidirectional = match.use->recurrence->bidirectional;
  std::vector<Type> types;
  for (const Named &result : match.callee.results) {
    Type type = result.type.substitute(valuesOf(values)).value_or(result.type);
    type = withPrefix(type, leading);
    if (isBidirectional && types.empty())
      type.shape.back() =
          Dim::multiply(type.shape.back(), Dim(2)).value_or(type.shape.back());
    else if (isBidirectional)
      type = Type::record({"forward", "backward"}, {type, type});
    types.push_back(std::move(type));
  }
  return types;
}

Type DefinitionChecker::finalType(const Match &match) {
  const Recurrence &recurrence = *match.use->recurrence;
  std::vector<Dim> values = match.values();
  Type states = stateType(match.callee);
  states = states.substitute(valuesOf(values)).value_or(states);
  if (recurrence.bidirectional)
    states = Type::record({"forward", "backward"}, {states, states});
  return recurrence.layers ? Type::list(*recurrence.layers, states) : states;
}

//===----------------------------------------------------------------------===//
// Initial states
//===----------------------------------------------------------------------===//

TypedPtr DefinitionChecker::checkInitial(const Expr &expr,
                                         const Type &expected) {
  TypedPtr value = checkExpr(expr);
  return value ? fitInitial(std::move(value), expected) : nullptr;
}

static bool isOfDirections(const Type &states) {
  return states.names == std::vector<std::string>{"forward", "backward"} &&
         states.parts.front().kind == Type::Kind::Record;
}

/// Makes a value that is written as a record or a list have the expected type:
/// parts in the states' order, null for those left out.
TypedPtr DefinitionChecker::fitInitial(TypedPtr value, const Type &expected) {
  if (value->type == expected)
    return value;
  bool isAmbiguous = false;
  if (expected.isTensor() && value->type.isNumber() &&
      findSubsequence(value->type.shape, expected.shape, isAmbiguous) &&
      !isAmbiguous)
    return broadcastTo(std::move(value), expected.shape);
  bool isRecord =
      expected.kind == Type::Kind::Record && value->as<RecordNode>();
  bool isList = expected.kind == Type::Kind::List && value->as<ListNode>() &&
                value->type.count == expected.count;
  if (!isRecord && !isList) {
    engine.report<Diag::InitialMismatch>(value->range, toString(expected),
                                         toString(value->type));
    return nullptr;
  }
  std::vector<TypedPtr> parts(isList ? value->operands.size()
                                     : expected.parts.size());
  for (size_t i = 0; i < value->operands.size(); ++i) {
    std::optional<size_t> part =
        isList ? i : expected.find(value->type.names[i]);
    if (!part) {
      const std::string &name = value->type.names[i];
      engine
          .report<Diag::UnknownField>(value->operands[i]->range,
                                      toString(expected), name)
          .hint(isOfDirections(expected) && expected.parts.front().find(name)
                    ? "each direction has its own: `(forward = (" + name +
                          " = ...), backward = (" + name + " = ...))`"
                    : didYouMean(name, {expected.names.begin(),
                                        expected.names.end()}));
      return nullptr;
    }
    const Type &type = expected.parts[isList ? 0 : *part];
    parts[*part] = fitInitial(std::move(value->operands[i]), type);
    if (!parts[*part])
      return nullptr;
  }
  value->operands = std::move(parts);
  value->type = expected;
  return value;
}

} // namespace seqc::dsl
