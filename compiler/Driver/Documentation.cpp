//===- Documentation.cpp - Definitions as Markdown ------------------------===//
// Like all of the front end, on a stack of known size.
//===----------------------------------------------------------------------===//

#include "compiler/Driver/Documentation.h"
#include "compiler/Driver/OwnStack.h"
#include "dsl/Document.h"

#include "llvm/ADT/StringRef.h"

namespace seqc {

std::string document(const SourceText &source) {
  if (llvm::StringRef(source.name).ends_with(".mlir"))
    throw runtime::Error("`" + source.name +
                         "` has no definitions: it is a program of phase "
                         "`seq`");
  std::string text;
  runOnOwnStack([&] {
    // Diagnostics point into it.
    const dsl::SourcePtr file = dsl::makeSource(source.name, source.text);
    dsl::DiagnosticEngine engine;
    text = dsl::document(file, engine);
    if (engine.hasErrors())
      throw DiagnosedError(dsl::render(engine));
  });
  return text;
}

std::string documentLibrary() {
  std::string text;
  runOnOwnStack([&] { text = dsl::documentLibrary(); });
  return text;
}

} // namespace seqc
