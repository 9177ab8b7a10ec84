//===- CheckMeasures.cpp - The loss and the metrics of a `train` block ----===//
// Each is a pair, a sum and a weight, so that it can be divided once over the
// batch, the accumulated batches or the epoch.
//===----------------------------------------------------------------------===//

#include "dsl/Check/TrainChecker.h"
#include "dsl/Parse/Visit.h"

#include <fmt/format.h>

namespace seqc::dsl {

/// `mean(x)` without `over`: of everything that is measured.
static bool isMeanOfAll(const CallExpr &call) {
  return call.callee.name == "mean" && call.arguments.size() == 1;
}

void TrainChecker::checkLoss(const AssignMember &option) {
  TypedPtr value = samples.checkExpr(*option.value);
  // The loss comes first, whatever stands before it.
  std::vector<Named> results = std::move(made.step.results);
  std::vector<TypedPtr> returns = std::move(made.step.returns);
  std::vector<std::string> measures = std::move(made.measures);
  made.step.results.clear();
  made.step.returns.clear();
  made.measures.clear();
  if (value)
    measure("loss", "loss", std::move(value));
  for (Named &result : results)
    made.step.results.push_back(std::move(result));
  for (TypedPtr &value : returns)
    made.step.returns.push_back(std::move(value));
  for (std::string &name : measures)
    made.measures.push_back(std::move(name));
}

void TrainChecker::checkMetric(const MetricMember &metric) {
  const std::string &name = metric.name.name;
  auto [at, isNew] = metrics.try_emplace(name, metric.name.range);
  if (!isNew || name == "loss") {
    Diagnostic &diagnostic =
        engine.report<Diag::DuplicateName>(metric.name.range, name);
    if (!isNew)
      diagnostic.label(at->second, "`" + name + "` is declared here");
    else
      diagnostic.hint("the loss is always measured");
    return;
  }
  bool isFinished = false;
  forEachCall(*metric.value,
              [&](const CallExpr &call) { isFinished |= isMeanOfAll(call); });
  if (isFinished)
    return checkFinished(metric);
  made.metrics.push_back({name, false});
  if (TypedPtr value = samples.checkExpr(*metric.value))
    measure(name, "metric", std::move(value));
}

/// A function of means: each is measured, the rest is worked out once.
void TrainChecker::checkFinished(const MetricMember &metric) {
  const std::string &name = metric.name.name;
  size_t means = 0;
  steps.onMeanOfAll = [&](const Expr &expr, const CallExpr &call) -> TypedPtr {
    TypedPtr value = samples.checkExpr(*call.arguments.front().value);
    std::string measured =
        means++ == 0 ? name : fmt::format("{}.{}", name, means);
    if (!value || !measure(measured, "mean", std::move(value)))
      return nullptr;
    // Its place is that of the measure's mean among the arguments.
    LocalId local = steps.addLocal(measured, Type::number(), expr.range);
    made.schedule.arguments.push_back({measured, Type::number(), expr.range});
    return steps.make(expr.range, Type::number(), LocalNode{local});
  };
  TypedPtr value = steps.checkExpr(*metric.value);
  steps.onMeanOfAll = nullptr;
  made.metrics.push_back({name, true});
  if (!value)
    return;
  if (!value->type.isNumber() || !value->type.isScalar()) {
    engine.report<Diag::NotMeasurable>(value->range, "metric of means",
                                       "one number", toString(value->type));
    return;
  }
  made.schedule.results.push_back({name, Type::number(), metric.name.range});
  made.schedule.returns.push_back(std::move(value));
}

//===----------------------------------------------------------------------===//
// Sums and weights
//===----------------------------------------------------------------------===//

bool TrainChecker::isMeasurable(const TypedExpr &value, const Type &type,
                                const char *what) {
  bool good = type.isTensor() && !type.isToken();
  for (const Dim &dim : type.shape)
    good &= dim.resolved().freeSymbol() != nullptr;
  if (good)
    return true;
  bool isWide = type.isTensor() && !type.isToken();
  engine
      .report<Diag::NotMeasurable>(
          value.range, what, "a number per sample or step", toString(type))
      .hint(isWide ? "`sum(..., over = ...)` or `mean(..., over = ...)` makes "
                     "one of its width"
                   : "");
  return false;
}

/// A local that holds the value as numbers: a truth value is 0 or 1.
LocalId TrainChecker::bindNumber(const std::string &name, TypedPtr value) {
  SourceRange range = value->range;
  if (value->type.isBool())
    value = samples.elementwise(
        range, ElementwiseOp::Select, Type::number(),
        DefinitionChecker::list(
            std::move(value),
            samples.make(range, Type::number(), ConstantNode{1}),
            samples.make(range, Type::number(), ConstantNode{0})));
  Statement statement;
  statement.targets.push_back(samples.addLocal(name, value->type, range));
  LocalId local = *statement.targets.front();
  statement.value = std::move(value);
  made.step.body.push_back(std::move(statement));
  return local;
}

/// A value, or two: the value, and what it weighs.
bool TrainChecker::measure(const std::string &name, const char *what,
                           TypedPtr value) {
  const Type type = value->type;
  SourceRange range = value->range;
  bool isPair = type.kind == Type::Kind::Tuple && type.parts.size() == 2;
  if (!isPair) {
    if (!isMeasurable(*value, type, what))
      return false;
    made.measures.push_back(name);
    LocalId local = bindNumber(name, std::move(value));
    addSum(name + ".sum", local, range);
    addCount(name + ".weight", local, range);
    return true;
  }
  if (!isMeasurable(*value, type.parts[0], what))
    return false;
  if (type.parts[1].shape != type.parts[0].shape) {
    engine.report<Diag::WeightMismatch>(range, toString(type.parts[0]),
                                        toString(type.parts[1]));
    return false;
  }
  if (!isMeasurable(*value, type.parts[1], "weight"))
    return false;
  Statement statement;
  std::vector<TypedPtr> parts;
  for (const Type &part : type.parts) {
    statement.targets.push_back(samples.addLocal(name, part, range));
    parts.push_back(
        samples.make(range, part, LocalNode{*statement.targets.back()}));
  }
  statement.value = std::move(value);
  made.step.body.push_back(std::move(statement));
  made.measures.push_back(name);
  addSum(name + ".sum", bindNumber(name, std::move(parts[0])), range);
  addSum(name + ".weight", bindNumber(name, std::move(parts[1])), range);
  return true;
}

/// Over all axes, the last one first: a dimension inside another has one
/// length for each position of that.
TypedPtr TrainChecker::sumOf(TypedPtr value) {
  SourceRange range = value->range;
  while (!value->type.shape.empty()) {
    Type type = value->type;
    type.shape.pop_back();
    auto axis = static_cast<int64_t>(type.shape.size());
    value =
        samples.make(range, std::move(type), ReduceNode{ReduceKind::Sum, axis},
                     DefinitionChecker::list(std::move(value)));
  }
  return value;
}

void TrainChecker::addSum(const std::string &name, LocalId local,
                          SourceRange range) {
  made.step.results.push_back({name, Type::number(), range});
  made.step.returns.push_back(sumOf(
      samples.make(range, made.step.locals[local].type, LocalNode{local})));
}

/// Each position weighs one.
void TrainChecker::addCount(const std::string &name, LocalId local,
                            SourceRange range) {
  Type type = made.step.locals[local].type;
  TypedPtr count;
  if (type.shape.empty()) {
    count = samples.make(range, Type::number(), ConstantNode{1});
  } else {
    TypedPtr value = samples.make(range, type, LocalNode{local});
    type.shape.pop_back();
    count = samples.make(range, std::move(type), CountNode{},
                         DefinitionChecker::list(std::move(value)));
  }
  made.step.results.push_back({name, Type::number(), range});
  made.step.returns.push_back(sumOf(std::move(count)));
}

} // namespace seqc::dsl
