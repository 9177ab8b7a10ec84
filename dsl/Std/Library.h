//===- Library.h - The standard library -----------------------------------===//
// Layers, cells and functions as .seq text, built into the binary. The
// compiler knows none of them by name.
//===----------------------------------------------------------------------===//

#ifndef SEQC_DSL_STD_LIBRARY_H
#define SEQC_DSL_STD_LIBRARY_H

#include "dsl/Parse/Ast.h"

namespace seqc::dsl {

/// The library's files, parsed once per process.
const std::vector<std::shared_ptr<const Module>> &libraryModules();

} // namespace seqc::dsl

#endif // SEQC_DSL_STD_LIBRARY_H
