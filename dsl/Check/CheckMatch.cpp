//===- CheckMatch.cpp - Arguments and what is declared --------------------===//
// Which leading axes are mapped over, which are walked in time, and the values
// that the callee's dimensions take. Dimensions are found by comparing shapes
// until nothing new is learned: bare names at once, `4*H` when it is the only
// one unknown.
//===----------------------------------------------------------------------===//

#include "dsl/Check/Match.h"

#include <algorithm>

namespace seqc::dsl {

Type withPrefix(const Type &type, const Shape &prefix) {
  Type result = type;
  if (type.isTensor())
    result.shape.insert(result.shape.begin(), prefix.begin(), prefix.end());
  for (Type &part : result.parts)
    part = withPrefix(part, prefix);
  return result;
}

//===----------------------------------------------------------------------===//
// Leading axes
//===----------------------------------------------------------------------===//

/// How many axes an argument has more than is declared.
static int64_t excess(const Type &actual, const Named &declared) {
  return static_cast<int64_t>(actual.shape.size()) -
         static_cast<int64_t>(declared.type.shape.size());
}

bool DefinitionChecker::checkElements(Match &match) {
  match.isLifted.resize(match.arguments.size());
  bool good = true;
  for (size_t i = 0; i < match.arguments.size(); ++i) {
    const Type &actual = match.arguments[i]->type;
    const Named &declared = match.callee.arguments[i];
    if (actual.element != declared.type.element || excess(actual, declared) < 0)
      good = reportMismatch(match, i);
  }
  return good;
}

/// The largest excess, and an argument that has it.
static std::pair<int64_t, size_t>
largestExcess(const std::vector<TypedPtr> &arguments,
              const Definition &callee) {
  int64_t largest = 0;
  size_t which = 0;
  for (size_t i = 0; i < arguments.size(); ++i) {
    int64_t here = excess(arguments[i]->type, callee.arguments[i]);
    if (here > largest) {
      largest = here;
      which = i;
    }
  }
  return {largest, which};
}

bool DefinitionChecker::reportLift(Match &match, size_t argument,
                                   size_t first) {
  engine
      .report<Diag::LiftMismatch>(match.arguments[argument]->range,
                                  match.call.callee.name,
                                  toString(match.arguments[argument]->type))
      .label(match.arguments[first]->range,
             "mapped over `" + toString(match.prefix) + "`");
  return false;
}

bool DefinitionChecker::findLift(Match &match) {
  if (!checkElements(match))
    return false;
  auto [lift, first] = largestExcess(match.arguments, match.callee);
  match.lift = static_cast<unsigned>(lift);
  if (lift == 0)
    return true;
  const Shape &shape = match.arguments[first]->type.shape;
  match.prefix.assign(shape.begin(), shape.begin() + lift);
  for (size_t i = 0; i < match.arguments.size(); ++i) {
    const Type &actual = match.arguments[i]->type;
    int64_t here = excess(actual, match.callee.arguments[i]);
    if (here == 0)
      continue;
    bool isSame =
        here == lift && std::equal(match.prefix.begin(), match.prefix.end(),
                                   actual.shape.begin());
    if (!isSame)
      return reportLift(match, i, first);
    match.isLifted[i] = true;
  }
  return true;
}

/// The sequences are the arguments with one leading axis more; with more than
/// one, those before it are mapped over.
bool DefinitionChecker::findSequences(Match &match) {
  if (!checkElements(match))
    return false;
  match.isSequence.resize(match.arguments.size());
  auto [most, first] = largestExcess(match.arguments, match.callee);
  if (most == 0) {
    engine.report<Diag::NoSequence>(match.range, match.call.callee.name,
                                    match.callee.name);
    return false;
  }
  int64_t lift = most - 1;
  match.lift = static_cast<unsigned>(lift);
  const Shape &shape = match.arguments[first]->type.shape;
  match.prefix.assign(shape.begin(), shape.begin() + lift);
  match.time = shape[lift];
  for (size_t i = 0; i < match.arguments.size(); ++i)
    if (!findSequence(match, i, first))
      return false;
  return true;
}

bool DefinitionChecker::findSequence(Match &match, size_t argument,
                                     size_t first) {
  const Shape &shape = match.arguments[argument]->type.shape;
  auto lift = static_cast<int64_t>(match.lift);
  int64_t here =
      excess(match.arguments[argument]->type, match.callee.arguments[argument]);
  bool hasPrefix =
      here >= lift &&
      std::equal(match.prefix.begin(), match.prefix.end(), shape.begin());
  if (here == 0)
    return true;
  if (lift > 0 && here == lift && hasPrefix) {
    match.isLifted[argument] = true;
    return true;
  }
  if (here == lift + 1 && hasPrefix)
    match.isLifted[argument] = lift > 0;
  else if (here != 1)
    return reportLift(match, argument, first);
  match.isSequence[argument] = true;
  const Dim &time = shape[match.isLifted[argument] ? lift : 0];
  if (time == *match.time)
    return true;
  engine
      .report<Diag::TimeMismatch>(match.arguments[argument]->range, time.str(),
                                  match.time->str())
      .label(match.arguments[first]->range,
             "this one walks along `" + match.time->str() + "`");
  return false;
}

//===----------------------------------------------------------------------===//
// Dimensions
//===----------------------------------------------------------------------===//

static Dim::Substitution known(const std::vector<std::optional<Dim>> &dims) {
  return [&dims](const DimSymbol &symbol) { return dims[symbol.index]; };
}

bool DefinitionChecker::unify(Match &match) {
  bool isOpen = true, learned = true;
  while (isOpen && learned) {
    isOpen = false;
    auto unknown = [&] {
      return std::count(match.dims.begin(), match.dims.end(), std::nullopt);
    };
    auto before = unknown();
    for (size_t i = 0; i < match.arguments.size(); ++i) {
      const Type &actual = match.arguments[i]->type;
      const Type &declared = match.callee.arguments[i].type;
      if (declared.isToken() &&
          !unifyDim(match, i, declared.vocabulary, actual.vocabulary, isOpen))
        return false;
      for (size_t axis = 0; axis < declared.shape.size(); ++axis)
        if (!unifyDim(match, i, declared.shape[axis],
                      actual.shape[match.leading(i) + axis], isOpen))
          return false;
    }
    learned = unknown() < before;
  }
  return requireInferred(match);
}

/// Solves `declared` = `actual` for the one name that has no value yet, if it
/// stands in it linearly.
static std::optional<Dim> solve(const Dim &declared, const Dim &actual,
                                const DimSymbol &unknown,
                                const Dim::Substitution &values) {
  auto at = [&](int64_t value) {
    return declared.substitute(
        [&](const DimSymbol &symbol) -> std::optional<Dim> {
          return &symbol == &unknown ? Dim(value) : values(symbol);
        });
  };
  std::optional<Dim> zero = at(0), one = at(1), two = at(2);
  if (!zero || !one || !two)
    return std::nullopt;
  std::optional<Dim> slope = Dim::subtract(*one, *zero);
  std::optional<Dim> further = Dim::subtract(*two, *one);
  std::optional<Dim> rest = Dim::subtract(actual, *zero);
  if (!slope || !rest || slope != further)
    return std::nullopt;
  return Dim::divide(*rest, *slope);
}

/// Compares one dimension, or learns a value from it. Sets `isOpen` where
/// neither can be done yet.
bool DefinitionChecker::unifyDim(Match &match, size_t argument,
                                 const Dim &declared, const Dim &actual,
                                 bool &isOpen) {
  if (std::optional<Dim> value = declared.substitute(known(match.dims)))
    return *value == actual || reportMismatch(match, argument);
  std::vector<const DimSymbol *> unknown;
  for (const DimSymbol *symbol : declared.symbols())
    if (!match.dims[symbol->index])
      unknown.push_back(symbol);
  if (unknown.size() != 1) {
    isOpen = true;
    return true;
  }
  std::optional<Dim> value =
      solve(declared, actual, *unknown.front(), known(match.dims));
  return value ? bind(match, argument, *unknown.front(), *value)
               : reportMismatch(match, argument);
}

bool DefinitionChecker::bind(Match &match, size_t argument,
                             const DimSymbol &symbol, const Dim &value) {
  const TypedExpr &given = *match.arguments[argument];
  const DimSymbol *free = value.freeSymbol();
  if (free && !symbol.isFree) {
    engine.report<Diag::RuntimeDimension>(given.range, free->name)
        .label(free->range, "`" + free->name + "` is not in the brackets")
        .hint("`" + symbol.name + "` of `" + match.callee.name +
              "` is in its brackets, and must be known");
    return false;
  }
  match.dims[symbol.index] = value;
  match.decided[symbol.index] = given.range;
  return true;
}

/// `fc` takes `f32[2*H]` for `x`, and this is `f32[H]`. The label is where the
/// first dimension that differs was decided, or else the declaration.
bool DefinitionChecker::reportMismatch(Match &match, size_t argument) {
  const Named &declared = match.callee.arguments[argument];
  const TypedExpr &given = *match.arguments[argument];
  auto shown = [&](const DimSymbol &symbol) -> std::optional<Dim> {
    const std::optional<Dim> &value = match.dims[symbol.index];
    return value ? *value : Dim(&symbol);
  };
  Shape leading(given.type.shape.begin(),
                given.type.shape.begin() +
                    std::min(match.leading(argument), given.type.shape.size()));
  Type expected = declared.type.substitute(shown).value_or(declared.type);
  expected = withPrefix(expected, leading);
  Diagnostic &diagnostic = engine.report<Diag::ArgumentMismatch>(
      given.range, match.call.callee.name, toString(expected), declared.name,
      toString(given.type));
  diagnostic.label(declared.range, "`" + declared.name + "` is declared `" +
                                       toString(declared.type) + "`");
  bool sameRank = expected.shape.size() == given.type.shape.size();
  for (size_t i = 0; sameRank && i < declared.type.shape.size(); ++i) {
    size_t axis = leading.size() + i;
    if (expected.shape[axis] == given.type.shape[axis])
      continue;
    for (const DimSymbol *symbol : declared.type.shape[i].symbols())
      if (const auto &value = match.dims[symbol->index];
          value && match.decided[symbol->index].file) {
        diagnostic.label(match.decided[symbol->index],
                         "`" + symbol->name + "` of `" + match.callee.name +
                             "` is `" + value->str() + "` from here");
        return false;
      }
    return false;
  }
  return false;
}

/// A model that is used in another has defaults for its dimensions.
void DefinitionChecker::takeDefault(Match &match, size_t dim) {
  const auto &defaults = match.callee.defaults;
  if (match.dims[dim] || dim >= defaults.size() || !defaults[dim])
    return;
  match.dims[dim] = defaults[dim]->substitute(known(match.dims));
  match.decided[dim] = match.callee.dims[dim]->range;
}

bool DefinitionChecker::requireInferred(Match &match) {
  for (size_t i = 0; i < match.dims.size(); ++i) {
    const DimSymbol &symbol = *match.callee.dims[i];
    takeDefault(match, i);
    if (symbol.aliasOf &&
        !symbol.aliasOf->resolved().substitute(known(match.dims))) {
      engine.report<Diag::DimensionTooLarge>(match.range);
      return false;
    }
    if (match.dims[i] || symbol.aliasOf)
      continue;
    Diagnostic &diagnostic = engine.report<Diag::DimensionNotInferred>(
        match.range, symbol.name, match.callee.name);
    if (match.use)
      diagnostic.label(match.use->range,
                       "`" + symbol.name + "` can be given in the brackets");
    return false;
  }
  return true;
}

} // namespace seqc::dsl
