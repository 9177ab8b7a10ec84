//===- faults.cpp - Several faults in one error ---------------------------===//
// The layout of such an error.
//===----------------------------------------------------------------------===//

#include "runtime/services/faults.h"

#include <algorithm>
#include <fmt/format.h>

namespace seqc::runtime {

void Faults::throwIfAny(const std::string &title) const {
  constexpr size_t kMostLines = 100;
  if (faults.empty())
    return;
  std::string text = title + ":";
  size_t lines = std::min(faults.size(), kMostLines);
  for (size_t i = 0; i < lines; ++i)
    text += "\n  " + faults[i];
  if (faults.size() > lines)
    text += fmt::format("\n  and {} more", faults.size() - lines);
  throw Error(text);
}

} // namespace seqc::runtime
