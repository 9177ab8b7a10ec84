//===- CheckUse.cpp - Instances of layers and cells -----------------------===//
// `use`, the dimensions that it gives, the options of `recurrent`.
//===----------------------------------------------------------------------===//

#include "dsl/Check/Checker.h"
#include "dsl/Diag/Suggest.h"

namespace seqc::dsl {

void DefinitionChecker::checkUse(const UseMember &member) {
  Use use;
  use.name = member.name.name;
  use.range = member.range;
  use.definition = checkUsed(member);
  bool good = use.definition && use.definition->isUsable;
  if (good) {
    use.dims.resize(use.definition->bracketDims);
    use.decided.resize(use.definition->bracketDims);
    good = checkGivenDims(member.dims, *use.definition, use.dims, use.decided);
  }
  if (member.recurrent) {
    use.recurrence.emplace();
    good &= checkOptions(member, *use.recurrence);
  }
  good = good && checkShared(member, use);
  if (!good)
    poison(member.name.name);
  else if (declare(member.name, Entity::Kind::Use,
                   static_cast<unsigned>(def.uses.size())))
    def.uses.push_back(std::move(use));
}

/// What kind of definition may stand where.
const Definition *DefinitionChecker::checkUsed(const UseMember &member) {
  const Identifier &name = member.definition;
  auto found = table.find(name.name);
  if (found == table.end()) {
    std::vector<std::string_view> names;
    for (const auto &[candidate, definition] : table)
      if (definition->kind != DefinitionKind::Fn)
        names.push_back(candidate);
    engine.report<Diag::UnknownName>(name.range, name.name)
        .hint(didYouMean(name.name, names));
    return nullptr;
  }
  const Definition *used = found->second;
  bool isCell = used->kind == DefinitionKind::Cell;
  if (member.recurrent && !isCell)
    engine.report<Diag::RecurrentNeedsCell>(name.range, name.name,
                                            spelling(used->kind));
  else if (used->kind == DefinitionKind::Fn)
    engine.report<Diag::NotUsable>(name.range, name.name, spelling(used->kind));
  else if (isCell && !member.recurrent && def.kind != DefinitionKind::Cell)
    engine
        .report<Diag::CellOutsideRecurrence>(name.range, name.name,
                                             spelling(def.kind))
        .hint("`recurrent(" + name.name + "[...])` runs it over a sequence");
  else
    return used;
  return nullptr;
}

bool DefinitionChecker::checkGivenDims(const std::vector<ExprPtr> &written,
                                       const Definition &definition,
                                       std::vector<std::optional<Dim>> &dims,
                                       std::vector<SourceRange> &decided) {
  size_t declared = definition.bracketDims;
  if (written.size() > declared) {
    engine.report<Diag::TooManyDimensions>(
        written[declared]->range, definition.name, count(declared, "dimension"),
        written.size());
    return false;
  }
  bool good = true;
  for (size_t i = 0; i < written.size(); ++i) {
    if (written[i]->as<WildcardExpr>())
      continue;
    dims[i] = checkStaticDim(*written[i]);
    decided[i] = written[i]->range;
    good &= dims[i].has_value();
  }
  return good;
}

bool DefinitionChecker::checkOptions(const UseMember &member,
                                     Recurrence &recurrence) {
  bool good = true;
  std::set<std::string> given;
  std::map<std::string, SourceRange> flags;
  for (const Argument &option : member.options) {
    const auto *flag = option.value->as<NameExpr>();
    std::string name = option.name ? option.name->name
                       : flag      ? flag->name
                                   : std::string();
    flags[name] = option.value->range;
    if (!given.insert(name).second) {
      engine.report<Diag::ArgumentTwice>(option.value->range, name);
      good = false;
    } else {
      good &= checkOption(option, name, recurrence);
    }
  }
  if (recurrence.bidirectional && recurrence.reverse) {
    engine.report<Diag::BidirectionalReverse>(flags["reverse"])
        .label(flags["bidirectional"], "`bidirectional` is here");
    good = false;
  }
  if (recurrence.isVariational && !flags.count("dropout")) {
    engine.report<Diag::FlagOrValue>(flags["variational"], "variational",
                                     "says how `dropout = rate` draws, and "
                                     "there is none");
    good = false;
  }
  return good;
}

bool DefinitionChecker::checkOption(const Argument &option,
                                    const std::string &name,
                                    Recurrence &recurrence) {
  if (!option.name && name == "bidirectional")
    return recurrence.bidirectional = true;
  if (!option.name && name == "reverse")
    return recurrence.reverse = true;
  if (!option.name && name == "variational")
    return recurrence.isVariational = true;
  if (option.name && name == "layers") {
    recurrence.layers = checkStaticDim(*option.value);
    recurrence.layersRange = option.value->range;
    return recurrence.layers.has_value();
  }
  if (option.name && name == "dropout") {
    recurrence.dropout = checkRate(*option.value);
    return recurrence.dropout != nullptr;
  }
  if (name == "bidirectional" || name == "reverse" || name == "layers" ||
      name == "dropout" || name == "variational") {
    SourceRange range = option.name ? option.name->range : option.value->range;
    engine.report<Diag::FlagOrValue>(range, name,
                                     option.name ? "is a flag, without a value"
                                                 : "has a value");
    return false;
  }
  std::string hint = didYouMean(
      name, {"bidirectional", "reverse", "layers", "dropout", "variational"});
  if (hint.empty())
    hint = "its options are `layers = n`, `bidirectional`, `reverse`, "
           "`dropout = rate` and `variational`";
  SourceRange range = option.name ? option.name->range : option.value->range;
  engine.report<Diag::UnknownArgument>(range, "recurrent", range.text())
      .hint(std::move(hint));
  return false;
}

} // namespace seqc::dsl
