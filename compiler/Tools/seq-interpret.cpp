//===- seq-interpret.cpp - Runs a function of the seq dialect -------------===//
// For tests: reads a file, runs one function without arguments in the
// reference interpreter, and prints its results, one on each line.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/IR/SeqDialect.h"
#include "compiler/Dialect/Seq/Reference/Interpreter.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/CommandLine.h"

namespace cl = llvm::cl;
using namespace seqc::reference;

static cl::opt<std::string> inputFile(cl::Positional, cl::Required,
                                      cl::desc("FILE.mlir"));
static cl::opt<std::string> functionName("func", cl::init("main"),
                                         cl::desc("the function to run"));
static cl::opt<bool> ofBatch("batch",
                             cl::desc("the program is that of a batch: errors "
                                      "name samples by the first axis"));

static cl::opt<int64_t> seed("seed", cl::desc("of random numbers"));
static cl::opt<int64_t> step("step", cl::desc("of random numbers"));

/// `error: 3:5: token 7 is not from 0 to 4 (sample 0, position 2)`
static void report(const RunError &error) {
  const seqc_error &record = error.record;
  llvm::errs() << "error: " << record.line << ":" << record.column << ": "
               << error.message;
  if (record.kind != SEQC_OK)
    llvm::errs() << " (sample " << record.sample << ", position "
                 << record.position << ")";
  llvm::errs() << "\n";
}

int main(int argc, char **argv) {
  cl::ParseCommandLineOptions(argc, argv, "runs a function of seq IR\n");
  mlir::MLIRContext context;
  context.loadDialect<seqc::seq::SeqDialect, mlir::func::FuncDialect>();
  auto module = mlir::parseSourceFile<mlir::ModuleOp>(inputFile, &context);
  if (!module)
    return 1;
  auto function = module->lookupSymbol<mlir::func::FuncOp>(functionName);
  if (!function) {
    llvm::errs() << "error: no function @" << functionName << "\n";
    return 1;
  }
  RunError error;
  auto results = interpret(function, llvm::ArrayRef<Tensor>(), error,
                           ofBatch ? ProgramOf::Batch : ProgramOf::Sample,
                           Draws{seed, step, {}});
  if (failed(results)) {
    report(error);
    return 1;
  }
  for (const Tensor &result : *results)
    llvm::outs() << result << "\n";
  return 0;
}
