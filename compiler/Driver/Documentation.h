//===- Documentation.h - Definitions as Markdown --------------------------===//
// The front end's references, for callers without LLVM's headers.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_DRIVER_DOCUMENTATION_H
#define SEQC_COMPILER_DRIVER_DOCUMENTATION_H

#include "compiler/Driver/Compilation.h"

namespace seqc {

/// Of a file; throws runtime::Error with its diagnostics.
std::string document(const SourceText &source);

/// Of the library that every file may use.
std::string documentLibrary();

} // namespace seqc

#endif // SEQC_COMPILER_DRIVER_DOCUMENTATION_H
