//===- seq-frontend.cpp - The front end alone, for tests ------------------===//
// Prints one phase of a .seq file: parse, check or seq. Needs nothing below
// the dialect, so that tests of the language run without the rest.
//===----------------------------------------------------------------------===//

#include "dsl/Emit/Emit.h"
#include "dsl/Frontend.h"

#include "mlir/IR/Verifier.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

namespace {

namespace cl = llvm::cl;
cl::opt<std::string> inputPath(cl::Positional, cl::Required, cl::desc("FILE"));
cl::opt<std::string> phase("phase", cl::init("check"),
                           cl::desc("parse, check or seq"));
cl::list<std::string> settings("set", cl::desc("NAME=VALUE of a dimension"));
cl::opt<std::string> model("model", cl::desc("which model of the file"));
cl::opt<bool> training("training", cl::desc("the model's `train` block: print "
                                            "the modules of a training step"));
cl::opt<bool> locations("locations", cl::desc("print locations"));

void printModule(mlir::ModuleOp module, std::string &text) {
  if (failed(mlir::verify(module)))
    std::abort(); // a fault of ours: tests must see it
  llvm::raw_string_ostream stream(text);
  module.print(stream, mlir::OpPrintingFlags().enableDebugInfo(locations));
  stream << "\n";
}

/// The text of a phase; empty if anything was reported.
std::string print(const seqc::dsl::SourcePtr &file,
                  seqc::dsl::DiagnosticEngine &engine) {
  using namespace seqc::dsl;
  if (phase == "parse")
    return dumpParse(file, engine);
  FrontendOptions options{settings, model, training};
  ProgramPtr program = check(file, options, engine);
  if (!program || phase == "check")
    return program ? dumpCheck(*program) : "";
  if (!requireModel(*program, engine))
    return "";
  mlir::MLIRContext context;
  std::string text;
  mlir::OwningOpRef<mlir::ModuleOp> module =
      training ? emitTraining(*program, context)
               : emitModule(*program, context);
  printModule(*module, text);
  return text;
}

} // namespace

int main(int argc, char **argv) {
  cl::ParseCommandLineOptions(argc, argv, "the front end of seqc, alone\n");
  auto buffer = llvm::MemoryBuffer::getFile(inputPath);
  if (!buffer) {
    llvm::errs() << "cannot read " << inputPath << "\n";
    return 1;
  }
  // Messages name the file without its folder, so that tests can quote them.
  std::string name = inputPath.substr(inputPath.rfind('/') + 1);
  seqc::dsl::DiagnosticEngine engine;
  // Diagnostics point into the file: it outlives their rendering.
  seqc::dsl::SourcePtr file =
      seqc::dsl::makeSource(name, (*buffer)->getBuffer().str());
  llvm::outs() << print(file, engine);
  llvm::errs() << seqc::dsl::render(engine);
  return engine.hasErrors() ? 1 : 0;
}
