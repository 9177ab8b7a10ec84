//===- Frontend.cpp - From text to a checked program ----------------------===//
// The steps of the front end in their order.
//===----------------------------------------------------------------------===//

#include "dsl/Frontend.h"
#include "dsl/Parse/Parser.h"

namespace seqc::dsl {

std::string dumpParse(const SourcePtr &file, DiagnosticEngine &engine) {
  Module module = parse(file, engine);
  return engine.hasErrors() ? "" : dump(module);
}

} // namespace seqc::dsl
