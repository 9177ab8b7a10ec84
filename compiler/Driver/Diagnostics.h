//===- Diagnostics.h - What MLIR says, kept for the user ------------------===//
// After the check no user's error is left, so a message of MLIR's is a fault of
// the compiler, or of text that claims to be phase `seq`.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_DRIVER_DIAGNOSTICS_H
#define SEQC_COMPILER_DRIVER_DIAGNOSTICS_H

#include "mlir/IR/Diagnostics.h"

#include <string>

namespace seqc {

/// Collects the errors of a context while it lives.
class DiagnosticCollector {
public:
  explicit DiagnosticCollector(mlir::MLIRContext *context);

  /// A line `PLACE: error: MESSAGE` for each error.
  std::string text() const;

private:
  std::string lines;
  mlir::ScopedDiagnosticHandler handler;
};

} // namespace seqc

#endif // SEQC_COMPILER_DRIVER_DIAGNOSTICS_H
