//===- Library.cpp - The standard library ---------------------------------===//
// The text is made a C++ array by CMake, from the .seq files beside this one.
//===----------------------------------------------------------------------===//

#include "dsl/Std/Library.h"
#include "dsl/Parse/Parser.h"

#include <cstdio>
#include <cstdlib>

namespace seqc::dsl {

namespace {
struct LibraryFile {
  const char *name;
  const char *text;
};
constexpr LibraryFile files[] = {
#include "dsl/Std/LibraryText.inc"
};
} // namespace

static std::vector<std::shared_ptr<const Module>> parseLibrary() {
  std::vector<std::shared_ptr<const Module>> modules;
  DiagnosticEngine engine;
  for (const LibraryFile &file : files)
    modules.push_back(std::make_shared<const Module>(
        parse(makeSource(file.name, file.text), engine)));
  if (engine.hasErrors()) {
    // The build is wrong, not the user's program; a test covers every file.
    std::fputs(render(engine).c_str(), stderr);
    std::abort();
  }
  return modules;
}

const std::vector<std::shared_ptr<const Module>> &libraryModules() {
  static const auto modules = parseLibrary();
  return modules;
}

} // namespace seqc::dsl
