//===- Caching.cpp - A compilation's entry in the cache -------------------===//
// The key is a hash of all that decides the code. Members of options are named
// in structured bindings, so that a new one does not compile until somebody has
// said here whether it does.
//===----------------------------------------------------------------------===//

#include "compiler/Driver/Caching.h"
#include "compiler/Cache/BuildIdentity.h"

#include "llvm/Support/BLAKE3.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/HashBuilder.h"

namespace seqc {
namespace {

/// Writes the size before whatever has one.
using KeyBuilder = llvm::HashBuilder<llvm::BLAKE3, llvm::endianness::native>;

void add(KeyBuilder &key, const SaveOptions &options) {
  const auto &[what, every] = options;
  key.add(what, every);
}

void add(KeyBuilder &key, const TargetDescription &target) {
  const auto &[vectorBits, vectorRegisters, rowsPerTile, dotBf16, dotInt8,
               tileBf16, blockElements, secondCacheBytes, weightsPerMember,
               threadsPerBlock, triple, cpu, features] = target;
  key.add(vectorBits, vectorRegisters, rowsPerTile, dotBf16, dotInt8, tileBf16,
          blockElements, secondCacheBytes, weightsPerMember, threadsPerBlock,
          triple, cpu, features);
}

void add(KeyBuilder &key, const CompileOptions &options) {
  // The request is in the description of the target; the rest is how results
  // are told and kept.
  const auto &[settings, model, target, goal, precision, save, onWarnings,
               cacheFolder, onCode] = options;
  key.addRange(settings);
  key.add(model, goal, precision);
  add(key, save);
}

std::optional<CodeKey> makeKey(const CheckedProgram &program,
                               const CompileOptions &options,
                               const TargetDescription &target) {
  if (options.cacheFolder.empty())
    return std::nullopt;
  const std::optional<std::string> build = buildIdentity();
  if (!build)
    return std::nullopt;
  KeyBuilder key;
  key.add(llvm::StringRef(SEQC_VERSION), *build);
  key.addRange(program.contents());
  add(key, options);
  add(key, target);
  return key.final();
}

} // namespace

CacheEntry::CacheEntry(const CheckedProgram &program,
                       const CompileOptions &options,
                       const TargetDescription &target)
    : cache(options.cacheFolder), key(makeKey(program, options, target)),
      options(options) {}

void CacheEntry::tell(const std::string &sentence) const {
  if (options.onCode)
    options.onCode(sentence);
}

std::optional<Artifact> CacheEntry::load() const {
  if (!key)
    return std::nullopt;
  const CodeCache::Read read = cache.read(*key);
  if (!read.problem.empty())
    tell("the cache is not used: " + read.problem);
  if (!read.bytes)
    return std::nullopt;
  std::optional<Artifact> artifact = decode(*read.bytes);
  if (artifact)
    tell("code from the cache, " + cache.pathOf(*key));
  return artifact;
}

void CacheEntry::store(const Artifact &artifact, double milliseconds) const {
  tell(llvm::formatv("code compiled in {0:f1} ms", milliseconds));
  if (!key)
    return;
  if (std::optional<std::string> problem = cache.write(*key, encode(artifact)))
    tell("the code is not kept: " + *problem);
  else
    tell("the code is kept in " + cache.pathOf(*key));
}

} // namespace seqc
