//===- ResidentSize.h - How much memory this process holds ----------------===//

#ifndef SEQC_COMPILER_TOOLS_SEQC_RESIDENTSIZE_H
#define SEQC_COMPILER_TOOLS_SEQC_RESIDENTSIZE_H

#include <cstddef>
#include <optional>

namespace seqc::tool {

/// Forgets the peak, and returns the bytes that are resident now. Nothing where
/// the system does not tell.
std::optional<size_t> restartPeakResident();

/// The most bytes that were resident since the peak was forgotten.
std::optional<size_t> peakResident();

} // namespace seqc::tool

#endif // SEQC_COMPILER_TOOLS_SEQC_RESIDENTSIZE_H
