//===- warnings.cpp - What was wrong with data, and read all the same -----===//
// Counts, and names the first case of each kind.
//===----------------------------------------------------------------------===//

#include "runtime/data/warnings.h"

#include <fmt/format.h>

namespace seqc::data {

void Warnings::add(const std::string &kind, const std::string &place) {
  Cases &cases = kinds[kind];
  if (cases.count++ == 0)
    cases.first = place;
}

std::vector<std::string> Warnings::lines() const {
  std::vector<std::string> lines;
  for (const auto &[kind, cases] : kinds) {
    std::string line = fmt::format("{} {}", cases.first, kind);
    if (cases.count > 1)
      line += fmt::format(" (and {} more)", cases.count - 1);
    lines.push_back(std::move(line));
  }
  return lines;
}

} // namespace seqc::data
