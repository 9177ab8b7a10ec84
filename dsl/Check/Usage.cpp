//===- Usage.cpp - What is declared and never used ------------------------===//
// Warnings about names; one that begins with `_` is never used on purpose.
//===----------------------------------------------------------------------===//

#include "dsl/Check/Usage.h"
#include "dsl/Diag/Suggest.h"

namespace seqc::dsl {

void Usage::beginDefinition() { brackets.emplace_back(); }

void Usage::declare(Kind kind, const std::string &name, SourceRange range) {
  if (name.front() == '_')
    return;
  declarations.push_back({kind, name, range, brackets.size() - 1});
  if (kind == Kind::Dimension)
    brackets.back().push_back(declarations.back());
}

size_t Usage::countUses(const Declaration &declaration) const {
  auto found = uses.find(key(declaration.range));
  return found == uses.end() ? 0 : found->second;
}

void Usage::report(DiagnosticEngine &engine) const {
  for (const Declaration &declaration : declarations) {
    size_t count = countUses(declaration);
    if (declaration.kind == Kind::FreeDimension && count == 1)
      reportSimilar(declaration, engine);
    else if (count == 0)
      reportUnused(declaration, engine);
  }
}

void Usage::reportUnused(const Declaration &declaration,
                         DiagnosticEngine &engine) const {
  const std::string &name = declaration.name;
  SourceRange range = declaration.range;
  switch (declaration.kind) {
  case Kind::Dimension:
    engine.report<Diag::UnusedDimension>(range, name);
    break;
  case Kind::FreeDimension: // stands where it is declared
    break;
  case Kind::Argument:
    engine.report<Diag::UnusedName>(range, "argument", name);
    break;
  case Kind::Name:
    engine.report<Diag::UnusedName>(range, "value", name);
    break;
  case Kind::Parameter:
    engine.report<Diag::UnusedParameter>(range, name);
    break;
  case Kind::State:
    if (!fields.count(name))
      engine.report<Diag::UnreadState>(range, name);
    break;
  case Kind::Instance:
    engine.report<Diag::UnusedInstance>(range, name);
    break;
  }
}

/// A static dimension that is misspelt in the shape of an argument is silently
/// a free one.
void Usage::reportSimilar(const Declaration &declaration,
                          DiagnosticEngine &engine) const {
  for (const Declaration &meant : brackets[declaration.definition]) {
    if (!isMisspelling(declaration.name, meant.name))
      continue;
    engine
        .report<Diag::SimilarDimension>(declaration.range, declaration.name,
                                        meant.name)
        .label(meant.range, "`" + meant.name + "` is this one")
        .hint("did you mean `" + meant.name + "`?");
    return;
  }
}

} // namespace seqc::dsl
