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
#include <filesystem>

namespace seqc::dsl {

std::shared_ptr<Program> checkFile(const SourcePtr &file,
                                   const FrontendOptions &options,
                                   DiagnosticEngine &engine) {
  auto program = std::make_shared<Program>();
  program->file = file;
  program->modules = libraryModules();
  program->modulesOfLibrary = program->modules.size();
  for (auto &module : parseAll(file, engine, options.imports))
    program->modules.push_back(std::move(module));
  if (engine.hasErrors())
    return nullptr;
  checkDefinitions(*program, engine);
  return engine.hasErrors() ? nullptr : program;
}

ProgramPtr check(const SourcePtr &file, const FrontendOptions &options,
                 DiagnosticEngine &engine) {
  const std::shared_ptr<Program> program = checkFile(file, options, engine);
  if (program)
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

ImportedTexts importedTexts(const Program &program) {
  const auto folder = std::filesystem::path(program.file->name()).parent_path();
  ImportedTexts texts;
  for (const auto &module : program.modules) {
    if (program.isLibrary(*module) || module->file == program.file)
      continue;
    texts.emplace(relativeTo(folder, module->file->name()).string(),
                  module->file->text());
  }
  return texts;
}

std::string dumpParse(const SourcePtr &file, DiagnosticEngine &engine) {
  Module module = parse(file, engine);
  return engine.hasErrors() ? "" : dump(module);
}

} // namespace seqc::dsl
