//===- CheckShared.cpp - Parameters that instances share ------------------===//
// `use fc = Linear[E, V](weight = embedding.weight)`: which parameter or inner
// instance is which other one. Types are compared at the end of the body, when
// all dimensions are known.
//===----------------------------------------------------------------------===//

#include "dsl/Check/Checker.h"
#include "dsl/Diag/Suggest.h"

namespace seqc::dsl {

namespace {
/// A parameter or an instance of a definition.
struct Part {
  bool isInstance;
  unsigned index;
};
} // namespace

static std::optional<Part> findPart(const Definition &definition,
                                    const std::string &name) {
  for (unsigned i = 0; i < definition.params.size(); ++i)
    if (definition.params[i].name == name)
      return Part{false, i};
  for (unsigned i = 0; i < definition.uses.size(); ++i)
    if (definition.uses[i].name == name)
      return Part{true, i};
  return std::nullopt;
}

static std::vector<std::string_view> partNames(const Definition &definition) {
  std::vector<std::string_view> names;
  for (const Param &param : definition.params)
    names.push_back(param.name);
  for (const Use &use : definition.uses)
    names.push_back(use.name);
  return names;
}

bool DefinitionChecker::checkShared(const UseMember &member, Use &use) {
  bool good = true;
  std::set<std::string> given;
  for (const Argument &argument : member.shared) {
    SharedPart part;
    if (argument.name && !given.insert(argument.name->name).second) {
      engine.report<Diag::ArgumentTwice>(argument.name->range,
                                         argument.name->name);
      good = false;
    } else if (findShared(argument, *use.definition, part) &&
               findOwner(*argument.value, part)) {
      use.shared.push_back(std::move(part));
    } else {
      good = false;
    }
  }
  return good;
}

/// What of the new instance is shared.
bool DefinitionChecker::findShared(const Argument &argument,
                                   const Definition &used, SharedPart &part) {
  if (!argument.name) {
    engine.report<Diag::SharedWithoutName>(argument.value->range, used.name);
    return false;
  }
  std::optional<Part> found = findPart(used, argument.name->name);
  if (!found) {
    engine
        .report<Diag::UnknownPart>(argument.name->range, used.name,
                                   argument.name->name)
        .hint(didYouMean(argument.name->name, partNames(used)));
    return false;
  }
  part.isInstance = found->isInstance;
  part.part = found->index;
  part.range = argument.name->range;
  return true;
}

/// Whose it is: `embedding.weight`, or a parameter of this definition.
bool DefinitionChecker::findOwner(const Expr &expr, SharedPart &part) {
  std::vector<Identifier> names;
  const Expr *at = &expr;
  for (; at->as<FieldExpr>(); at = at->as<FieldExpr>()->base.get())
    names.insert(names.begin(), at->as<FieldExpr>()->field);
  const auto *first = at->as<NameExpr>();
  if (!first) {
    engine.report<Diag::NotAPart>(expr.range);
    return false;
  }
  names.insert(names.begin(), {first->name, at->range});
  part.ownerRange = expr.range;
  find(first->name); // counts as a use of it
  const Definition *owner = &def;
  for (size_t i = 0; i < names.size(); ++i) {
    std::optional<Part> found = findPart(*owner, names[i].name);
    if (!found) {
      if (i > 0 || !poisoned.count(names[i].name))
        engine
            .report<Diag::UnknownPart>(names[i].range, owner->name,
                                       names[i].name)
            .hint(didYouMean(names[i].name, partNames(*owner)));
      return false;
    }
    bool isLast = i + 1 == names.size();
    if (isLast ? found->isInstance != part.isInstance : !found->isInstance) {
      engine.report<Diag::NotAPart>(names[i].range);
      return false;
    }
    if (isLast) {
      part.ownerPart = found->index;
      return true;
    }
    part.path.push_back(found->index);
    owner = owner->uses[found->index].definition;
  }
  return false;
}

/// The dimensions of a used definition in those of the one around.
static Dim::Substitution dimsOf(const Use &use) {
  return [&use](const DimSymbol &symbol) -> std::optional<Dim> {
    return symbol.index < use.dims.size() ? use.dims[symbol.index]
                                          : std::nullopt;
  };
}

/// A type of the last definition on the path, in the dimensions of the first.
static std::optional<Type> typeAlong(const Definition &first,
                                     const std::vector<unsigned> &path,
                                     const Type &type) {
  std::vector<const Use *> uses;
  for (const Definition *at = &first; unsigned use : path) {
    uses.push_back(&at->uses[use]);
    at = at->uses[use].definition;
  }
  std::optional<Type> result = type;
  for (auto use = uses.rbegin(); result && use != uses.rend(); ++use)
    result = result->substitute(dimsOf(**use));
  return result;
}

static const Definition &lastOf(const Definition &first,
                                const std::vector<unsigned> &path) {
  const Definition *at = &first;
  for (unsigned use : path)
    at = at->uses[use].definition;
  return *at;
}

void DefinitionChecker::checkSharedTypes(const Use &use) {
  for (const SharedPart &part : use.shared) {
    const Definition &owner = lastOf(def, part.path);
    if (part.isInstance) {
      const Use &mine = use.definition->uses[part.part];
      const Use &other = owner.uses[part.ownerPart];
      if (mine.definition != other.definition ||
          mine.recurrence.has_value() != other.recurrence.has_value())
        engine.report<Diag::SharedMismatch>(part.ownerRange, part.range.text(),
                                            mine.definition->name,
                                            other.definition->name);
      continue;
    }
    std::optional<Type> mine =
        use.definition->params[part.part].type.substitute(dimsOf(use));
    std::optional<Type> other =
        typeAlong(def, part.path, owner.params[part.ownerPart].type);
    if (mine && other && *mine != *other)
      engine
          .report<Diag::SharedMismatch>(part.ownerRange, part.range.text(),
                                        toString(*mine), toString(*other))
          .label(use.definition->params[part.part].range, "declared here");
  }
}

} // namespace seqc::dsl
