//===- ResidentSize.cpp - How much memory this process holds --------------===//
// As Linux tells it in /proc.
//===----------------------------------------------------------------------===//

#include "compiler/Tools/seqc/ResidentSize.h"

#include <fstream>
#include <string>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace seqc::tool {

/// A line `NAME:   1234 kB` of the process's status.
static std::optional<size_t> readStatus(const std::string &name) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.compare(0, name.size() + 1, name + ":") == 0)
      return std::stoull(line.substr(name.size() + 1)) * 1024;
  return std::nullopt;
}

std::optional<size_t> restartPeakResident() {
#ifdef __GLIBC__
  // What was freed before would be used again without being seen.
  malloc_trim(0);
#endif
  std::ofstream references("/proc/self/clear_refs");
  if (!(references << "5" << std::flush))
    return std::nullopt;
  return readStatus("VmRSS");
}

std::optional<size_t> peakResident() { return readStatus("VmHWM"); }

} // namespace seqc::tool
