//===- Interface.cpp - What a model and its `train` block ask of data -----===//
// Types of the training step, as they are written, and what its loss compares.
//===----------------------------------------------------------------------===//

#include "dsl/Interface.h"
#include "dsl/Check/Checker.h"
#include "dsl/Check/Layout.h"
#include "dsl/Check/Visit.h"

#include <algorithm>

namespace seqc::dsl {

using runtime::InputSpec;
using runtime::Interface;
using runtime::Reading;
using runtime::ResultSpec;
using runtime::SizeSpec;

namespace {

class InterfaceBuilder {
public:
  InterfaceBuilder(const Training &training,
                   const std::map<std::string, int64_t> &given)
      : training(training), step(training.step), given(given) {
    for (size_t i = 0; i < step.bracketDims; ++i)
      values.push_back(valueOf(i));
  }

  Interface build();

private:
  std::optional<int64_t> valueOf(size_t dim) const;
  SizeSpec sizeOf(const Dim &dim) const;
  std::vector<SizeSpec> axesOf(const Type &type) const;
  InputSpec inputOf(size_t place) const;
  void addResults();
  void read(const TypedExpr &expr);

  const Training &training;
  const Definition &step;
  const std::map<std::string, int64_t> &given;
  std::vector<std::optional<int64_t>> values; ///< of the brackets' dimensions
  Interface made;
  /// The results that the block names, by local.
  std::map<LocalId, size_t> results;
};

} // namespace

/// Of one of the brackets' dimensions: what was given, else the default.
std::optional<int64_t> InterfaceBuilder::valueOf(size_t dim) const {
  if (auto found = given.find(step.dims[dim]->name); found != given.end())
    return found->second;
  if (!step.defaults[dim])
    return std::nullopt;
  std::vector<Dim> known;
  for (size_t i = 0; i < dim; ++i)
    known.push_back(values[i] ? Dim(*values[i]) : Dim(step.dims[i].get()));
  return evaluate(*step.defaults[dim], known);
}

SizeSpec InterfaceBuilder::sizeOf(const Dim &dim) const {
  SizeSpec size;
  size.text = dim.str();
  size.value = dim.asConstant();
  size.isFixed = size.value.has_value();
  size.isLength = dim.freeSymbol() != nullptr;
  if (size.isFixed || size.isLength)
    return size;
  std::vector<Dim> known;
  for (size_t i = 0; i < values.size(); ++i)
    known.push_back(values[i] ? Dim(*values[i]) : Dim(step.dims[i].get()));
  size.value = evaluate(dim, known);
  if (const DimSymbol *symbol = dim.asSymbol())
    size.dimension = symbol->name;
  // A formula of dimensions is not for data to solve.
  size.isFixed = size.dimension.empty() || given.count(size.dimension);
  return size;
}

std::vector<SizeSpec> InterfaceBuilder::axesOf(const Type &type) const {
  std::vector<SizeSpec> axes;
  for (const Dim &dim : type.shape)
    axes.push_back(sizeOf(dim));
  return axes;
}

static runtime::ElementType elementOf(const Type &type) {
  return type.isToken()  ? runtime::ElementType::Token
         : type.isBool() ? runtime::ElementType::Bool
                         : runtime::ElementType::F32;
}

InputSpec InterfaceBuilder::inputOf(size_t place) const {
  const Named &argument = step.arguments[place];
  InputSpec input;
  input.name = argument.name;
  input.type = toString(argument.type);
  input.isTarget = place >= training.model->arguments.size();
  input.element = elementOf(argument.type);
  if (argument.type.isToken())
    input.tokens = sizeOf(argument.type.vocabulary);
  input.axes = axesOf(argument.type);
  return input;
}

/// Those that the block does not name are results all the same.
void InterfaceBuilder::addResults() {
  const Definition &model = *training.model;
  const Statement &call = step.body.front();
  for (size_t i = 0; i < model.results.size(); ++i) {
    const Type &whole = call.value->type;
    const Type &type = whole.isTensor() ? whole : whole.parts[i];
    ResultSpec result;
    result.name = model.results[i].name;
    result.type = toString(type);
    result.axes = axesOf(type);
    if (call.targets[i])
      results.emplace(*call.targets[i], made.results.size());
    made.results.push_back(std::move(result));
  }
}

/// Losses of the library that say what their first argument is.
static std::optional<Reading> readingOf(const Definition &callee) {
  if (callee.name == "bce_with_logits")
    return Reading::Logit;
  if (callee.name == "cross_entropy")
    return Reading::Scores;
  for (const char *name : {"squared_error", "absolute_error", "huber"})
    if (callee.name == name)
      return Reading::Value;
  return std::nullopt;
}

void InterfaceBuilder::read(const TypedExpr &expr) {
  const auto *call = expr.as<CallNode>();
  if (!call || expr.operands.size() < 2)
    return;
  const std::optional<Reading> reading = readingOf(*call->callee);
  const auto *output = expr.operands[0]->as<LocalNode>();
  const auto *target = expr.operands[1]->as<LocalNode>();
  if (!reading || !output || !target || target->local >= step.arguments.size())
    return;
  const auto found = results.find(output->local);
  if (found == results.end())
    return;
  ResultSpec &result = made.results[found->second];
  // The loss stands before the metrics, or is the first to say.
  if (!result.target.empty())
    return;
  result.reading = *reading;
  result.target = step.arguments[target->local].name;
}

Interface InterfaceBuilder::build() {
  made.model = training.model->name;
  for (size_t i = 0; i < step.arguments.size(); ++i)
    made.inputs.push_back(inputOf(i));
  addResults();
  forEachExpr(step, [&](const TypedExpr &expr, unsigned) { read(expr); });
  return std::move(made);
}

std::optional<Interface> findInterface(const SourcePtr &file,
                                       const FrontendOptions &options,
                                       DiagnosticEngine &engine) {
  const std::shared_ptr<Program> program = checkFile(file, options, engine);
  if (!program)
    return std::nullopt;
  const Definition *model = findModel(*program, options.model, engine);
  if (!model && !engine.hasErrors())
    requireModel(*program, engine);
  const Training *training =
      model ? findTraining(*program, *model, engine) : nullptr;
  if (!training)
    return std::nullopt;
  const auto given = parseSettings(options.settings, *model, engine);
  if (engine.hasErrors())
    return std::nullopt;
  return InterfaceBuilder(*training, given).build();
}

} // namespace seqc::dsl
