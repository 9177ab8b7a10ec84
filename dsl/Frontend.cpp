//===- Frontend.cpp - From text to a checked program ----------------------===//
// The steps of the front end in their order.
//===----------------------------------------------------------------------===//

#include "dsl/Frontend.h"
#include "dsl/Check/Checker.h"
#include "dsl/Check/Training.h"
#include "dsl/Import.h"
#include "dsl/Parse/Parser.h"
#include "dsl/Std/Library.h"

#include <algorithm>

namespace seqc::dsl {

ProgramPtr check(const SourcePtr &file, const FrontendOptions &options,
                 DiagnosticEngine &engine) {
  auto program = std::make_shared<Program>();
  program->file = file;
  program->modules = libraryModules();
  program->modulesOfLibrary = program->modules.size();
  for (auto &module : parseAll(file, engine))
    program->modules.push_back(std::move(module));
  if (engine.hasErrors())
    return nullptr;
  checkDefinitions(*program, engine);
  if (!engine.hasErrors())
    layOut(*program, options.settings, options.model, options.isTraining,
           engine);
  return engine.hasErrors() ? nullptr : program;
}

bool hasModel(const Program &program) { return program.model != nullptr; }

bool hasTraining(const Program &program) {
  for (const auto &training : program.trainings)
    if (program.model == training->model || program.model == &training->step)
      return true;
  return false;
}

bool isTraining(const Program &program) { return program.training != nullptr; }

bool requireModel(const Program &program, DiagnosticEngine &engine) {
  if (!program.model)
    engine.report<Diag::NoModel>({program.file.get(), 0, 0});
  return program.model != nullptr;
}

std::vector<std::string> contents(const Program &program) {
  std::vector<std::string> result;
  for (const auto &module : program.modules) {
    result.push_back(module->file->name());
    result.emplace_back(module->file->text());
    // The texts do not say it: a name may be a link to another file.
    for (const ImportDecl &import : module->imports) {
      const auto found = std::find(program.modules.begin(),
                                   program.modules.end(), import.module);
      result.push_back(std::to_string(found - program.modules.begin()));
    }
  }
  return result;
}

std::string dumpParse(const SourcePtr &file, DiagnosticEngine &engine) {
  Module module = parse(file, engine);
  return engine.hasErrors() ? "" : dump(module);
}

} // namespace seqc::dsl
