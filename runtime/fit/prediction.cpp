//===- prediction.cpp - What a model's results say ------------------------===//
// Sigmoid, softmax, and the scale undone.
//===----------------------------------------------------------------------===//

#include "runtime/fit/prediction.h"

#include "runtime/services/error.h"
#include "runtime/services/messages.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace seqc::fit {

using runtime::Reading;

static const runtime::ResultSpec &
comparedResult(const runtime::Interface &interface) {
  for (const runtime::ResultSpec &result : interface.results)
    if (!result.target.empty())
      return result;
  if (interface.results.empty())
    throw runtime::Error(fmt::format("the model {} has no result",
                                     runtime::quoteName(interface.model)));
  return interface.results.front();
}

PredictionReader::PredictionReader(const runtime::Interface &interface,
                                   std::vector<data::Scale> scales)
    : spec(comparedResult(interface)), scales(std::move(scales)) {
  for (const runtime::InputSpec &input : interface.inputs)
    isOfSteps |= input.name == spec.target && input.hasLength();
}

static std::vector<double> softmax(const std::vector<double> &scores) {
  const double top = *std::max_element(scores.begin(), scores.end());
  std::vector<double> result;
  double sum = 0;
  for (double score : scores)
    sum += result.emplace_back(std::exp(score - top));
  for (double &each : result)
    each /= sum;
  return result;
}

std::optional<int64_t> PredictionReader::labelOf(const float *numbers,
                                                 int64_t count) const {
  if (spec.reading == Reading::Logit && count == 1)
    return *numbers > 0 ? 1 : 0;
  if (spec.reading == Reading::Scores && count > 0)
    return std::max_element(numbers, numbers + count) - numbers;
  return std::nullopt;
}

Prediction PredictionReader::read(const float *numbers, int64_t count) const {
  Prediction made;
  const std::vector<double> all(numbers, numbers + count);
  made.label = labelOf(numbers, count);
  if (made.label && spec.reading == Reading::Logit) {
    const double probability = 1 / (1 + std::exp(-all.front()));
    made.probabilities = {1 - probability, probability};
  } else if (made.label) {
    made.probabilities = softmax(all);
  } else {
    made.values = all;
    for (size_t i = 0; !scales.empty() && i < all.size(); ++i)
      made.values[i] = scales[i % scales.size()].undo(all[i]);
  }
  if (made.label)
    made.probability = made.probabilities[static_cast<size_t>(*made.label)];
  // A language model has thousands.
  if (isOfSteps)
    made.probabilities.clear();
  return made;
}

std::vector<Prediction>
PredictionReader::read(const runtime::TensorView &output,
                       const std::vector<int64_t> &lengths) const {
  const bool hasLength = !spec.axes.empty() && spec.axes.front().isLength;
  const runtime::Tensor whole = runtime::Tensor::copyOf(output);
  const int64_t samples = output.shape.front();
  const int64_t steps = hasLength ? output.shape[1] : 1;
  const int64_t width =
      samples * steps == 0 ? 0 : whole.size() / (samples * steps);
  if (samples > 0 && steps == 0)
    throw runtime::Error(fmt::format("the result {} has no step",
                                     runtime::quoteName(spec.name)));
  std::vector<Prediction> made;
  for (int64_t sample = 0; sample < samples; ++sample) {
    int64_t last = steps - 1;
    if (hasLength && !lengths.empty())
      last = std::clamp<int64_t>(lengths[static_cast<size_t>(sample)] - 1, 0,
                                 last);
    const float *from = whole.data<float>() + sample * steps * width;
    made.push_back(read(from + last * width, width));
    if (isOfSteps && hasLength && made.back().label)
      for (int64_t at = 0; at <= last; ++at)
        made.back().labels.push_back(*labelOf(from + at * width, width));
  }
  return made;
}

} // namespace seqc::fit
