//===- Layout.cpp - The model's instances and their dimensions ------------===//
// From definitions, each checked once for all values of its dimensions, to one
// model with given values: its tree of instances, its parameters by full name,
// its carried states. What only values can tell is checked here: that a
// dimension is positive, a position inside, a tensor of a possible size.
//===----------------------------------------------------------------------===//

#include "dsl/Check/Checker.h"
#include "dsl/Diag/Suggest.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <limits>

namespace seqc::dsl {

static constexpr int64_t maxElements = int64_t{1} << 40;
static constexpr size_t maxAxes = 16;
static constexpr int64_t maxLayers = 64;
/// Maps and scans inside each other.
static constexpr unsigned maxRegions = 64;
/// Expressions and instances after everything is inlined.
static constexpr size_t maxProgram = 200000;

namespace {

using Values = std::vector<Dim>;

class Layout {
public:
  Layout(Program &program, DiagnosticEngine &engine)
      : program(program), engine(engine) {}

  void run(Values values);

private:
  std::unique_ptr<Instance> build(const Definition &definition, Values values,
                                  const std::string &path,
                                  const std::string &suffix);
  UseInstance buildUse(const Use &use, const Instance &parent,
                       const std::string &suffix);
  void addParam(const Param &param, const Instance &instance,
                const std::string &suffix);
  void checkBody(Instance *instance, const Definition &definition,
                 const Values &values, bool mayCarry);
  void checkExpr(const TypedExpr &expr, Instance *instance,
                 const Values &values, bool mayCarry);
  void checkNode(const TypedExpr &expr, const Values &values);
  void checkWindows(const WindowsNode &windows, const Values &values);
  void checkFor(const TypedExpr &expr, const ForNode &loop, Instance *instance,
                const Values &values);
  void reportNesting(const TypedExpr &expr);
  void checkCall(const TypedExpr &expr, const CallNode &call,
                 Instance *instance, const Values &values, bool mayCarry);
  void checkCallee(const CallNode &call, Instance *instance,
                   const Values &values, bool mayCarry);
  bool checkType(const Type &type, SourceRange range, const Values &values);
  bool checkVocabulary(const Type &type, SourceRange range,
                       const Values &values);
  bool checkPosition(int64_t position, int64_t size, SourceRange range,
                     const std::string &what);
  double checkRate(const TypedExpr &rate, const Values &values);
  void findCarried(Instance &instance);
  void addStates(const Instance &cell, const std::string &suffix);
  /// False, and reported once, when the program becomes too large.
  bool spend(size_t amount, SourceRange range);

  Program &program;
  DiagnosticEngine &engine;
  size_t spent = 0;
  unsigned nesting = 0; ///< of maps and scans
};

bool Layout::spend(size_t amount, SourceRange range) {
  bool wasGood = spent <= maxProgram;
  spent += amount;
  if (spent > maxProgram && wasGood)
    engine.report<Diag::ProgramTooLarge>(range);
  return spent <= maxProgram;
}

//===----------------------------------------------------------------------===//
// Instances
//===----------------------------------------------------------------------===//

/// A shape with the values of its names: `[2000000, 2000000]`.
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

void Layout::addParam(const Param &param, const Instance &instance,
                      const std::string &suffix) {
  if (!checkType(param.type, param.range, instance.dims))
    return;
  ProgramParam made;
  made.name = instance.path + param.name + suffix;
  made.range = param.range;
  for (const Dim &dim : param.type.shape)
    made.shape.push_back(*evaluate(dim, instance.dims));
  made.distribution = param.distribution;
  made.value = evaluateConstant(*param.value, instance.dims);
  static constexpr const char *names[] = {"constant", "uniform", "normal"};
  bool isSpread = param.distribution != Distribution::Constant;
  if (!(std::abs(made.value) <= std::numeric_limits<float>::max()) ||
      (isSpread && made.value < 0))
    engine.report<Diag::InitializerOutOfRange>(
        param.value->range, names[static_cast<size_t>(param.distribution)],
        fmt::format("{}", made.value));
  program.params.push_back(std::move(made));
}

std::unique_ptr<Instance> Layout::build(const Definition &definition,
                                        Values values, const std::string &path,
                                        const std::string &suffix) {
  auto instance = std::make_unique<Instance>();
  instance->definition = &definition;
  instance->path = path;
  instance->dims = std::move(values);
  instance->firstParam = static_cast<unsigned>(program.params.size());
  if (!spend(1 + definition.params.size(), definition.range))
    return instance;
  for (const Param &param : definition.params)
    addParam(param, *instance, suffix);
  for (const Use &use : definition.uses)
    instance->uses.push_back(buildUse(use, *instance, suffix));
  return instance;
}

UseInstance Layout::buildUse(const Use &use, const Instance &parent,
                             const std::string &suffix) {
  UseInstance made;
  Values values;
  for (const std::optional<Dim> &dim : use.dims) {
    std::optional<Dim> value = dim->substitute(valuesOf(parent.dims));
    values.push_back(value.value_or(Dim()));
  }
  std::string path = parent.path + use.name + ".";
  if (!use.recurrence) {
    made.instances.push_back(build(*use.definition, values, path, suffix));
    return made;
  }
  const Recurrence &recurrence = *use.recurrence;
  if (recurrence.layers)
    made.layers = evaluate(*recurrence.layers, parent.dims).value_or(-1);
  if (made.layers < 1 || made.layers > maxLayers) {
    engine.report<Diag::LayersOutOfRange>(recurrence.layersRange, maxLayers,
                                          made.layers);
    made.layers = 1;
  }
  if (recurrence.dropout)
    made.dropout = checkRate(*recurrence.dropout, parent.dims);
  for (int64_t layer = 0; layer < made.layers; ++layer) {
    if (layer > 0 && recurrence.inputDim)
      values[*recurrence.inputDim] =
          recurrence.width.substitute(valuesOf(parent.dims)).value_or(Dim());
    std::string ending = fmt::format("_l{}", layer);
    bool isOnlyReverse = recurrence.reverse && !recurrence.bidirectional;
    made.instances.push_back(
        build(*use.definition, values, path,
              ending + (isOnlyReverse ? "_reverse" : "") + suffix));
    if (recurrence.bidirectional)
      made.instances.push_back(
          build(*use.definition, values, path, ending + "_reverse" + suffix));
  }
  return made;
}

//===----------------------------------------------------------------------===//
// Bodies, with values
//===----------------------------------------------------------------------===//

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
  for (const Statement &statement : loop.body)
    checkExpr(*statement.value, instance, values, /*mayCarry=*/false);
  for (const TypedPtr &value : loop.results)
    checkExpr(*value, instance, values, /*mayCarry=*/false);
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
  checkCallee(call, instance, values, mayCarry);
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
  for (const TypedPtr &value : definition.returns)
    checkExpr(*value, instance, values, mayCarry);
}

//===----------------------------------------------------------------------===//
// Carried states
//===----------------------------------------------------------------------===//

void Layout::addStates(const Instance &cell, const std::string &suffix) {
  for (const State &state : cell.definition->states) {
    ProgramState made;
    made.name = cell.path + state.name + suffix;
    for (const Dim &dim : state.type.shape)
      made.shape.push_back(*evaluate(dim, cell.dims));
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
  program.root = build(model, values, "", "");
  for (size_t i = model.bracketDims; i < model.dims.size(); ++i)
    values.push_back(Dim(model.dims[i].get()));
  completeDims(model, values);
  for (const Named &argument : model.arguments)
    checkType(argument.type, argument.range, values);
  if (engine.hasErrors())
    return;
  checkBody(program.root.get(), model, values, /*mayCarry=*/true);
  if (!engine.hasErrors())
    findCarried(*program.root);
}

//===----------------------------------------------------------------------===//
// The model and its settings
//===----------------------------------------------------------------------===//

const Definition *findModel(const Program &program, const std::string &name,
                            DiagnosticEngine &engine) {
  const Definition *model = nullptr;
  std::vector<std::string_view> names;
  for (const auto &definition : program.definitions) {
    if (definition->kind != DefinitionKind::Model)
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

/// The values that the command line gives, by dimension.
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

} // namespace

void layOut(Program &program, const std::vector<std::string> &settings,
            const std::string &modelName, DiagnosticEngine &engine) {
  const Definition *model = findModel(program, modelName, engine);
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
  if (!engine.hasErrors())
    Layout(program, engine).run(std::move(values));
}

} // namespace seqc::dsl
