//===- LayoutTraining.cpp - What surrounds a training step ----------------===//
// The optimizer and the schedule as programs of their own, the settings, and
// whether a model can be trained in chunks.
//===----------------------------------------------------------------------===//

#include "dsl/Check/Layout.h"
#include "dsl/Diag/Suggest.h"

namespace seqc::dsl {

Program::Program() = default;
Program::~Program() = default;

const Training *findTraining(const Program &program, const Definition &model,
                             DiagnosticEngine &engine) {
  std::string others;
  for (const auto &training : program.trainings) {
    if (training->model == &model)
      return training.get();
    others += (others.empty() ? "`" : ", `") + training->step.name + "`";
  }
  engine.report<Diag::NotTrained>(model.range, model.name)
      .hint(others.empty() ? "" : "there is one for " + others);
  return nullptr;
}

//===----------------------------------------------------------------------===//
// The optimizer
//===----------------------------------------------------------------------===//

namespace {

/// Makes the definition of an update: `w = w + optimizer(w, scale * g, ...)`.
class UpdateBuilder {
public:
  UpdateBuilder(TrainingLayout &layout, const Values &values)
      : layout(layout), training(*layout.training), cell(*training.optimizer),
        update(layout.update), values(values) {}

  void build();

private:
  TypedPtr make(Type type, TypedExpr::Node node,
                std::vector<TypedPtr> operands = {});
  TypedPtr local(LocalId id) {
    return make(update.locals[id].type, LocalNode{id});
  }
  TypedPtr broadcast(TypedPtr scalar) {
    std::vector<TypedPtr> operands;
    operands.push_back(std::move(scalar));
    return make(weight, BroadcastNode{}, std::move(operands));
  }
  TypedPtr apply(ElementwiseOp op, TypedPtr a, TypedPtr b);
  LocalId addArgument(const std::string &name, Type type);
  TypedPtr scaledGradient(LocalId gradient, LocalId scale);
  std::vector<TypedPtr> optimizerArguments();
  void addState();

  TrainingLayout &layout;
  const Training &training;
  const Definition &cell;
  Definition &update;
  const Values &values; ///< of the model's dimensions
  Type weight;
};

} // namespace

TypedPtr UpdateBuilder::make(Type type, TypedExpr::Node node,
                             std::vector<TypedPtr> operands) {
  auto expr = std::make_unique<TypedExpr>();
  expr->range = cell.range;
  expr->type = std::move(type);
  expr->node = std::move(node);
  expr->operands = std::move(operands);
  return expr;
}

TypedPtr UpdateBuilder::apply(ElementwiseOp op, TypedPtr a, TypedPtr b) {
  std::vector<TypedPtr> operands;
  operands.push_back(std::move(a));
  operands.push_back(std::move(b));
  return make(weight, ElementwiseNode{op}, std::move(operands));
}

LocalId UpdateBuilder::addArgument(const std::string &name, Type type) {
  update.arguments.push_back({name, type, cell.range});
  update.locals.push_back({name, std::move(type), cell.range});
  return static_cast<LocalId>(update.locals.size() - 1);
}

/// Divided by the weight of the loss and clipped by norm, in one factor; then
/// clipped by value.
TypedPtr UpdateBuilder::scaledGradient(LocalId gradient, LocalId scale) {
  TypedPtr value =
      apply(ElementwiseOp::Multiply, local(gradient), broadcast(local(scale)));
  if (layout.clipValue == 0)
    return value;
  auto bound = [&](double number) {
    return broadcast(make(Type::number(), ConstantNode{number}));
  };
  value = apply(ElementwiseOp::Max, std::move(value), bound(-layout.clipValue));
  return apply(ElementwiseOp::Min, std::move(value), bound(layout.clipValue));
}

/// What stands behind the weight and its gradient; run-time scalars become
/// arguments of the update.
std::vector<TypedPtr> UpdateBuilder::optimizerArguments() {
  std::vector<TypedPtr> made;
  for (const Training::Argument &argument : training.arguments) {
    const TypedExpr *constant = argument.constant.get();
    bool isNumber = constant && isConstant(*constant);
    double value = isNumber ? evaluateConstant(*constant, values) : 0;
    if (argument.isAtRunTime)
      made.push_back(local(addArgument(argument.name, Type::number())));
    else if (isNumber)
      made.push_back(make(Type::number(), ConstantNode{value}));
    else
      made.push_back(make(Type::boolean({}), *constant->as<BoolNode>()));
    if (argument.isAtRunTime && isNumber)
      layout.scalars.emplace_back(argument.name, value);
  }
  return made;
}

void UpdateBuilder::addState() {
  State state;
  state.name = "w";
  state.type = weight;
  state.range = cell.range;
  state.initial = broadcast(make(Type::number(), ConstantNode{0}));
  state.before = static_cast<LocalId>(update.locals.size());
  state.after = state.before + 1;
  for (int i = 0; i < 2; ++i)
    update.locals.push_back({state.name, weight, cell.range});
  update.states.push_back(std::move(state));
}

void UpdateBuilder::build() {
  layout.updateDecl.kind = update.kind = DefinitionKind::Cell;
  layout.updateDecl.name = cell.decl->name;
  layout.updateDecl.end = cell.decl->end;
  update.decl = &layout.updateDecl;
  update.name = cell.name;
  update.range = cell.range;
  const DimSymbol &size = *cell.dims.front();
  update.dims.push_back(std::make_unique<DimSymbol>(
      DimSymbol{size.name, size.range, 0, /*isFree=*/true}));
  const Dim length(update.dims.front().get());
  weight = Type::number({length});

  LocalId gradient = addArgument("g", weight);
  LocalId scale = addArgument("scale", Type::number());
  std::vector<TypedPtr> arguments = optimizerArguments();
  addState();
  const State &state = update.states.front();
  arguments.insert(arguments.begin(), scaledGradient(gradient, scale));
  arguments.insert(arguments.begin(), local(state.before));

  Use use;
  use.range = cell.range;
  use.definition = &cell;
  use.dims.emplace_back(length);
  update.uses.push_back(std::move(use));
  CallNode call;
  call.callee = &cell;
  call.use = 0;
  call.dims = {length};
  call.isLifted.resize(cell.arguments.size());
  Statement statement;
  statement.targets.push_back(state.after);
  statement.value = apply(ElementwiseOp::Add, local(state.before),
                          make(weight, std::move(call), std::move(arguments)));
  update.body.push_back(std::move(statement));
}

//===----------------------------------------------------------------------===//
// Settings
//===----------------------------------------------------------------------===//

static double settingValue(const char *name, const Training::Setting &setting,
                           double otherwise, const Values &values,
                           DiagnosticEngine &engine) {
  if (!setting.value)
    return otherwise;
  double value = evaluateConstant(*setting.value, values);
  return checkSettingValue(name, setting.range, value, engine) ? value
                                                               : otherwise;
}

void layOutTraining(Program &program, const Training &training,
                    const Values &values, DiagnosticEngine &engine) {
  program.training = std::make_unique<TrainingLayout>();
  TrainingLayout &layout = *program.training;
  layout.training = &training;
  auto setting = [&](const char *name, const Training::Setting &setting,
                     double otherwise) {
    return settingValue(name, setting, otherwise, values, engine);
  };
  layout.clipNorm = setting("clip_norm", training.clipNorm, 0);
  layout.clipValue = setting("clip_value", training.clipValue, 0);
  layout.accumulate = setting("accumulate", training.accumulate, 1);
  layout.truncate = setting("truncate", training.truncate, 0);

  UpdateBuilder(layout, values).build();
  layout.optimizer = std::make_unique<Program>();
  layout.optimizer->model = &layout.update;
  Layout(*layout.optimizer, engine)
      .runCell({Dim(layout.update.dims.front().get())});
  layout.optimizer->states.front().initial.reset(); // the weight has its own
  if (training.schedule.results.empty())
    return;
  layout.schedule = std::make_unique<Program>();
  layout.schedule->model = &training.schedule;
  Layout(*layout.schedule, engine).runCell(values);
}

//===----------------------------------------------------------------------===//
// Chunks
//===----------------------------------------------------------------------===//

void Layout::reportTruncate(const std::string &reason, SourceRange range) {
  const Training &training = *program.training->training;
  engine
      .report<Diag::CannotTruncate>(training.truncate.range,
                                    training.model->name, reason)
      .label(range, "here");
}

/// What mixes positions of a sequence beside its recurrences.
void Layout::checkChunks(const TypedExpr &expr, const Values &values) {
  auto isLength = [&](const Dim &dim) {
    std::optional<Dim> value = dim.substitute(valuesOf(values));
    return value && value->freeSymbol();
  };
  auto along = [&](int64_t axis) {
    return isLength(expr.operands[0]->type.shape[axis]);
  };
  bool mixes = false;
  if (const auto *reduce = expr.as<ReduceNode>())
    mixes = along(reduce->axis);
  else if (const auto *softmax = expr.as<SoftmaxNode>())
    mixes = along(softmax->axis);
  else if (const auto *cumsum = expr.as<CumsumNode>())
    mixes = along(cumsum->axis);
  else if (const auto *at = expr.as<AtNode>())
    mixes = along(at->axis);
  else if (const auto *shift = expr.as<ShiftNode>())
    mixes = along(shift->axis);
  else if (const auto *windows = expr.as<WindowsNode>())
    mixes = along(windows->axis);
  else if (expr.as<MatMulNode>())
    mixes = isLength(expr.operands[0]->type.shape.back());
  else if (expr.as<PositionsNode>())
    mixes = isLength(expr.type.shape.front());
  if (mixes)
    reportTruncate("it looks beyond one step beside its recurrences",
                   expr.range);
}

void Layout::checkCarried(const Instance &instance) {
  for (size_t i = 0; i < instance.uses.size(); ++i) {
    const Use &use = instance.definition->uses[i];
    if (use.recurrence && !instance.uses[i].carried)
      reportTruncate("the state of `" + use.name +
                         "` is not carried from chunk to chunk",
                     use.range);
    for (const auto &each : instance.uses[i].instances)
      checkCarried(*each);
  }
}

void Layout::checkTruncated() {
  size_t lengths = 0;
  for (const auto &dim : program.model->dims)
    lengths += dim->isFree && !dim->aliasOf;
  if (lengths != 1)
    reportTruncate("it has " + count(lengths, "length") + ", and must have one",
                   program.model->range);
  checkCarried(*program.root);
}

} // namespace seqc::dsl
