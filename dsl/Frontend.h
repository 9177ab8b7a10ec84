//===- Frontend.h - From text to a checked program ------------------------===//
// The front end's face: everything that a driver calls. Emission to the `seq`
// dialect is dsl/Emit/Emit.h.
//
//   DiagnosticEngine engine;
//   SourcePtr file = makeSource("model.seq", text);
//   ProgramPtr program = check(file, {}, engine);
//   if (!program) { std::cerr << render(engine); return 1; }
//   OwningOpRef<ModuleOp> module = emitModule(*program, context);
//===----------------------------------------------------------------------===//

#ifndef SEQC_DSL_FRONTEND_H
#define SEQC_DSL_FRONTEND_H

#include "dsl/Diag/Diagnostic.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace seqc::dsl {

struct Program;
/// A program without an error; it holds on to its sources.
using ProgramPtr = std::shared_ptr<const Program>;

/// Texts of files by path.
using ImportedTexts = std::map<std::string, std::string>;

struct FrontendOptions {
  /// `--set`: "H=256", a dimension of the model and its value.
  std::vector<std::string> settings;
  /// `--model`: which model of the file; "" is the last one.
  std::string model;
  /// Lays out the training step that the model's `train` block describes, in
  /// place of the model.
  bool isTraining = false;
  /// Texts of the files that it imports, by path relative to the file; null:
  /// they are read from disk.
  const ImportedTexts *imports = nullptr;
};

/// Parses and checks a file with all that it imports. Its dimensions have no
/// values yet. Null if anything was reported.
std::shared_ptr<Program> checkFile(const SourcePtr &file,
                                   const FrontendOptions &options,
                                   DiagnosticEngine &engine);

/// Parses and checks a file, and lays out its model (if it has one) with the
/// values of its dimensions. Null if anything was reported.
ProgramPtr check(const SourcePtr &file, const FrontendOptions &options,
                 DiagnosticEngine &engine);

/// Whether the file defines a model: without one there is nothing to emit, and
/// `requireModel` says so to the user.
bool hasModel(const Program &program);
/// Whether the program's model has a `train` block.
bool hasTraining(const Program &program);
/// Whether the program is a training step.
bool isTraining(const Program &program);
bool requireModel(const Program &program, DiagnosticEngine &engine);

/// Everything that the program was made of: of each file, those of the library
/// too, its name, its text and which of the files its imports are. With the
/// options of the check, equal contents are equal programs.
std::vector<std::string> contents(const Program &program);

/// The texts of the files that the program's own imports, as
/// FrontendOptions::imports takes them.
ImportedTexts importedTexts(const Program &program);

/// Phase `parse` as text.
std::string dumpParse(const SourcePtr &file, DiagnosticEngine &engine);

/// Phase `check` as text: the file's definitions with their resolved types,
/// then the model's parameters and states.
std::string dumpCheck(const Program &program);

} // namespace seqc::dsl

#endif // SEQC_DSL_FRONTEND_H
