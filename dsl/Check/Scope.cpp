//===- Scope.cpp - What a name means where it stands ----------------------===//
// Declarations, look-up, and the scopes that a `for` opens.
//===----------------------------------------------------------------------===//

#include "dsl/Check/Checker.h"
#include "dsl/Diag/Suggest.h"

namespace seqc::dsl {

bool DefinitionChecker::declare(const Identifier &name, Entity::Kind kind,
                                unsigned index) {
  if (name.isWildcard()) {
    engine.report<Diag::MisplacedWildcard>(name.range);
    return false;
  }
  auto level = static_cast<unsigned>(loopChanges.size());
  if (const Entity *other = lookUp(name.name)) {
    std::string label = "`" + name.name + "` is declared here";
    if (other->level == level) {
      engine.report<Diag::DuplicateName>(name.range, name.name)
          .label(other->range, std::move(label));
      return false;
    }
    engine
        .report<Diag::HiddenName>(name.range, name.name,
                                  "another of that name around the `for`")
        .label(other->range, std::move(label));
  }
  auto constant = constants.find(name.name);
  if (usage && constant != constants.end())
    engine
        .report<Diag::HiddenName>(name.range, name.name,
                                  "a constant of the file")
        .label(constant->second.range, "`" + name.name + "` is declared here");
  remember(name.name);
  Entity entity{kind, index, name.range, level};
  scope[name.name] = entity;
  noteDeclared(name, entity);
  return true;
}

void DefinitionChecker::noteDeclared(const Identifier &name,
                                     const Entity &entity) {
  if (!usage)
    return;
  Usage::Kind kind = Usage::Kind::Name;
  switch (entity.kind) {
  case Entity::Kind::Dim:
    kind = def.dims[entity.index]->isFree ? Usage::Kind::FreeDimension
                                          : Usage::Kind::Dimension;
    break;
  case Entity::Kind::Local:
    if (entity.index < def.arguments.size())
      kind = Usage::Kind::Argument;
    break;
  case Entity::Kind::Param:
    kind = Usage::Kind::Parameter;
    break;
  case Entity::Kind::State:
    kind = Usage::Kind::State;
    break;
  case Entity::Kind::Use:
    kind = Usage::Kind::Instance;
    break;
  }
  usage->declare(kind, name.name, name.range);
}

const Entity *DefinitionChecker::lookUp(std::string_view name) const {
  auto found = scope.find(name);
  return found == scope.end() ? nullptr : &found->second;
}

const Entity *DefinitionChecker::find(std::string_view name) const {
  const Entity *entity = lookUp(name);
  if (entity && usage)
    usage->use(entity->range);
  return entity;
}

void DefinitionChecker::poison(const std::string &name) {
  if (name == "_")
    return;
  remember(name);
  scope.erase(name);
  poisoned.insert(name);
}

void DefinitionChecker::remember(const std::string &name) {
  if (loopChanges.empty())
    return;
  const Entity *entity = lookUp(name);
  changes.push_back({name, entity ? std::optional(*entity) : std::nullopt,
                     poisoned.count(name) > 0});
}

void DefinitionChecker::reportUnknown(SourceRange range,
                                      const std::string &name) {
  if (const Entity *inner = samples ? samples->lookUp(name) : nullptr) {
    engine.report<Diag::OfOneSample>(range, name)
        .label(inner->range, "`" + name + "` is declared here")
        .hint(onMeanOfAll ? "`mean(...)` of it is one number for all samples"
                          : "`step` and `loss` are known here");
    return;
  }
  Diagnostic &diagnostic = engine.report<Diag::UnknownName>(range, name);
  auto found = ended.find(name);
  if (found == ended.end())
    diagnostic.hint(didYouMean(name, namesInScope()));
  else
    diagnostic.label(found->second, "`" + name + "` ends with this `for`");
}

void DefinitionChecker::enterLoop() { loopChanges.push_back(changes.size()); }

/// What the body of a `for` declares ends with it.
void DefinitionChecker::leaveLoop() {
  while (changes.size() > loopChanges.back()) {
    Change &change = changes.back();
    if (const Entity *own = lookUp(change.name))
      ended[change.name] = own->range;
    scope.erase(change.name);
    if (change.entity)
      scope.emplace(change.name, *change.entity);
    if (!change.wasPoisoned)
      poisoned.erase(change.name);
    changes.pop_back();
  }
  loopChanges.pop_back();
}

LocalId DefinitionChecker::addLocal(const std::string &name, Type type,
                                    SourceRange range) {
  def.locals.push_back({name, std::move(type), range});
  return static_cast<LocalId>(def.locals.size() - 1);
}

std::vector<std::string_view> DefinitionChecker::namesInScope() const {
  std::vector<std::string_view> names;
  for (const auto &entry : scope)
    names.push_back(entry.first);
  names.insert(names.end(), poisoned.begin(), poisoned.end());
  return names;
}

TypedPtr DefinitionChecker::make(SourceRange range, Type type,
                                 TypedExpr::Node node,
                                 std::vector<TypedPtr> operands) {
  auto expr = std::make_unique<TypedExpr>();
  expr->range = range;
  expr->type = std::move(type);
  expr->node = std::move(node);
  expr->operands = std::move(operands);
  return expr;
}

} // namespace seqc::dsl
