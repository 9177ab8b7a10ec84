//===- CheckDefinition.cpp - Signatures and members -----------------------===//
// What a definition declares, and what is bound and assigned in its body.
//===----------------------------------------------------------------------===//

#include "dsl/Check/Checker.h"
#include "dsl/Check/Visit.h"
#include "dsl/Diag/Suggest.h"

#include <algorithm>

namespace seqc::dsl {

/// The height that recursion over expressions, through calls, may reach.
static constexpr unsigned maxTotalHeight = 1000;
/// Cells in cells, two of each, double the states at every level.
static constexpr size_t maxStates = 1000;

void DefinitionChecker::check() {
  checkDims();
  for (const ArgumentDecl &argument : def.decl->arguments)
    introduceFreeDims(argument.type);
  checkArguments();
  checkResults();
  for (const Member &member : def.decl->body) {
    checkMember(member);
    if (engine.isFull())
      return;
  }
  checkEnd();
}

//===----------------------------------------------------------------------===//
// Signature
//===----------------------------------------------------------------------===//

void DefinitionChecker::checkDims() {
  for (const DimDecl &dim : def.decl->dims) {
    auto index = static_cast<unsigned>(def.dims.size());
    std::optional<Dim> value;
    if (dim.defaultValue && def.kind != DefinitionKind::Model)
      engine.report<Diag::DefaultOutsideModel>(dim.defaultValue->range,
                                               spelling(def.kind));
    else if (dim.defaultValue)
      value = checkDim(*dim.defaultValue);
    def.dims.push_back(std::make_unique<DimSymbol>(
        DimSymbol{dim.name.name, dim.name.range, index, false}));
    def.defaults.push_back(std::move(value));
    declare(dim.name, Entity::Kind::Dim, index);
  }
  def.bracketDims = static_cast<unsigned>(def.dims.size());
}

void DefinitionChecker::checkArguments() {
  for (const ArgumentDecl &argument : def.decl->arguments) {
    std::optional<Type> type = checkType(argument.type);
    def.isUsable &= type.has_value();
    if (!type) {
      poison(argument.name.name);
      continue;
    }
    def.arguments.push_back({argument.name.name, *type, argument.name.range});
    LocalId local = addLocal(argument.name.name, *type, argument.name.range);
    declare(argument.name, Entity::Kind::Local, local);
    checkDefault(argument, *type);
  }
}

/// A number that is known when the model is compiled, for a call that leaves
/// the argument out.
void DefinitionChecker::checkDefault(const ArgumentDecl &argument,
                                     const Type &type) {
  def.argumentDefaults.push_back(nullptr);
  if (!argument.defaultValue)
    return;
  const SourceRange range = argument.defaultValue->range;
  if (def.kind == DefinitionKind::Model)
    engine.report<Diag::DefaultOfInput>(range, argument.name.name);
  else if (type.isToken() || !type.isScalar())
    engine.report<Diag::DefaultNotScalar>(range, argument.name.name,
                                          toString(type));
  else if (type.isBool())
    def.argumentDefaults.back() = checkFlag(*argument.defaultValue);
  else
    def.argumentDefaults.back() = checkConstant(*argument.defaultValue);
  def.isUsable &= def.argumentDefaults.back() != nullptr;
}

/// `true` or `false`.
TypedPtr DefinitionChecker::checkFlag(const Expr &expr) {
  TypedPtr value = checkElement(expr, Element::Bool);
  if (!value || value->as<BoolNode>())
    return value;
  engine.report<Diag::NotConstant>(expr.range);
  return nullptr;
}

void DefinitionChecker::checkResults() {
  bool isModel = def.kind == DefinitionKind::Model;
  std::map<std::string, SourceRange> names;
  introduceMadeDims();
  for (const ResultDecl &result : def.decl->results) {
    std::string name = result.name ? result.name->name : "output";
    SourceRange range = result.name ? result.name->range : result.type.range;
    bool isUnnamed = !result.name && def.decl->results.size() > 1;
    if (isModel && isUnnamed)
      engine.report<Diag::UnnamedResult>(result.type.range, def.name);
    else if (auto [at, isNew] = names.try_emplace(name, range);
             !isNew && !isUnnamed)
      engine.report<Diag::DuplicateName>(range, name)
          .label(at->second, "`" + name + "` is declared here");
    std::optional<Type> type = checkType(result.type);
    def.isUsable &= type.has_value();
    if (type)
      def.results.push_back({name, std::move(*type), result.type.range});
  }
  forgetMadeDims();
}

//===----------------------------------------------------------------------===//
// Members
//===----------------------------------------------------------------------===//

namespace {
/// What a member is called, and whether a kind of definition may hold it.
struct MemberRule {
  const char *keyword;
  bool allowed;
};

MemberRule ruleFor(const Member &member, DefinitionKind kind) {
  if (std::holds_alternative<ParamMember>(member.node))
    return {"param", kind != DefinitionKind::Fn};
  if (std::holds_alternative<UseMember>(member.node))
    return {"use", kind != DefinitionKind::Fn};
  if (std::holds_alternative<StateMember>(member.node))
    return {"state", kind == DefinitionKind::Cell};
  return {"", true};
}
} // namespace

void DefinitionChecker::checkMember(const Member &member) {
  MemberRule rule = ruleFor(member, def.kind);
  if (!rule.allowed) {
    bool isState = std::holds_alternative<StateMember>(member.node);
    engine
        .report<Diag::MisplacedMember>(member.range, spelling(def.kind),
                                       rule.keyword)
        .hint(std::string("a `") + (isState ? "cell" : "layer") + "` has it");
  }
  if (sawReturn)
    engine.report<Diag::AfterReturn>(member.range);
  if (const auto *param = std::get_if<ParamMember>(&member.node))
    checkParam(*param);
  else if (const auto *state = std::get_if<StateMember>(&member.node))
    checkState(*state);
  else if (const auto *use = std::get_if<UseMember>(&member.node))
    checkUse(*use);
  else if (const auto *let = std::get_if<LetMember>(&member.node))
    checkLet(*let);
  else if (const auto *assign = std::get_if<AssignMember>(&member.node))
    checkAssign(*assign);
  else
    checkReturn(std::get<ReturnMember>(member.node), member.range);
}

/// Parameters and states are laid out before any call.
static const DimSymbol *freeSymbolOf(const Type &type) {
  for (const Dim &dim : type.shape)
    if (const DimSymbol *free = dim.freeSymbol())
      return free;
  return nullptr;
}

std::optional<Type>
DefinitionChecker::checkStoredType(const Identifier &name,
                                   const TypeExpr &written) {
  std::optional<Type> type = checkType(written);
  if (type && !type->isNumber()) {
    engine.report<Diag::ElementMismatch>(written.range, "`f32`",
                                         toString(*type));
    type.reset();
  } else if (const DimSymbol *free = type ? freeSymbolOf(*type) : nullptr) {
    engine.report<Diag::RuntimeDimension>(written.range, free->name)
        .label(free->range, "`" + free->name + "` is not in the brackets");
    type.reset();
  }
  if (!type)
    poison(name.name);
  return type;
}

void DefinitionChecker::checkParam(const ParamMember &member) {
  std::optional<Type> type = checkStoredType(member.name, member.type);
  if (!type)
    return;
  Param param;
  param.name = member.name.name;
  param.type = std::move(*type);
  param.range = member.name.range;
  checkInitializer(member.initializer, param);
  if (declare(member.name, Entity::Kind::Param,
              static_cast<unsigned>(def.params.size())))
    def.params.push_back(std::move(param));
}

void DefinitionChecker::checkInitializer(const Initializer &initializer,
                                         Param &param) {
  static const std::map<std::string, Distribution> distributions = {
      {"constant", Distribution::Constant},
      {"uniform", Distribution::Uniform},
      {"normal", Distribution::Normal}};
  const Identifier &name = initializer.distribution;
  auto distribution = distributions.find(name.name);
  if (distribution == distributions.end()) {
    engine.report<Diag::UnknownDistribution>(name.range, name.name)
        .hint("a parameter begins as `~ uniform(bound)`, `~ normal(deviation)` "
              "or `= value`");
    return;
  }
  param.distribution = distribution->second;
  if (initializer.arguments.size() == 1)
    param.value = checkConstant(*initializer.arguments.front());
  else
    engine.report<Diag::WrongArity>(initializer.range, name.name, "1 argument",
                                    initializer.arguments.size());
}

void DefinitionChecker::checkState(const StateMember &member) {
  std::optional<Type> type = checkStoredType(member.name, member.type);
  TypedPtr initial = checkNumber(*member.initial);
  if (!type)
    return;
  bool dependsOnStep = initial && contains(*initial, [](const TypedExpr &expr) {
                         const auto *call = expr.as<CallNode>();
                         return expr.as<LocalNode>() || (call && call->use);
                       });
  if (dependsOnStep)
    engine.report<Diag::StateInitial>(member.initial->range);
  bool isAmbiguous = false;
  if (initial &&
      !findSubsequence(initial->type.shape, type->shape, isAmbiguous))
    engine
        .report<Diag::StateWrongShape>(member.initial->range, member.name.name,
                                       toString(*type), toString(initial->type))
        .label(member.type.range, "declared here");
  else if (initial)
    initial = broadcastTo(std::move(initial), type->shape);
  State state;
  state.name = member.name.name;
  state.type = *type;
  state.range = member.name.range;
  state.initial = std::move(initial);
  state.before = addLocal(state.name, *type, state.range);
  state.after = addLocal(state.name, *type, state.range);
  if (declare(member.name, Entity::Kind::State,
              static_cast<unsigned>(def.states.size())))
    def.states.push_back(std::move(state));
}

void DefinitionChecker::checkLet(const LetMember &member) {
  TypedPtr value = checkExpr(*member.value);
  if (value) {
    bindLet(member, std::move(value));
    return;
  }
  poison(member);
}

void DefinitionChecker::poison(const LetMember &member) {
  for (const LetTarget &target : member.targets)
    poison(target.name.name);
}

void DefinitionChecker::bindLet(const LetMember &member, TypedPtr value) {
  bool isTuple = value->type.kind == Type::Kind::Tuple;
  std::vector<Type> types{value->type};
  if (isTuple)
    types = value->type.parts;
  if (types.size() != member.targets.size()) {
    engine.report<Diag::PatternCount>(value->range,
                                      count(types.size(), "value"),
                                      count(member.targets.size(), "name"));
    poison(member);
    return;
  }
  Statement statement;
  for (size_t i = 0; i < types.size(); ++i) {
    const Identifier &name = member.targets[i].name;
    std::optional<Type> type =
        checkLetType(member.targets[i], *value, types[i]);
    std::optional<LocalId> target;
    if (!type) {
      poison(name.name);
    } else if (!name.isWildcard()) {
      target = addLocal(name.name, std::move(*type), name.range);
      declare(name, Entity::Kind::Local, *target);
    }
    statement.targets.push_back(target);
  }
  statement.value = std::move(value);
  def.body.push_back(std::move(statement));
}

/// The type that a `let` gives a value: the value's own, or what is written,
/// which must be the same but for other names of dimensions.
std::optional<Type> DefinitionChecker::checkLetType(const LetTarget &target,
                                                    const TypedExpr &value,
                                                    const Type &given) {
  if (!target.type)
    return given;
  const TypeExpr &written = *target.type;
  std::optional<Type> type;
  if (introduceOtherNames(written, given)) {
    type = checkType(written);
    if (!type || type->resolved() == given.resolved())
      return type;
  }
  engine
      .report<Diag::LetMismatch>(value.range, target.name.name,
                                 type ? toString(*type) : written.range.text(),
                                 toString(given))
      .label(written.range, "declared here");
  return std::nullopt;
}

/// A bare new name in the type of a `let` is another name for the dimension
/// that the value has there. False where the numbers of axes differ.
bool DefinitionChecker::introduceOtherNames(const TypeExpr &written,
                                            const Type &given) {
  if (!given.isTensor() || given.shape.size() != written.dims.size())
    return false;
  for (size_t i = 0; i < written.dims.size(); ++i)
    if (DimSymbol *symbol = introduceDim(*written.dims[i]))
      symbol->aliasOf = std::make_shared<const Dim>(given.shape[i].resolved());
  return true;
}

void DefinitionChecker::checkAssign(const AssignMember &member) {
  TypedPtr value = checkTensor(*member.value);
  const Entity *entity = lookUp(member.name.name);
  if (!entity || entity->kind != Entity::Kind::State) {
    if (poisoned.count(member.name.name))
      return;
    std::vector<std::string_view> states;
    for (const State &state : def.states)
      states.push_back(state.name);
    std::string hint = didYouMean(member.name.name, states);
    if (hint.empty() && !entity)
      hint = "`let " + member.name.name + " = ...` names a value";
    engine.report<Diag::AssignNotState>(member.name.range, member.name.name)
        .label(entity ? entity->range : SourceRange(),
               "`" + member.name.name + "` is declared here")
        .hint(std::move(hint));
    if (!entity)
      poison(member.name.name);
    return;
  }
  State &state = def.states[entity->index];
  if (state.assigned)
    engine.report<Diag::StateAssignedTwice>(member.name.range, state.name)
        .label(*state.assigned, "assigned here before");
  state.assigned = member.name.range;
  if (!value)
    return;
  if (value->type != state.type) {
    engine
        .report<Diag::StateWrongShape>(member.value->range, state.name,
                                       toString(state.type),
                                       toString(value->type))
        .label(state.range, "`" + state.name + "` was declared here");
    return;
  }
  Statement statement;
  statement.targets.push_back(state.after);
  statement.value = std::move(value);
  def.body.push_back(std::move(statement));
}

//===----------------------------------------------------------------------===//
// Results and the end of a body
//===----------------------------------------------------------------------===//

void DefinitionChecker::checkReturn(const ReturnMember &member,
                                    SourceRange range) {
  sawReturn = true;
  std::vector<TypedPtr> values;
  bool good = true;
  for (const ExprPtr &value : member.values) {
    values.push_back(checkExpr(*value));
    good &= values.back() != nullptr;
  }
  // One value at fault might have been several.
  if (!good && values.size() == 1)
    return;
  bool isTuple =
      values.size() == 1 && values[0]->type.kind == Type::Kind::Tuple;
  size_t given = isTuple ? values[0]->type.parts.size() : values.size();
  const std::vector<ResultDecl> &declared = def.decl->results;
  if (given != declared.size())
    engine
        .report<Diag::ResultCount>(range, def.name,
                                   count(declared.size(), "result"), given)
        .label(cover(declared.front().name ? declared.front().name->range
                                           : declared.front().type.range,
                     declared.back().type.range),
               "declared here");
  else if (good && def.results.size() == given)
    checkReturned(std::move(values));
}

void DefinitionChecker::checkReturned(std::vector<TypedPtr> values) {
  bool isTuple = values[0]->type.kind == Type::Kind::Tuple;
  for (size_t i = 0; i < def.results.size(); ++i) {
    const TypedExpr &value = isTuple ? *values[0] : *values[i];
    const Type &type = isTuple ? value.type.parts[i] : value.type;
    // Results are shown outside, where other names are not known.
    if (!bindMadeDims(def.results[i], type))
      continue;
    if (type.resolved() != def.results[i].type.resolved())
      engine
          .report<Diag::ResultMismatch>(
              value.range, toString(def.results[i].type), toString(type))
          .label(def.results[i].range, "declared here");
  }
  def.returns = std::move(values);
}

void DefinitionChecker::checkEnd() {
  if (!sawReturn)
    engine.report<Diag::NoReturn>(def.decl->end, def.name);
  for (const State &state : def.states)
    if (!state.assigned)
      engine.report<Diag::StateNeverAssigned>(state.range, state.name)
          .hint("`" + state.name + " = ...` gives it its next value");
  for (unsigned index = 0; index < def.uses.size(); ++index) {
    const Use &use = def.uses[index];
    for (size_t i = 0; use.definition && i < use.dims.size(); ++i)
      if (!use.dims[i] && use.calls == 0)
        engine.report<Diag::DimensionNotInferred>(
            use.range, use.definition->dims[i]->name, use.definition->name);
    checkSharedTypes(use);
    bool isCell = use.definition && !use.recurrence &&
                  use.definition->kind == DefinitionKind::Cell;
    const std::vector<SourceRange> &calls = callsOf[index];
    if (isCell && use.calls == 0)
      engine.report<Diag::CellCalls>(use.range, use.name, "0 times");
    else if (isCell && calls.size() > 1)
      engine
          .report<Diag::CellCalls>(calls[1], use.name,
                                   count(calls.size(), "time"))
          .label(calls[0], "called here before");
  }
  checkMadeDims();
  def.isElementwise = isElementwise(def);
  checkStateCount();
  checkHeight();
}

void DefinitionChecker::checkStateCount() {
  def.stateCount = def.states.size();
  bool wasReported = false;
  for (const Member &member : def.decl->body) {
    const auto *use = std::get_if<UseMember>(&member.node);
    auto held = use ? table.find(use->definition.name) : table.end();
    if (held == table.end() || use->recurrent ||
        held->second->kind != DefinitionKind::Cell)
      continue;
    size_t count = held->second->stateCount;
    wasReported |= count > maxStates;
    def.stateCount += count + 1;
  }
  if (def.stateCount <= maxStates)
    return;
  if (!wasReported)
    engine.report<Diag::ProgramTooLarge>(def.range);
  def.isUsable = false;
}

/// Later phases recurse over expressions and into what they call.
void DefinitionChecker::checkHeight() {
  unsigned own = 1, called = 0;
  forEachExpr(def, [&](const TypedExpr &expr, unsigned height) {
    own = std::max(own, height);
    if (const auto *call = expr.as<CallNode>())
      called = std::max(called, call->callee->height);
  });
  def.height = own + called;
  if (def.height > maxTotalHeight && called <= maxTotalHeight)
    engine.report<Diag::NestingTooDeep>(def.range);
}

} // namespace seqc::dsl
