//===- token_sampler.cpp - Draws tokens by their scores -------------------===//
// The likeliest tokens, then one of them.
//===----------------------------------------------------------------------===//

#include "runtime/fit/token_sampler.h"

#include "runtime/services/error.h"

#include <algorithm>
#include <cmath>

namespace seqc::fit {

TokenSampler::TokenSampler(const SamplerOptions &options)
    : options(options), random(static_cast<uint64_t>(options.seed)) {
  // Not a number either.
  if (!(options.temperature >= 0))
    throw runtime::Error("the temperature is a number from 0 on");
}

/// The tokens that may be drawn, the likeliest first.
std::vector<int64_t>
TokenSampler::candidates(const std::vector<float> &scores) const {
  std::vector<int64_t> tokens;
  for (int64_t token = 0; token < std::ssize(scores); ++token)
    if ((token >= options.special || token == options.end) &&
        !std::isnan(scores[static_cast<size_t>(token)]))
      tokens.push_back(token);
  if (tokens.empty())
    throw runtime::Error("the model scores no token of a text: all scores are "
                         "no numbers, or there are no tokens");
  std::sort(tokens.begin(), tokens.end(), [&](int64_t a, int64_t b) {
    const float ofA = scores[static_cast<size_t>(a)];
    const float ofB = scores[static_cast<size_t>(b)];
    return ofA != ofB ? ofA > ofB : a < b;
  });
  if (options.most > 0 && options.most < std::ssize(tokens))
    tokens.resize(static_cast<size_t>(options.most));
  return tokens;
}

int64_t TokenSampler::draw(const std::vector<float> &scores) {
  const std::vector<int64_t> tokens = candidates(scores);
  const double top = scores[static_cast<size_t>(tokens.front())];
  if (options.temperature == 0 || std::isinf(top))
    return tokens.front();
  std::vector<double> upTo;
  double sum = 0;
  for (int64_t token : tokens) {
    const double score = scores[static_cast<size_t>(token)];
    sum += std::exp((score - top) / options.temperature);
    upTo.push_back(sum);
  }
  // 53 bits, as many as a double has: the same on any machine.
  const double place = sum * std::ldexp(double(random() >> 11), -53);
  const auto found = std::upper_bound(upTo.begin(), upTo.end(), place);
  const auto last = static_cast<std::ptrdiff_t>(tokens.size()) - 1;
  return tokens[static_cast<size_t>(std::min(found - upTo.begin(), last))];
}

} // namespace seqc::fit
