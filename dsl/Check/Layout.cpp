//===- Layout.cpp - The model's instances and their dimensions ------------===//
// From definitions, each checked once for all values of its dimensions, to one
// model with given values: its tree of instances, its parameters by full name,
// its carried states. What only values can tell is checked here: that a
// dimension is positive, a position inside, a tensor of a possible size.
//===----------------------------------------------------------------------===//

#include "dsl/Check/Layout.h"
#include "dsl/Diag/Suggest.h"

#include <fmt/format.h>

#include <charconv>

namespace seqc::dsl {

static constexpr size_t maxAxes = 16;

bool Layout::spend(size_t amount, SourceRange range) {
  bool wasGood = spent <= maxProgram;
  spent += amount;
  if (spent > maxProgram && wasGood)
    engine.report<Diag::ProgramTooLarge>(range);
  return spent <= maxProgram;
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

std::string sizesText(const Type &type, const Values &values) {
  Shape sizes;
  for (const Dim &dim : type.shape)
    sizes.push_back(dim.substitute(valuesOf(values)).value_or(dim));
  return toString(sizes);
}

/// No number is a token of an empty vocabulary.
bool Layout::checkVocabulary(const Type &type, SourceRange range,
                             const Values &values) {
  int64_t size = evaluate(type.vocabulary, values).value_or(0);
  if (size >= 1)
    return true;
  engine.report<Diag::DimensionNotPositive>(range, type.vocabulary.str(), size);
  return false;
}

bool Layout::checkType(const Type &type, SourceRange range,
                       const Values &values) {
  auto reportSize = [&] {
    engine.report<Diag::TensorTooLarge>(range, toString(type),
                                        sizesText(type, values));
    return false;
  };
  if (type.shape.size() > maxAxes)
    return reportSize();
  int64_t elements = 1;
  for (const Dim &dim : type.shape) {
    std::optional<Dim> value = dim.substitute(valuesOf(values));
    if (value && !value->asConstant())
      continue; // a length
    int64_t size = value ? *value->asConstant() : maxElements + 1;
    if (size < 1) {
      engine.report<Diag::DimensionNotPositive>(range, dim.str(), size);
      return false;
    }
    if (size > maxElements / elements)
      return reportSize();
    elements *= size;
  }
  if (type.isToken() && !checkVocabulary(type, range, values))
    return false;
  for (const Type &part : type.parts)
    if (!checkType(part, range, values))
      return false;
  return true;
}

//===----------------------------------------------------------------------===//
// Carried states
//===----------------------------------------------------------------------===//

void Layout::addStates(const Instance &cell, const std::string &suffix) {
  for (const State &state : cell.definition->states) {
    ProgramState made;
    made.name = cell.path + state.name + suffix;
    for (const Dim &dim : state.type.shape)
      made.shape.push_back(evaluate(dim, cell.dims).value_or(-1));
    const TypedExpr *initial = state.initial.get();
    while (initial->as<BroadcastNode>())
      initial = initial->operands.front().get();
    if (isConstant(*initial))
      made.initial = evaluateConstant(*initial, cell.dims);
    program.states.push_back(std::move(made));
  }
  for (size_t i = 0; i < cell.uses.size(); ++i) {
    const Use &use = cell.definition->uses[i];
    if (!use.recurrence && use.definition->kind == DefinitionKind::Cell)
      addStates(*cell.uses[i].instances.front(), suffix);
  }
}

/// A forward recurrence that is called once, outside of cells and of what is
/// mapped, and not given `initial`.
void Layout::findCarried(Instance &instance) {
  for (size_t i = 0; i < instance.uses.size(); ++i) {
    UseInstance &use = instance.uses[i];
    const auto &recurrence = instance.definition->uses[i].recurrence;
    bool isCarried = recurrence && !recurrence->bidirectional &&
                     !recurrence->reverse && use.calls == 1 && !use.isRestarted;
    if (isCarried) {
      use.carried = static_cast<unsigned>(program.states.size());
      for (size_t layer = 0; layer < use.instances.size(); ++layer)
        addStates(*use.instances[layer], fmt::format("_l{}", layer));
    }
    for (auto &each : use.instances)
      if (!recurrence)
        findCarried(*each);
  }
}

void Layout::run(Values values) {
  const Definition &model = *program.model;
  findEnclosing(model);
  program.root = build(model, values, "", {}, {});
  for (size_t i = model.bracketDims; i < model.dims.size(); ++i)
    values.push_back(Dim(model.dims[i].get()));
  completeDims(model, values);
  for (const Named &argument : model.arguments)
    checkType(argument.type, argument.range, values);
  if (engine.hasErrors())
    return;
  // A training step begins at the first values of the states, so that they
  // have gradients.
  const TrainingLayout *training = program.training.get();
  isChunked = training && training->truncate;
  checkBody(program.root.get(), model, values,
            /*mayCarry=*/!training || training->truncate);
  if (engine.hasErrors())
    return;
  findCarried(*program.root);
  if (training && training->truncate)
    checkTruncated();
}

void Layout::runCell(const Values &values) {
  const Definition &cell = *program.model;
  program.root = build(cell, values, "", {}, {});
  checkBody(program.root.get(), cell, values, /*mayCarry=*/false);
  addStates(*program.root, "");
}

//===----------------------------------------------------------------------===//
// The model and its settings
//===----------------------------------------------------------------------===//

const Definition *findModel(const Program &program, const std::string &name,
                            DiagnosticEngine &engine) {
  const Definition *model = nullptr;
  std::vector<std::string_view> names;
  for (const auto &definition : program.definitions) {
    if (definition->kind != DefinitionKind::Model ||
        definition->range.file != program.file.get())
      continue;
    names.push_back(definition->name);
    bool isAfter = !model || definition->range.begin > model->range.begin;
    if (name.empty() ? isAfter : definition->name == name)
      model = definition.get();
  }
  if (!model && !name.empty())
    engine.report<Diag::UnknownModel>({program.file.get(), 0, 0}, name)
        .hint(didYouMean(name, names));
  return model;
}

std::map<std::string, int64_t>
parseSettings(const std::vector<std::string> &settings, const Definition &model,
              DiagnosticEngine &engine) {
  std::map<std::string, int64_t> values;
  std::vector<std::string_view> names;
  for (size_t i = 0; i < model.bracketDims; ++i)
    names.push_back(model.dims[i]->name);
  for (const std::string &setting : settings) {
    size_t equal = setting.find('=');
    std::string name = setting.substr(0, equal);
    int64_t value = 0;
    const char *end = setting.data() + setting.size();
    bool good = equal != std::string::npos && !name.empty();
    if (good) {
      auto [stop, error] =
          std::from_chars(setting.data() + equal + 1, end, value);
      good = stop == end && error == std::errc();
    }
    if (!good)
      engine.report<Diag::BadSetting>({}, setting);
    else if (std::find(names.begin(), names.end(), name) == names.end())
      engine.report<Diag::UnknownSetting>({}, model.name, name)
          .label(model.range, "its dimensions stand in the brackets")
          .hint(didYouMean(name, names));
    else
      values[name] = value;
  }
  return values;
}

void layOut(Program &program, const std::vector<std::string> &settings,
            const std::string &modelName, bool isTraining,
            DiagnosticEngine &engine) {
  const Definition *model = findModel(program, modelName, engine);
  const Training *training = nullptr;
  if (model && isTraining) {
    training = findTraining(program, *model, engine);
    model = training ? &training->step : nullptr;
  }
  if (!model)
    return;
  program.model = model;
  auto given = parseSettings(settings, *model, engine);
  Values values;
  for (size_t i = 0; i < model->bracketDims; ++i) {
    const DimSymbol &symbol = *model->dims[i];
    std::optional<int64_t> value;
    if (auto found = given.find(symbol.name); found != given.end())
      value = found->second;
    else if (model->defaults[i])
      value = evaluate(*model->defaults[i], values).value_or(maxElements + 1);
    if (!value)
      engine
          .report<Diag::DimensionWithoutValue>(symbol.range, symbol.name,
                                               model->name)
          .hint("`--set " + symbol.name + "=...` gives it one");
    else if (*value < 1)
      engine.report<Diag::DimensionNotPositive>(symbol.range, symbol.name,
                                                *value);
    values.push_back(Dim(value.value_or(1)));
  }
  if (engine.hasErrors())
    return;
  if (training)
    layOutTraining(program, *training, values, engine);
  Layout(program, engine).run(std::move(values));
}

} // namespace seqc::dsl
