//===- ReferenceRun.h - The interpreter behind the session's face ---------===//
// The same tensors by name in and out, and the same messages, as a compiled
// model has (runtime/services/session.h).
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_DRIVER_REFERENCERUN_H
#define SEQC_COMPILER_DRIVER_REFERENCERUN_H

#include "runtime/services/session.h"

#include "mlir/IR/BuiltinOps.h"

namespace seqc {

/// Runs the program of one sample (phase `seq`) on each sample. Throws
/// runtime::Error.
runtime::RunResult runReference(mlir::ModuleOp module,
                                const runtime::Signature &signature,
                                const std::vector<runtime::TensorView> &params,
                                const runtime::ViewMap &inputs,
                                const runtime::ViewMap &states);

} // namespace seqc

#endif // SEQC_COMPILER_DRIVER_REFERENCERUN_H
