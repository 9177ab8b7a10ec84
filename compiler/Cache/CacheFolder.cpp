//===- CacheFolder.cpp - Where compiled code is kept ----------------------===//
// Reads the environment.
//===----------------------------------------------------------------------===//

#include "compiler/Cache/CacheFolder.h"

#include <cstdlib>
#include <sys/auxv.h>

namespace seqc {

/// A relative path of these would be another folder in each place; it is to be
/// ignored, as the XDG Base Directory Specification has it.
static std::string absoluteFrom(const char *variable) {
  const char *value = std::getenv(variable);
  return value && value[0] == '/' ? value : "";
}

std::string defaultCacheFolder() {
  // The environment of such a program is another user's.
  if (getauxval(AT_SECURE))
    return "";
  if (const char *folder = std::getenv("SEQC_CACHE_DIR"))
    return folder;
  if (std::string base = absoluteFrom("XDG_CACHE_HOME"); !base.empty())
    return base + "/seqc";
  if (std::string home = absoluteFrom("HOME"); !home.empty())
    return home + "/.cache/seqc";
  return "";
}

} // namespace seqc
