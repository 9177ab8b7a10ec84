//===- BuildIdentity.h - Which build of the compiler this is --------------===//
// What one build has compiled, another one must not run: the version alone does
// not tell two builds apart.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_CACHE_BUILDIDENTITY_H
#define SEQC_COMPILER_CACHE_BUILDIDENTITY_H

#include <optional>
#include <string>

namespace seqc {

/// A name of the machine code of the compiler, of MLIR and of LLVM in this
/// process, wherever they were linked into: `seqc`, the program of somebody who
/// uses the compiler as a library, or shared libraries. Nothing where that
/// cannot be told.
std::optional<std::string> buildIdentity();

} // namespace seqc

#endif // SEQC_COMPILER_CACHE_BUILDIDENTITY_H
