//===- prediction.h - What a model's results say --------------------------===//
// From numbers to classes, probabilities and the units of the data.
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_FIT_PREDICTION_H
#define SEQC_RUNTIME_FIT_PREDICTION_H

#include "runtime/core/interface.h"
#include "runtime/data/recipe.h"
#include "runtime/services/tensor.h"

#include <optional>

namespace seqc::fit {

/// Of one sample.
struct Prediction {
  /// The class, by its number, and how probable it is; empty where the result
  /// is no class.
  std::optional<int64_t> label;
  double probability = 0;
  /// How probable each class is; empty where the target has one for each step.
  std::vector<double> probabilities;
  /// Of what is no class, the result's last numbers: all of it where it has no
  /// length, else its last step.
  std::vector<double> values;
  /// The class at each step, where the target has one for each; else empty.
  std::vector<int64_t> labels;
};

/// Reads a model's result as its loss does: a logit decides between two
/// classes, scores between several, anything else is a value, brought back to
/// its scale.
class PredictionReader {
public:
  /// Of the first result that the loss compares with a target, else of the
  /// first of all. Values have one of `scales` each, in turn; without, they
  /// stay as they are. Throws runtime::Error where the model gives none.
  PredictionReader(const runtime::Interface &interface,
                   std::vector<data::Scale> scales);

  /// The name of the result, and the target that it is compared with.
  const runtime::ResultSpec &result() const { return spec; }

  /// Of each sample. `output` is the result, f32[B, ...]; `lengths` are those
  /// of the samples (empty: all are full).
  std::vector<Prediction> read(const runtime::TensorView &output,
                               const std::vector<int64_t> &lengths) const;

private:
  Prediction read(const float *numbers, int64_t count) const;
  std::optional<int64_t> labelOf(const float *numbers, int64_t count) const;

  runtime::ResultSpec spec;
  /// The target has a class or number for each step.
  bool isOfSteps = false;
  std::vector<data::Scale> scales;
};

} // namespace seqc::fit

#endif // SEQC_RUNTIME_FIT_PREDICTION_H
