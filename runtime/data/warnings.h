//===- warnings.h - What was wrong with data, and read all the same -------===//
// Owns the counting: a fault that thousands of files share is one line.
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_DATA_WARNINGS_H
#define SEQC_RUNTIME_DATA_WARNINGS_H

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace seqc::data {

class Warnings {
public:
  /// One more case of `kind`, as in `is empty and left out`, at `place`.
  void add(const std::string &kind, const std::string &place);

  bool empty() const { return kinds.empty(); }

  /// A line for each kind, in their order: `PLACE is empty and left out (and 3
  /// more)`.
  std::vector<std::string> lines() const;

private:
  struct Cases {
    std::string first;
    int64_t count = 0;
  };
  std::map<std::string, Cases> kinds;
};

} // namespace seqc::data

#endif // SEQC_RUNTIME_DATA_WARNINGS_H
