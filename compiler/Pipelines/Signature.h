//===- Signature.h - What a program takes and gives -----------------------===//
// From the `seq.*` attributes (SeqDialect.td) to the runtime's plain data.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_PIPELINES_SIGNATURE_H
#define SEQC_COMPILER_PIPELINES_SIGNATURE_H

#include "runtime/core/signature.h"

#include "mlir/IR/BuiltinOps.h"

namespace seqc {

/// The signature of the program of one sample (phase `seq`). Fails, with an
/// error on the operation, where the attributes do not make one.
mlir::FailureOr<runtime::Signature> readSignature(mlir::ModuleOp module);

/// What a training step says besides its program.
runtime::TrainingSpec readTraining(mlir::ModuleOp module);

} // namespace seqc

#endif // SEQC_COMPILER_PIPELINES_SIGNATURE_H
