//===- Program.h - From text to the program of one sample -----------------===//
// The first three phases, whichever form the text has.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_DRIVER_PROGRAM_H
#define SEQC_COMPILER_DRIVER_PROGRAM_H

#include "compiler/Driver/Compilation.h"
#include "dsl/Frontend.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

namespace seqc {

/// The front end's options; they point into `source`.
dsl::FrontendOptions frontendOptions(const SourceText &source,
                                     const CompileOptions &options);

/// A checked text.
class CheckedProgram {
public:
  virtual ~CheckedProgram() = default;
  virtual bool hasModel() const = 0;
  /// Whether the model has a `train` block.
  virtual bool hasTraining() const = 0;
  /// Phases `parse` and `check` as text.
  virtual std::string dumpParse() const = 0;
  virtual std::string dumpCheck() const = 0;
  /// All of the text that the program was made of. With the options it was
  /// checked with, equal contents are equal programs.
  virtual std::vector<std::string> contents() const = 0;
  /// Of a program with a model.
  virtual std::vector<Remark> remarks() const = 0;
  /// Phase `seq`: where the goal is training, the training program. Throws
  /// runtime::Error where there is no model.
  virtual mlir::OwningOpRef<mlir::ModuleOp>
  emit(mlir::MLIRContext &context) const = 0;
};

/// Parses and checks a text; throws runtime::Error with its diagnostics.
std::unique_ptr<CheckedProgram> checkProgram(const SourceText &source,
                                             const CompileOptions &options);

} // namespace seqc

#endif // SEQC_COMPILER_DRIVER_PROGRAM_H
