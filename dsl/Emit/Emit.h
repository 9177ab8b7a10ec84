//===- Emit.h - From a checked program to the seq dialect -----------------===//
// The only part of the front end that knows MLIR.
//===----------------------------------------------------------------------===//

#ifndef SEQC_DSL_EMIT_EMIT_H
#define SEQC_DSL_EMIT_EMIT_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/OwningOpRef.h"

namespace seqc::dsl {

struct Program;

/// The program of one unpadded sample: `@main` and `@init`. The program has a
/// model (`requireModel`). Loads the dialects that it needs; the module always
/// verifies.
mlir::OwningOpRef<mlir::ModuleOp> emitModule(const Program &program,
                                             mlir::MLIRContext &context);

/// A training program (`FrontendOptions::isTraining`), all three modules:
/// what is differentiated; the optimizer, for one parameter of any size; and
/// what changes from step to step, null where nothing does. SeqDialect.td says
/// what their attributes mean.
struct TrainingModules {
  mlir::OwningOpRef<mlir::ModuleOp> step;
  mlir::OwningOpRef<mlir::ModuleOp> optimizer;
  mlir::OwningOpRef<mlir::ModuleOp> schedule;
};
TrainingModules emitTraining(const Program &program,
                             mlir::MLIRContext &context);

} // namespace seqc::dsl

#endif // SEQC_DSL_EMIT_EMIT_H
