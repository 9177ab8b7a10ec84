//===- CacheFolder.h - Where compiled code is kept ------------------------===//
// The rule for those who name no folder.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_CACHE_CACHEFOLDER_H
#define SEQC_COMPILER_CACHE_CACHEFOLDER_H

#include <string>

namespace seqc {

/// `$SEQC_CACHE_DIR`; without it `$XDG_CACHE_HOME/seqc`; without that
/// `$HOME/.cache/seqc`. Empty, which means no cache, where the first is set to
/// nothing, where none is set, and in a program that runs with more rights than
/// its user.
std::string defaultCacheFolder();

} // namespace seqc

#endif // SEQC_COMPILER_CACHE_CACHEFOLDER_H
