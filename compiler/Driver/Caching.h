//===- Caching.h - A compilation's entry in the cache ---------------------===//
// What it is kept under, and what the user is told of it.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_DRIVER_CACHING_H
#define SEQC_COMPILER_DRIVER_CACHING_H

#include "compiler/Cache/Artifact.h"
#include "compiler/Cache/CodeCache.h"
#include "compiler/Driver/Program.h"

#include <optional>
#include <string>

namespace seqc {

/// Made for one compilation.
class CacheEntry {
public:
  /// `program` was checked with `options`.
  CacheEntry(const CheckedProgram &program, const CompileOptions &options,
             const TargetDescription &target);

  std::optional<Artifact> load() const;

  /// Keeps what took so long to compile.
  void store(const Artifact &artifact, double milliseconds) const;

private:
  void tell(const std::string &sentence) const;

  CodeCache cache;
  /// Nothing where nothing may be kept.
  std::optional<CodeKey> key;
  const CompileOptions &options;
};

} // namespace seqc

#endif // SEQC_COMPILER_DRIVER_CACHING_H
