//===- Interface.cpp - What a model asks of data --------------------------===//
// The front end's answers, and its diagnostics as exceptions.
//===----------------------------------------------------------------------===//

#include "compiler/Driver/Interface.h"
#include "compiler/Driver/Program.h"
#include "dsl/Interface.h"

namespace seqc {

runtime::Interface readInterface(const SourceText &source,
                                 const CompileOptions &options) {
  // Diagnostics point into it.
  const dsl::SourcePtr file = dsl::makeSource(source.name, source.text);
  dsl::DiagnosticEngine engine;
  const auto found =
      dsl::findInterface(file, frontendOptions(source, options), engine);
  if (!found)
    throw DiagnosedError(dsl::render(engine));
  return *found;
}

SourceText withImports(const SourceText &source) {
  const dsl::SourcePtr file = dsl::makeSource(source.name, source.text);
  dsl::DiagnosticEngine engine;
  const auto program =
      dsl::checkFile(file, frontendOptions(source, {}), engine);
  if (!program)
    throw DiagnosedError(dsl::render(engine));
  SourceText whole = source;
  whole.imports = dsl::importedTexts(*program);
  return whole;
}

} // namespace seqc
