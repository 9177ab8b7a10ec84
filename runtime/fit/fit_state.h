//===- fit_state.h - Where a training stands ------------------------------===//
// Owns what a checkpoint says of the epochs, in JSON.
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_FIT_FIT_STATE_H
#define SEQC_RUNTIME_FIT_FIT_STATE_H

#include "runtime/fit/fit.h"

#include <optional>

namespace seqc::fit {

struct FitState {
  /// What must be the same in a training that goes on.
  int64_t batch = 0;
  int64_t samples = 0;
  int64_t validationSamples = 0;

  /// Of the epoch at hand.
  runtime::Measures measures;
  double gradientNorms = 0;
  int64_t updates = 0;

  std::vector<Epoch> epochs;

  /// The best epoch; null: none yet.
  const Epoch *best() const;
  /// How many epochs have come after the best one.
  int64_t epochsSinceBest() const;
};

/// The value of the metadata `seqc.fit`. No time is in it.
std::string toJson(const FitState &state);

/// Throws runtime::Error, which names `file`.
FitState fitStateOf(const runtime::Metadata &metadata, const std::string &file);

inline constexpr const char *kFitMetadata = "seqc.fit";

} // namespace seqc::fit

#endif // SEQC_RUNTIME_FIT_FIT_STATE_H
