//===- CheckCall.cpp - Calls ----------------------------------------------===//
// Which thing is called, with which arguments in which order.
//===----------------------------------------------------------------------===//

#include "dsl/Check/Match.h"
#include "dsl/Diag/Suggest.h"

#include <algorithm>

namespace seqc::dsl {

bool DefinitionChecker::isBuiltin(std::string_view name) {
  std::vector<std::string_view> names = builtinNames();
  return std::find(names.begin(), names.end(), name) != names.end();
}

TypedPtr DefinitionChecker::checkCall(const Expr &expr, const CallExpr &call) {
  const std::string &name = call.callee.name;
  if (const Entity *entity = find(name)) {
    if (entity->kind == Entity::Kind::Use)
      return checkTakesNoDims(call, "`use` gives an instance its dimensions")
                 ? callInstance(expr, call, entity->index)
                 : nullptr;
    engine.report<Diag::NotCallable>(call.callee.range, name, "a value")
        .label(entity->range, "`" + name + "` is declared here");
    return nullptr;
  }
  if (poisoned.count(name))
    return nullptr;
  if (auto found = table.find(name); found != table.end()) {
    const Definition &callee = *found->second;
    if (isFileConstant) { // definitions have no types yet
      engine.report<Diag::NotConstant>(call.callee.range);
      return nullptr;
    }
    if (callee.kind == DefinitionKind::Fn)
      return callFunction(expr, call, callee);
    if (callee.kind == DefinitionKind::Cell && samples)
      return callCellOfSteps(expr, call, callee);
    std::string kind = spelling(callee.kind);
    Diagnostic &diagnostic =
        engine.report<Diag::NotCallable>(call.callee.range, name, "a " + kind);
    if (callee.kind != DefinitionKind::Model)
      diagnostic.hint("`use` makes an instance of it, which can be called");
    return nullptr;
  }
  if (isBuiltin(name))
    return checkTakesNoDims(call, "") ? callBuiltin(expr, call) : nullptr;
  return unknownFunction(call);
}

bool DefinitionChecker::checkTakesNoDims(const CallExpr &call,
                                         const char *hint) {
  if (call.dims.empty())
    return true;
  engine
      .report<Diag::TooManyDimensions>(call.dims.front()->range,
                                       call.callee.name, "0 dimensions",
                                       call.dims.size())
      .hint(hint);
  return false;
}

TypedPtr DefinitionChecker::unknownFunction(const CallExpr &call) {
  std::vector<std::string_view> names = builtinNames();
  for (const Use &use : def.uses)
    names.push_back(use.name);
  for (const auto &[name, definition] : table)
    if (definition->kind == DefinitionKind::Fn)
      names.push_back(name);
  engine.report<Diag::UnknownName>(call.callee.range, call.callee.name)
      .hint(didYouMean(call.callee.name, names));
  return nullptr;
}

bool DefinitionChecker::arrange(const CallExpr &call,
                                const std::vector<std::string> &declared,
                                std::vector<const Expr *> &values,
                                const std::vector<std::string> &optional,
                                const std::vector<bool> *hasDefault,
                                size_t flags) {
  std::vector<std::string> names = declared;
  names.insert(names.end(), optional.begin(), optional.end());
  values.assign(names.size(), nullptr);
  std::map<std::string_view, size_t> positions;
  for (size_t i = 0; i < names.size(); ++i)
    positions.emplace(names[i], i);
  size_t positional = 0;
  bool sawNamed = false;
  for (size_t each = 0; each + flags < call.arguments.size(); ++each) {
    const Argument &argument = call.arguments[each];
    size_t position = positional;
    SourceRange range = argument.value->range;
    if (argument.name) {
      sawNamed = true;
      range = argument.name->range;
      auto found = positions.find(argument.name->name);
      if (found != positions.end()) {
        position = found->second;
      } else {
        engine
            .report<Diag::UnknownArgument>(range, call.callee.name,
                                           argument.name->name)
            .hint(
                didYouMean(argument.name->name, {names.begin(), names.end()}));
        return false;
      }
    } else if (sawNamed) {
      engine.report<Diag::PositionalAfterNamed>(range);
      return false;
    } else if (positional++ == declared.size()) {
      engine.report<Diag::WrongArity>(range, call.callee.name,
                                      count(declared.size(), "argument"),
                                      call.arguments.size());
      return false;
    }
    if (values[position]) {
      engine.report<Diag::ArgumentTwice>(range, names[position]);
      return false;
    }
    values[position] = argument.value.get();
  }
  for (size_t i = 0; i < declared.size(); ++i) {
    if (values[i] || (hasDefault && (*hasDefault)[i]))
      continue;
    engine
        .report<Diag::WrongArity>(call.callee.range, call.callee.name,
                                  count(declared.size(), "argument"),
                                  call.arguments.size())
        .hint("`" + declared[i] + "` is missing");
    return false;
  }
  return true;
}

/// Checks the arguments of a call of a definition; `values` has a place more
/// where the callee is a recurrence.
bool DefinitionChecker::checkArguments(Match &match,
                                       std::vector<const Expr *> &values) {
  std::vector<std::string> names;
  std::vector<bool> hasDefault;
  for (const ArgumentDecl &argument : match.callee.decl->arguments) {
    names.push_back(argument.name.name);
    hasDefault.push_back(argument.defaultValue != nullptr);
  }
  if (!arrange(match.call, names, values,
               match.isRecurrence() ? std::vector<std::string>{"initial"}
                                    : std::vector<std::string>(),
               &hasDefault))
    return false;
  bool good = true;
  for (size_t i = 0; i < names.size(); ++i) {
    // What is left out is filled in once the dimensions are known.
    match.arguments.push_back(values[i] ? checkTensor(*values[i])
                                        : make(match.range,
                                               match.callee.arguments[i].type,
                                               ConstantNode{0}));
    match.isDefault.push_back(!values[i]);
    good &= match.arguments.back() != nullptr;
  }
  match.dims.resize(match.callee.dims.size());
  match.decided.resize(match.callee.dims.size());
  return good;
}

TypedPtr DefinitionChecker::finishCall(Match &match,
                                       std::optional<unsigned> use, Type type,
                                       TypedPtr initial) {
  CallNode node;
  node.callee = &match.callee;
  node.use = use;
  node.dims = match.values();
  node.lift = match.lift;
  node.isLifted = match.isLifted;
  node.isSequence = match.isSequence;
  node.initial = std::move(initial);
  for (size_t i = 0; i < match.arguments.size(); ++i)
    if (match.isDefault[i])
      match.arguments[i] =
          copyConstant(*match.callee.argumentDefaults[i], node.dims);
  return make(match.range, std::move(type), std::move(node),
              std::move(match.arguments));
}

/// What a call of a function, a layer or a cell gives.
static Type resultType(const Definition &callee, const std::vector<Dim> &values,
                       const Shape &prefix) {
  std::vector<Type> types;
  for (const Named &result : callee.results) {
    Type type = result.type.substitute(valuesOf(values)).value_or(result.type);
    types.push_back(withPrefix(type, prefix));
  }
  return types.size() == 1 ? types.front() : Type::tuple(std::move(types));
}

TypedPtr DefinitionChecker::callFunction(const Expr &expr, const CallExpr &call,
                                         const Definition &callee) {
  Match match{call, expr.range, callee, nullptr};
  std::vector<const Expr *> values;
  if (!callee.isUsable || !checkArguments(match, values) ||
      !checkGivenDims(call.dims, callee, match.dims, match.decided) ||
      !findLift(match) || !unify(match))
    return nullptr;
  Type type = resultType(callee, match.values(), match.prefix);
  return finishCall(match, std::nullopt, std::move(type), nullptr);
}

/// A cell that is called in a schedule walks along the steps of training: each
/// call is an instance of its own.
TypedPtr DefinitionChecker::callCellOfSteps(const Expr &expr,
                                            const CallExpr &call,
                                            const Definition &cell) {
  auto isNumber = [](const Named &named) { return named.type.isScalar(); };
  bool isGood =
      cell.params.empty() && cell.uses.empty() && cell.dims.empty() &&
      std::all_of(cell.arguments.begin(), cell.arguments.end(), isNumber) &&
      std::all_of(cell.results.begin(), cell.results.end(), isNumber) &&
      std::all_of(cell.states.begin(), cell.states.end(),
                  [](const State &state) {
                    return state.type.isScalar() && state.initial &&
                           isConstant(*state.initial);
                  });
  if (!isGood) {
    engine.report<Diag::NotASchedule>(call.callee.range, cell.name)
        .label(cell.range, "declared here");
    return nullptr;
  }
  Use use;
  // Its states have a name of their own for each call.
  use.name = cell.name;
  for (const Use &other : def.uses)
    if (other.definition == &cell)
      use.name = cell.name + std::to_string(def.uses.size() + 1);
  use.range = call.callee.range;
  use.definition = &cell;
  def.uses.push_back(std::move(use));
  return callInstance(expr, call, static_cast<unsigned>(def.uses.size() - 1));
}

TypedPtr DefinitionChecker::callInstance(const Expr &expr, const CallExpr &call,
                                         unsigned index) {
  Use &use = def.uses[index];
  ++use.calls;
  callsOf[index].push_back(expr.range);
  Match match{call, expr.range, *use.definition, &use};
  std::vector<const Expr *> values;
  if (!checkArguments(match, values))
    return nullptr;
  std::copy(use.dims.begin(), use.dims.end(), match.dims.begin());
  std::copy(use.decided.begin(), use.decided.end(), match.decided.begin());
  bool fits = use.recurrence ? findSequences(match) : findLift(match);
  if (!fits || !unify(match))
    return nullptr;
  std::copy_n(match.dims.begin(), use.dims.size(), use.dims.begin());
  std::copy_n(match.decided.begin(), use.dims.size(), use.decided.begin());
  if (use.recurrence)
    return callRecurrence(match, index, values.back());
  Shape mapped = loops;
  mapped.insert(mapped.end(), match.prefix.begin(), match.prefix.end());
  if (!mapped.empty() && use.definition->kind == DefinitionKind::Cell) {
    engine.report<Diag::LiftedCell>(expr.range, use.name, toString(mapped));
    return nullptr;
  }
  Type type = resultType(match.callee, match.values(), match.prefix);
  return finishCall(match, index, std::move(type), nullptr);
}

} // namespace seqc::dsl
