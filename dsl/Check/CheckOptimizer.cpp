//===- CheckOptimizer.cpp - The optimizer of a `train` block --------------===//
// A cell over training steps, from a weight and its gradient to the weight's
// change, whatever the size of the weight; and what it is called with.
//===----------------------------------------------------------------------===//

#include "dsl/Check/TrainChecker.h"
#include "dsl/Check/Visit.h"
#include "dsl/Diag/Suggest.h"

namespace seqc::dsl {

void TrainChecker::checkOptimizer(const AssignMember &option) {
  const Definition *cell = findOptimizer(*option.value);
  if (!cell || !cell->isUsable ||
      !checkOptimizerCell(*cell, option.value->range))
    return;
  made.optimizer = cell;
  checkOptimizerArguments(*option.value->as<CallExpr>(), *cell);
}

const Definition *TrainChecker::findOptimizer(const Expr &value) {
  const auto *call = value.as<CallExpr>();
  if (!call) {
    engine.report<Diag::NotAnOptimizer>(value.range, "it is not a call")
        .hint("`optimizer = Adam(lr = 1e-3)` calls a cell");
    return nullptr;
  }
  const Identifier &name = call->callee;
  auto found = names.definitions.find(name.name);
  if (found == names.definitions.end()) {
    std::vector<std::string_view> cells;
    for (const auto &[known, definition] : names.definitions)
      if (definition->kind == DefinitionKind::Cell)
        cells.push_back(known);
    engine.report<Diag::UnknownName>(name.range, name.name)
        .hint(didYouMean(name.name, cells));
    return nullptr;
  }
  const Definition *cell = found->second;
  if (cell->kind == DefinitionKind::Cell)
    return cell;
  engine
      .report<Diag::NotAnOptimizer>(name.range, "`" + name.name + "` is a " +
                                                    spelling(cell->kind) +
                                                    " and not a cell")
      .label(cell->range, "declared here");
  return nullptr;
}

namespace {

/// Why a cell is no optimizer, and where.
struct Reason {
  std::string text;
  SourceRange range;
};

/// Looks for what a cell that works on weights of any size cannot have.
class OptimizerReader {
public:
  explicit OptimizerReader(const Definition &cell) : cell(cell) {}

  std::optional<Reason> read() {
    if (cell.bracketDims != 1 || cell.dims.size() != 1)
      return Reason{"it does not have one dimension, the weight's size",
                    cell.range};
    const Type weight = Type::number({Dim(cell.dims[0].get())});
    const std::string weightText = toString(weight);
    for (size_t i = 0; i < 2; ++i)
      if (cell.arguments.size() < 2 || cell.arguments[i].type != weight)
        return Reason{"its first two arguments are not the weight and its "
                      "gradient, `" +
                          weightText + "`",
                      cell.arguments.size() > i ? cell.arguments[i].range
                                                : cell.range};
    if (cell.results.size() != 1 || cell.results[0].type != weight)
      return Reason{"its result is not the weight's change, `" + weightText +
                        "`",
                    cell.results[0].range};
    for (size_t i = 2; i < cell.arguments.size(); ++i)
      if (!cell.arguments[i].type.isScalar() ||
          cell.arguments[i].type.isToken())
        return Reason{"its argument `" + cell.arguments[i].name +
                          "` is not a number",
                      cell.arguments[i].range};
    if (!cell.params.empty())
      return Reason{"it has parameters", cell.params[0].range};
    if (!cell.uses.empty())
      return Reason{"it holds instances", cell.uses[0].range};
    for (const State &state : cell.states)
      if (!isGood(state, weight))
        return Reason{"its state `" + state.name +
                          "` is neither as large as the weight nor one number, "
                          "or does not begin with a number",
                      state.range};
    readBody(cell);
    return reason;
  }

private:
  static bool isGood(const State &state, const Type &weight) {
    const TypedExpr *initial = state.initial.get();
    while (initial && initial->as<BroadcastNode>())
      initial = initial->operands.front().get();
    return initial && isConstant(*initial) && !hasDims(*initial) &&
           (state.type == weight || state.type.isScalar());
  }

  static bool hasDims(const TypedExpr &expr) {
    return contains(expr, [](const TypedExpr &part) {
      return part.as<DimNode>() != nullptr;
    });
  }

  void readBody(const Definition &definition) {
    if (!seen.insert(&definition).second)
      return;
    forEachExpr(definition, [&](const TypedExpr &expr, unsigned) {
      if (const auto *call = expr.as<CallNode>())
        readBody(*call->callee);
      else if (!isAnySize(expr) && !reason)
        reason = Reason{"it does more than elementwise operations, reductions "
                        "and products",
                        expr.range};
    });
  }

  /// What needs no size to be known.
  static bool isAnySize(const TypedExpr &expr) {
    return expr.as<ConstantNode>() || expr.as<BoolNode>() ||
           expr.as<LocalNode>() || expr.as<ElementwiseNode>() ||
           expr.as<BroadcastNode>() || expr.as<MatMulNode>() ||
           expr.as<ReduceNode>();
  }

  const Definition &cell;
  std::set<const Definition *> seen;
  std::optional<Reason> reason;
};

} // namespace

bool TrainChecker::checkOptimizerCell(const Definition &cell,
                                      SourceRange range) {
  std::optional<Reason> reason = OptimizerReader(cell).read();
  if (!reason)
    return true;
  engine.report<Diag::NotAnOptimizer>(range, reason->text)
      .label(reason->range, "`" + cell.name + "` says so here");
  return false;
}

/// What stands behind the weight and its gradient.
void TrainChecker::checkOptimizerArguments(const CallExpr &call,
                                           const Definition &cell) {
  std::vector<std::string> declared;
  std::vector<bool> hasDefault;
  for (size_t i = 2; i < cell.arguments.size(); ++i) {
    declared.push_back(cell.arguments[i].name);
    hasDefault.push_back(cell.argumentDefaults[i] != nullptr);
  }
  std::vector<const Expr *> values;
  if (!steps.checkTakesNoDims(call, "an optimizer works on weights of any "
                                    "size") ||
      !steps.arrange(call, declared, values, {}, &hasDefault)) {
    made.optimizer = nullptr;
    return;
  }
  for (size_t i = 0; i < values.size(); ++i) {
    TypedPtr value = values[i]
                         ? steps.checkTensor(*values[i])
                         : copyConstant(*cell.argumentDefaults[i + 2], {});
    if (!value ||
        !checkOptimizerArgument(cell.arguments[i + 2], std::move(value), cell))
      made.optimizer = nullptr;
  }
}

/// A constant becomes part of the code, but for the learning rate; what is not
/// one is worked out by the schedule.
bool TrainChecker::checkOptimizerArgument(const Named &declared, TypedPtr value,
                                          const Definition &cell) {
  if (value->type != declared.type) {
    engine
        .report<Diag::ArgumentMismatch>(value->range, cell.name,
                                        toString(declared.type), declared.name,
                                        toString(value->type))
        .label(declared.range, "declared here");
    return false;
  }
  bool isFixed = isConstant(*value) || value->as<BoolNode>();
  if (!isFixed && declared.type.isBool()) {
    engine.report<Diag::NotConstant>(value->range);
    return false;
  }
  bool isAtRunTime = !isFixed || declared.name == "lr";
  if (isAtRunTime) {
    static const std::set<std::string> taken = {"w", "g", "scale"};
    bool isTaken = taken.count(declared.name) > 0;
    for (const State &state : cell.states)
      isTaken |= state.name == declared.name;
    if (isTaken) {
      engine.report<Diag::NotAnOptimizer>(
          value->range, "its argument `" + declared.name +
                            "` varies, and has the name of something else");
      return false;
    }
  }
  if (!isFixed) {
    made.schedule.results.push_back(
        {declared.name, Type::number(), value->range});
    made.schedule.returns.push_back(std::move(value));
  }
  made.arguments.push_back(
      {declared.name, isFixed ? std::move(value) : nullptr, isAtRunTime});
  return true;
}

} // namespace seqc::dsl
