//===- Interface.cpp - What a model asks of data --------------------------===//
// The front end's answers, and its diagnostics as exceptions.
//===----------------------------------------------------------------------===//

#include "compiler/Driver/Interface.h"
#include "compiler/Driver/Program.h"
#include "dsl/Interface.h"

namespace seqc {

runtime::Interface readInterface(const SourceText &source,
                                 const CompileOptions &options) {
  dsl::DiagnosticEngine engine;
  const auto found =
      dsl::findInterface(dsl::makeSource(source.name, source.text),
                         frontendOptions(source, options), engine);
  if (!found)
    throw DiagnosedError(dsl::render(engine));
  return *found;
}

SourceText withImports(const SourceText &source) {
  dsl::DiagnosticEngine engine;
  const auto program = dsl::checkFile(dsl::makeSource(source.name, source.text),
                                      frontendOptions(source, {}), engine);
  if (!program)
    throw DiagnosedError(dsl::render(engine));
  SourceText whole = source;
  whole.imports = dsl::importedTexts(*program);
  return whole;
}

} // namespace seqc
