//===- Diagnostics.cpp - What MLIR says, kept for the user ----------------===//
// Places and messages, without the operations that MLIR would print.
//===----------------------------------------------------------------------===//

#include "compiler/Driver/Diagnostics.h"

#include "mlir/IR/Location.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;

namespace seqc {

DiagnosticCollector::DiagnosticCollector(MLIRContext *context)
    : handler(context, [this](Diagnostic &diagnostic) {
        if (diagnostic.getSeverity() != DiagnosticSeverity::Error)
          return success();
        llvm::raw_string_ostream stream(lines);
        if (auto place =
                diagnostic.getLocation()->findInstanceOf<FileLineColLoc>())
          stream << place.getFilename().getValue() << ":" << place.getLine()
                 << ":" << place.getColumn() << ": ";
        stream << "error: " << diagnostic << "\n";
        return success();
      }) {}

std::string DiagnosticCollector::text() const {
  return StringRef(lines).rtrim('\n').str();
}

} // namespace seqc
