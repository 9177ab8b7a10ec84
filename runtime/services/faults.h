//===- faults.h - Several faults in one error -----------------------------===//
// Owns how a check that goes on after the first fault reports them all.
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_SERVICES_FAULTS_H
#define SEQC_RUNTIME_SERVICES_FAULTS_H

#include "runtime/services/error.h"

#include <string>
#include <vector>

namespace seqc::runtime {

/// Names that begin so belong to the project's own files and are never
/// surplus.
inline bool isReserved(const std::string &name) {
  return name.compare(0, 5, "seqc.") == 0;
}

class Faults {
public:
  void add(std::string fault) { faults.push_back(std::move(fault)); }
  bool empty() const { return faults.empty(); }

  /// Throws `TITLE:` with a line for each fault, if there is one. Of a great
  /// many only the first are listed.
  void throwIfAny(const std::string &title) const;

private:
  std::vector<std::string> faults;
};

} // namespace seqc::runtime

#endif // SEQC_RUNTIME_SERVICES_FAULTS_H
