//===- Peak.h - This machine's peak of fused multiply-add -----------------===//
// What the share in `seqc bench` is a share of: measured, not looked up.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_DRIVER_PEAK_H
#define SEQC_COMPILER_DRIVER_PEAK_H

#include <cstdint>

namespace seqc {

/// GFLOP/s of `threads` threads that do nothing but fused multiply-adds on
/// independent registers of the host's widest vectors: of several rounds the
/// best. Takes about a third of a second. Throws runtime::Error.
double measurePeak(int32_t threads);

} // namespace seqc

#endif // SEQC_COMPILER_DRIVER_PEAK_H
