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

/// A training program (`FrontendOptions::isTraining`): what is differentiated,
/// and inside of its module two more: @optimizer, for one parameter of any
/// size, and @schedule, what changes from step to step, where anything does.
/// SeqDialect.td says what their attributes mean.
mlir::OwningOpRef<mlir::ModuleOp> emitTraining(const Program &program,
                                               mlir::MLIRContext &context);

} // namespace seqc::dsl

#endif // SEQC_DSL_EMIT_EMIT_H
