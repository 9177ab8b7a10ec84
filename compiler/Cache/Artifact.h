//===- Artifact.h - What compiling a program leaves -----------------------===//
// Machine code, and all that whoever runs it must know of it: from these alone
// a program is linked, without its text and without MLIR. No LLVM header.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_CACHE_ARTIFACT_H
#define SEQC_COMPILER_CACHE_ARTIFACT_H

#include "runtime/core/signature.h"

#include <optional>
#include <string>
#include <string_view>

namespace seqc {

struct Artifact {
  runtime::Signature signature;
  /// Of a training program; so are the next two.
  runtime::TrainingSpec training;
  std::optional<runtime::Signature> optimizer;
  std::optional<runtime::Signature> schedule;
  /// The bytes of an object file.
  std::string object;
};

/// As bytes, for the same build of the compiler to read.
std::string encode(const Artifact &artifact);

/// Nothing where `bytes` are not what `encode` makes.
std::optional<Artifact> decode(std::string_view bytes);

} // namespace seqc

#endif // SEQC_COMPILER_CACHE_ARTIFACT_H
