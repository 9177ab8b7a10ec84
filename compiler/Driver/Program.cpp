//===- Program.cpp - From text to the program of one sample ---------------===//
// Two forms of text: the language, and phase `seq` as it is printed.
//===----------------------------------------------------------------------===//

#include "compiler/Driver/Program.h"
#include "compiler/Driver/Diagnostics.h"
#include "dsl/Document.h"
#include "dsl/Emit/Emit.h"
#include "dsl/Frontend.h"

#include "mlir/Parser/Parser.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;

namespace seqc {

dsl::FrontendOptions frontendOptions(const SourceText &source,
                                     const CompileOptions &options) {
  dsl::FrontendOptions frontend;
  frontend.settings = options.settings;
  frontend.model = options.model;
  frontend.isTraining =
      options.goal == Goal::Training || options.goal == Goal::StateGradients;
  frontend.imports = source.imports ? &*source.imports : nullptr;
  return frontend;
}

namespace {

/// Text in the language.
class LanguageProgram : public CheckedProgram {
public:
  LanguageProgram(const SourceText &source, const CompileOptions &options)
      : file(dsl::makeSource(source.name, source.text)), goal(options.goal) {
    const dsl::FrontendOptions frontend = frontendOptions(source, options);
    dsl::DiagnosticEngine engine;
    program = dsl::check(file, frontend, engine);
    if (!program)
      throw DiagnosedError(dsl::render(engine));
    std::string warnings = dsl::render(engine);
    if (!warnings.empty() && options.onWarnings)
      options.onWarnings(warnings);
    else
      llvm::errs() << warnings;
  }

  bool hasModel() const override { return dsl::hasModel(*program); }
  bool hasTraining() const override { return dsl::hasTraining(*program); }
  std::string dumpParse() const override {
    dsl::DiagnosticEngine engine;
    return dsl::dumpParse(file, engine);
  }
  std::string dumpCheck() const override { return dsl::dumpCheck(*program); }
  std::vector<std::string> contents() const override {
    return dsl::contents(*program);
  }
  std::vector<Remark> remarks() const override {
    std::vector<Remark> result;
    for (dsl::Remark &remark : dsl::remarks(*program))
      result.push_back({std::move(remark.kind), std::move(remark.name),
                        std::move(remark.text)});
    return result;
  }

  OwningOpRef<ModuleOp> emit(MLIRContext &context) const override {
    dsl::DiagnosticEngine engine;
    if (!dsl::requireModel(*program, engine))
      throw DiagnosedError(dsl::render(engine));
    if (!dsl::isTraining(*program))
      return dsl::emitModule(*program, context);
    OwningOpRef<ModuleOp> step = dsl::emitTraining(*program, context);
    // Nothing is updated.
    if (goal == Goal::StateGradients)
      for (ModuleOp beside :
           llvm::make_early_inc_range(step->getOps<ModuleOp>()))
        beside.erase();
    return step;
  }

private:
  dsl::SourcePtr file;
  Goal goal;
  dsl::ProgramPtr program;
};

/// Text as phase `seq` prints it: what the front end would say is not known.
class PrintedProgram : public CheckedProgram {
public:
  PrintedProgram(SourceText source) : source(std::move(source)) {}

  bool hasModel() const override { return true; }
  bool hasTraining() const override { return false; }
  std::string dumpParse() const override { return source.text; }
  std::string dumpCheck() const override { return source.text; }
  std::vector<std::string> contents() const override {
    return {source.name, source.text};
  }
  std::vector<Remark> remarks() const override { return {}; }

  OwningOpRef<ModuleOp> emit(MLIRContext &context) const override {
    DiagnosticCollector collector(&context);
    auto module = parseSourceString<ModuleOp>(source.text, &context,
                                              source.name);
    if (!module)
      throw DiagnosedError(collector.text());
    return module;
  }

private:
  SourceText source;
};

} // namespace

std::unique_ptr<CheckedProgram> checkProgram(const SourceText &source,
                                             const CompileOptions &options) {
  if (StringRef(source.name).ends_with(".mlir"))
    return std::make_unique<PrintedProgram>(source);
  return std::make_unique<LanguageProgram>(source, options);
}

} // namespace seqc
