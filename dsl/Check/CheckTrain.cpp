//===- CheckTrain.cpp - `train` blocks ------------------------------------===//
// The head, which calls the model, and what may stand in the body.
//===----------------------------------------------------------------------===//

#include "dsl/Check/TrainChecker.h"
#include "dsl/Check/Visit.h"
#include "dsl/Diag/Suggest.h"

#include <fmt/format.h>

#include <cmath>

namespace seqc::dsl {

void TrainChecker::check() {
  if (!findModel())
    return;
  begin(made.step, made.stepDecl, samples, /*hasFreeDims=*/true);
  begin(made.schedule, made.scheduleDecl, steps, /*hasFreeDims=*/false);
  made.schedule.kind = made.scheduleDecl.kind = DefinitionKind::Cell;
  steps.samples = &samples;
  for (const char *name : {"step", "loss"}) {
    LocalId local = steps.addLocal(name, Type::number(), made.range);
    made.schedule.arguments.push_back({name, Type::number(), made.range});
    steps.scope[name] = {Entity::Kind::Local, local, made.range};
  }
  addInputs();
  nameInputs();
  callModel();
  for (const TrainMember &member : decl.body) {
    checkMember(member);
    if (engine.isFull())
      return;
  }
  checkEnd();
}

//===----------------------------------------------------------------------===//
// The head
//===----------------------------------------------------------------------===//

bool TrainChecker::findModel() {
  made.range = decl.model.range;
  auto found = names.definitions.find(decl.model.name);
  if (found == names.definitions.end()) {
    std::vector<std::string_view> models;
    for (const auto &[name, definition] : names.definitions)
      if (definition->kind == DefinitionKind::Model)
        models.push_back(name);
    engine.report<Diag::UnknownName>(decl.model.range, decl.model.name)
        .hint(didYouMean(decl.model.name, models));
    return false;
  }
  made.model = found->second;
  if (made.model->kind == DefinitionKind::Model)
    return made.model->isUsable;
  engine.report<Diag::TrainNeedsModel>(decl.model.range, decl.model.name,
                                       spelling(made.model->kind));
  return false;
}

/// The model's dimensions under their names, in the same order.
void TrainChecker::begin(Definition &definition, DefinitionDecl &own,
                         DefinitionChecker &checker, bool hasFreeDims) {
  own.kind = DefinitionKind::Model;
  own.name = decl.model;
  own.end = decl.end;
  definition.decl = &own;
  definition.kind = own.kind;
  definition.name = decl.model.name;
  definition.range = decl.model.range;
  const Definition &model = *made.model;
  std::vector<Dim> values;
  for (const auto &dim : model.dims) {
    if (dim->aliasOf || (dim->isFree && !hasFreeDims))
      break;
    definition.dims.push_back(std::make_unique<DimSymbol>(*dim));
    checker.scope[dim->name] = {Entity::Kind::Dim, dim->index, dim->range};
    values.push_back(Dim(definition.dims.back().get()));
  }
  definition.bracketDims = model.bracketDims;
  for (const std::optional<Dim> &value : model.defaults)
    definition.defaults.push_back(value ? value->substitute(valuesOf(values))
                                        : std::nullopt);
}

/// Values of the model's dimensions in those of the step.
static std::vector<Dim> dimsOf(const Definition &step,
                               const Definition &model) {
  std::vector<Dim> values;
  for (size_t i = 0; i < model.dims.size() && !model.dims[i]->aliasOf; ++i)
    values.push_back(Dim(step.dims[i].get()));
  completeDims(model, values);
  return values;
}

void TrainChecker::addInputs() {
  const std::vector<Dim> values = dimsOf(made.step, *made.model);
  for (const Named &input : made.model->arguments) {
    Type type = input.type.substitute(valuesOf(values)).value_or(input.type);
    samples.addLocal(input.name, type, input.range);
    made.step.arguments.push_back({input.name, std::move(type), input.range});
  }
}

void TrainChecker::nameInputs() {
  std::set<std::string> named;
  bool areKnown = true; // what is misspelt is not said to be missing too
  for (const TrainArgument &argument : decl.arguments)
    areKnown &=
        argument.type ? addTarget(argument) : nameInput(argument.name, named);
  for (const Named &input : made.model->arguments)
    if (areKnown && !named.count(input.name))
      engine
          .report<Diag::InputMissing>(decl.model.range, decl.model.name,
                                      input.name)
          .label(input.range, "`" + input.name + "` is declared here");
}

bool TrainChecker::nameInput(const Identifier &name,
                             std::set<std::string> &named) {
  const std::vector<Named> &inputs = made.model->arguments;
  auto found =
      std::find_if(inputs.begin(), inputs.end(),
                   [&](const Named &input) { return input.name == name.name; });
  if (found == inputs.end()) {
    std::vector<std::string_view> known;
    for (const Named &input : inputs)
      known.push_back(input.name);
    std::string hint = didYouMean(name.name, known);
    if (hint.empty())
      hint = "a target has a type: `" + name.name + ": f32`";
    engine.report<Diag::UnknownInput>(name.range, decl.model.name, name.name)
        .hint(std::move(hint));
    samples.poison(name.name);
    return false;
  }
  if (!named.insert(name.name).second)
    engine.report<Diag::DuplicateName>(name.range, name.name)
        .label(samples.lookUp(name.name)->range,
               "`" + name.name + "` is named here before");
  samples.scope[name.name] = {Entity::Kind::Local,
                              static_cast<unsigned>(found - inputs.begin()),
                              name.range};
  return true;
}

/// A tensor that comes with each sample beside the model's inputs.
bool TrainChecker::addTarget(const TrainArgument &argument) {
  const Identifier &name = argument.name;
  for (const Named &input : made.model->arguments)
    if (input.name == name.name) {
      engine
          .report<Diag::InputWithType>(argument.type->range, name.name,
                                       decl.model.name)
          .label(input.range, "`" + name.name + "` is declared here");
      samples.poison(name.name);
      return false;
    }
  samples.introduceFreeDims(*argument.type);
  std::optional<Type> type = samples.checkType(*argument.type);
  if (!type) {
    samples.poison(name.name);
    return true;
  }
  made.step.arguments.push_back({name.name, *type, name.range});
  LocalId local = samples.addLocal(name.name, std::move(*type), name.range);
  samples.declare(name, Entity::Kind::Local, local);
  return true;
}

void TrainChecker::callModel() {
  const Definition &model = *made.model;
  Use use;
  use.range = decl.model.range;
  use.definition = &model;
  use.calls = 1;
  for (size_t i = 0; i < model.bracketDims; ++i)
    use.dims.emplace_back(Dim(made.step.dims[i].get()));
  use.decided.resize(use.dims.size());
  made.step.uses.push_back(std::move(use));

  CallNode call;
  call.callee = &model;
  call.use = 0;
  call.dims = dimsOf(made.step, model);
  call.isLifted.resize(model.arguments.size());
  std::vector<TypedPtr> arguments;
  for (unsigned i = 0; i < model.arguments.size(); ++i)
    arguments.push_back(samples.make(
        decl.model.range, made.step.arguments[i].type, LocalNode{i}));
  Statement statement;
  std::vector<Type> types;
  for (const Named &result : model.results) {
    types.push_back(
        result.type.substitute(valuesOf(call.dims)).value_or(result.type));
    statement.targets.emplace_back();
  }
  for (const Identifier &name : decl.results) {
    std::vector<std::string_view> known;
    size_t place = 0;
    while (place < types.size() && model.results[place].name != name.name)
      known.push_back(model.results[place++].name);
    if (place == types.size()) {
      bool isUnnamed = place == 1 && !model.decl->results.front().name;
      engine.report<Diag::UnknownResult>(name.range, model.name, name.name)
          .hint(isUnnamed ? "a result without a name is called `output`"
                          : didYouMean(name.name, known))
          .label(model.range, "its results are declared here");
      samples.poison(name.name);
      continue;
    }
    LocalId local = samples.addLocal(name.name, types[place], name.range);
    if (samples.declare(name, Entity::Kind::Local, local))
      statement.targets[place] = local;
  }
  Type type = types.size() == 1 ? types.front() : Type::tuple(std::move(types));
  statement.value = samples.make(decl.model.range, std::move(type),
                                 std::move(call), std::move(arguments));
  made.step.body.push_back(std::move(statement));
}

//===----------------------------------------------------------------------===//
// The body
//===----------------------------------------------------------------------===//

void TrainChecker::checkMember(const TrainMember &member) {
  if (const auto *let = std::get_if<LetMember>(&member.node))
    samples.checkLet(*let);
  else if (const auto *metric = std::get_if<MetricMember>(&member.node))
    checkMetric(*metric);
  else
    checkOption(std::get<AssignMember>(member.node), member.range);
}

void TrainChecker::checkOption(const AssignMember &option, SourceRange range) {
  const std::string &name = option.name.name;
  auto [at, isNew] = options.try_emplace(name, option.name.range);
  if (!isNew) {
    engine.report<Diag::ArgumentTwice>(option.name.range, name)
        .label(at->second, "given here before");
    return;
  }
  if (name == "loss")
    return checkLoss(option);
  if (name == "optimizer")
    return checkOptimizer(option);
  if (name == "clip_norm")
    return checkSetting(option, made.clipNorm);
  if (name == "clip_value")
    return checkSetting(option, made.clipValue);
  if (name == "accumulate")
    return checkSetting(option, made.accumulate);
  if (name == "truncate")
    return checkSetting(option, made.truncate);
  std::string hint = didYouMean(name, {"loss", "optimizer", "clip_norm",
                                       "clip_value", "accumulate", "truncate"});
  if (hint.empty())
    hint = "`metric " + name + " = ...` measures it, `let " + name +
           " = ...` names it";
  engine.report<Diag::UnknownOption>(range, name).hint(std::move(hint));
}

void TrainChecker::checkSetting(const AssignMember &option,
                                Training::Setting &setting) {
  setting.range = option.value->range;
  setting.value = steps.checkConstant(*option.value);
  bool hasDims =
      setting.value && contains(*setting.value, [](const auto &part) {
        return part.template as<DimNode>() != nullptr;
      });
  // Where names are in it, laying out the model tells.
  if (setting.value && !hasDims)
    checkSettingValue(option.name.name, setting.range,
                      evaluateConstant(*setting.value, {}), engine);
}

bool checkSettingValue(const std::string &name, SourceRange range, double value,
                       DiagnosticEngine &engine) {
  constexpr double most = 1048576;
  bool isNumber = name == "clip_norm" || name == "clip_value";
  bool isGood = isNumber
                    ? value > 0 && std::isfinite(value)
                    : value >= 1 && value <= most && value == std::floor(value);
  if (!isGood)
    engine.report<Diag::OptionOutOfRange>(
        range, name,
        isNumber ? std::string("a positive number")
                 : fmt::format("a whole number from 1 to {}", most),
        fmt::format("{}", value));
  return isGood;
}

void TrainChecker::checkEnd() {
  samples.checkHeight();
  steps.checkHeight();
  for (const char *name : {"loss", "optimizer"})
    if (!options.count(name))
      engine
          .report<Diag::OptionMissing>(decl.model.range, decl.model.name, name)
          .hint(std::string(name) == "loss"
                    ? "`loss = ...` is a number per sample or step"
                    : "`optimizer = Adam(lr = 1e-3)`, for example");
}

} // namespace seqc::dsl
