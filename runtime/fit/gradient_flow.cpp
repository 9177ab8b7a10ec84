//===- gradient_flow.cpp - How far back a loss is felt --------------------===//
// Norms by distance from the end.
//===----------------------------------------------------------------------===//

#include "runtime/fit/gradient_flow.h"

#include <algorithm>
#include <cmath>

namespace seqc::fit {

static double norm(const float *values, int64_t count) {
  double sum = 0;
  for (int64_t i = 0; i < count; ++i)
    sum += double{values[i]} * values[i];
  return std::sqrt(sum);
}

std::vector<double> gradientFlow(const runtime::TensorView &gradient,
                                 const std::vector<int64_t> &lengths,
                                 bool isBackward) {
  const runtime::Tensor whole = runtime::Tensor::copyOf(gradient);
  const int64_t samples = gradient.shape[0], steps = gradient.shape[1];
  const int64_t width =
      samples * steps == 0 ? 0 : whole.size() / (samples * steps);
  std::vector<double> sums(static_cast<size_t>(steps));
  std::vector<int64_t> counts(sums.size());
  for (int64_t sample = 0; sample < samples; ++sample) {
    const int64_t length =
        lengths.empty() ? steps : lengths[static_cast<size_t>(sample)];
    for (int64_t back = 0; back < std::min(length, steps); ++back) {
      const int64_t position = isBackward ? back : length - 1 - back;
      sums[static_cast<size_t>(back)] += norm(
          whole.data<float>() + (sample * steps + position) * width, width);
      ++counts[static_cast<size_t>(back)];
    }
  }
  std::vector<double> means;
  for (size_t back = 0; back < sums.size() && counts[back] > 0; ++back)
    means.push_back(sums[back] / static_cast<double>(counts[back]));
  return means;
}

} // namespace seqc::fit
