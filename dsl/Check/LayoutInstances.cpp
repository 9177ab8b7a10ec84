//===- LayoutInstances.cpp - Instances and their parameters ---------------===//
// The tree of instances with the values of their dimensions, the names of
// parameters, and what instances share.
//===----------------------------------------------------------------------===//

#include "dsl/Check/Layout.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>

namespace seqc::dsl {

static constexpr int64_t maxLayers = 64;

/// Under what else a file may hold the parameter `name`.
static std::vector<std::string> shorterNames(const std::string &name,
                                             const Suffix &suffix) {
  if (!suffix.isOptional)
    return {};
  return {name.substr(0, name.size() - suffix.text.size())};
}

void Layout::addParam(const Param &param, Instance &instance,
                      const Suffix &suffix) {
  instance.params.push_back(static_cast<unsigned>(program.params.size()));
  ProgramParam made;
  made.name = instance.path + param.name + suffix.text;
  made.aliases = shorterNames(made.name, suffix);
  made.range = param.range;
  if (!checkType(param.type, param.range, instance.dims))
    return;
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

/// The parameter is `owner` of the program, under another name too.
void Layout::tieParam(const Param &param, Instance &instance,
                      const Suffix &suffix, unsigned owner,
                      SourceRange sharedAt) {
  instance.params.push_back(owner);
  if (owner >= program.params.size())
    return; // after a fault
  ProgramParam &shared = program.params[owner];
  std::vector<int64_t> shape;
  for (const Dim &dim : param.type.shape)
    shape.push_back(evaluate(dim, instance.dims).value_or(-1));
  std::string name = instance.path + param.name + suffix.text;
  if (shape != shared.shape)
    engine
        .report<Diag::SharedMismatch>(
            sharedAt, name, sizesText(param.type, instance.dims),
            fmt::format("[{}]", fmt::join(shared.shape, ", ")))
        .label(param.range, "declared here");
  for (std::string &shorter : shorterNames(name, suffix))
    shared.ties.push_back(std::move(shorter));
  shared.ties.push_back(std::move(name));
}

std::unique_ptr<Instance> Layout::build(const Definition &definition,
                                        Values values, const std::string &path,
                                        const Suffix &suffix,
                                        const Sharing &sharing) {
  auto instance = std::make_unique<Instance>();
  instance->definition = &definition;
  instance->path = path;
  instance->dims = std::move(values);
  if (!spend(1 + definition.params.size(), definition.range))
    return instance;
  for (unsigned i = 0; i < definition.params.size(); ++i) {
    auto owner = sharing.params.find(i);
    if (owner != sharing.params.end())
      tieParam(definition.params[i], *instance, suffix, owner->second,
               sharing.range);
    else
      addParam(definition.params[i], *instance, suffix);
  }
  for (unsigned i = 0; i < definition.uses.size(); ++i) {
    auto twin = sharing.uses.find(i);
    instance->uses.push_back(
        buildUse(definition.uses[i], *instance, suffix,
                 twin == sharing.uses.end() ? Sharing::Twin() : twin->second));
  }
  return instance;
}

/// The instances that a path of uses leads to: one, or those of the layers and
/// directions of a recurrence.
static std::vector<const Instance *>
instancesAlong(const Instance &from, const std::vector<unsigned> &path) {
  std::vector<const Instance *> found = {&from};
  for (unsigned use : path) {
    std::vector<const Instance *> next;
    for (const Instance *each : found)
      if (use < each->uses.size())
        for (const auto &inner : each->uses[use].instances)
          next.push_back(inner.get());
    found = std::move(next);
  }
  return found;
}

/// What instance number `which` of a use shares, as its text says.
Sharing Layout::sharingOf(const Use &use, const Instance &parent,
                          size_t which) {
  Sharing sharing;
  for (const SharedPart &part : use.shared) {
    std::vector<const Instance *> owners = instancesAlong(parent, part.path);
    if (which >= owners.size())
      continue; // `checkTwins` has reported it
    const Instance &owner = *owners[which];
    if (part.isInstance && part.ownerPart < owner.uses.size()) {
      sharing.uses[part.part] = {&owner.uses[part.ownerPart], part.ownerRange};
    } else if (!part.isInstance && part.ownerPart < owner.params.size()) {
      sharing.params[part.part] = owner.params[part.ownerPart];
      sharing.range = part.ownerRange;
    }
  }
  return sharing;
}

/// Everything that an instance has.
static Sharing wholeOf(const Instance &twin, SourceRange range) {
  Sharing sharing;
  sharing.range = range;
  for (unsigned i = 0; i < twin.params.size(); ++i)
    sharing.params[i] = twin.params[i];
  for (unsigned i = 0; i < twin.uses.size(); ++i)
    sharing.uses[i] = {&twin.uses[i], range};
  return sharing;
}

/// Layers and directions of what is shared are as many on both sides.
bool Layout::checkTwins(const Use &use, const UseInstance &made,
                        const Instance &parent, const Sharing::Twin &twin) {
  auto directions = use.recurrence && use.recurrence->bidirectional ? 2 : 1;
  size_t mine = made.layers * directions;
  auto check = [&](size_t theirs, SourceRange range) {
    if (mine != theirs)
      engine.report<Diag::SharedLayers>(range, use.name, mine, theirs);
    return mine == theirs;
  };
  if (twin.instance)
    return check(twin.instance->instances.size(), twin.range);
  for (const SharedPart &part : use.shared)
    if (!check(instancesAlong(parent, part.path).size(), part.ownerRange))
      return false;
  return true;
}

UseInstance Layout::buildUse(const Use &use, const Instance &parent,
                             const Suffix &suffix, const Sharing::Twin &twin) {
  UseInstance made;
  Values values;
  for (const std::optional<Dim> &dim : use.dims) {
    std::optional<Dim> value = dim->substitute(valuesOf(parent.dims));
    values.push_back(value.value_or(Dim()));
  }
  // The model in a training step has no name: its parts have those of it.
  std::string path = parent.path + (use.name.empty() ? "" : use.name + ".");
  bool isAlone = use.recurrence && !use.recurrence->bidirectional &&
                 !use.recurrence->reverse;
  auto add = [&](const std::string &ending) {
    size_t which = made.instances.size();
    Sharing sharing =
        twin.instance ? wholeOf(*twin.instance->instances[which], twin.range)
                      : sharingOf(use, parent, which);
    bool isOptional = use.recurrence
                          ? suffix.text.empty() && isAlone && made.layers == 1
                          : suffix.isOptional;
    made.instances.push_back(build(*use.definition, values, path,
                                   {ending + suffix.text, isOptional},
                                   sharing));
  };
  if (use.recurrence)
    findLayers(use, parent, made);
  if (!checkTwins(use, made, parent, twin))
    return made;
  if (!use.recurrence) {
    add("");
    return made;
  }
  const Recurrence &recurrence = *use.recurrence;
  for (int64_t layer = 0; layer < made.layers; ++layer) {
    if (layer > 0 && recurrence.inputDim)
      values[*recurrence.inputDim] =
          recurrence.width.substitute(valuesOf(parent.dims)).value_or(Dim());
    std::string ending = fmt::format("_l{}", layer);
    bool isOnlyReverse = recurrence.reverse && !recurrence.bidirectional;
    add(ending + (isOnlyReverse ? "_reverse" : ""));
    if (recurrence.bidirectional)
      add(ending + "_reverse");
  }
  return made;
}

/// How many layers a recurrence has, and the dropout between them.
void Layout::findLayers(const Use &use, const Instance &parent,
                        UseInstance &made) {
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
}

} // namespace seqc::dsl
