//===- Interface.h - What a model asks of data ----------------------------===//
// Known before anything is compiled, and before all dimensions have values.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_DRIVER_INTERFACE_H
#define SEQC_COMPILER_DRIVER_INTERFACE_H

#include "compiler/Driver/Compilation.h"
#include "runtime/core/interface.h"

namespace seqc {

/// The inputs, targets and results of the model that `options` choose, which
/// has a `train` block. Throws runtime::Error with the text's diagnostics.
runtime::Interface readInterface(const SourceText &source,
                                 const CompileOptions &options);

/// The same text with the texts of all that it imports, so that it compiles
/// without a file. Throws runtime::Error as readInterface does.
SourceText withImports(const SourceText &source);

} // namespace seqc

#endif // SEQC_COMPILER_DRIVER_INTERFACE_H
