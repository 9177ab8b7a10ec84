//===- denormals.h - Flushing denormal numbers to zero --------------------===//
// A guard for each worker of a call. Numbers that vanish become denormal, and
// arithmetic on those is many times slower on most CPUs.
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_CORE_DENORMALS_H
#define SEQC_RUNTIME_CORE_DENORMALS_H

#include <cstdint>

namespace seqc::runtime {

/// While it lives, this thread's denormal results and operands count as zero;
/// then the thread's floating-point state is what it was. Does nothing on
/// CPUs other than x86-64 and AArch64.
class FlushDenormals {
public:
  FlushDenormals();
  ~FlushDenormals();
  FlushDenormals(const FlushDenormals &) = delete;
  FlushDenormals &operator=(const FlushDenormals &) = delete;

private:
  uint64_t saved;
};

} // namespace seqc::runtime

#endif // SEQC_RUNTIME_CORE_DENORMALS_H
