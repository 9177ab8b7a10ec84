//===- token_sampler.h - Draws tokens by their scores ---------------------===//
// Owns the random numbers of a text that is made.
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_FIT_TOKEN_SAMPLER_H
#define SEQC_RUNTIME_FIT_TOKEN_SAMPLER_H

#include <cstdint>
#include <optional>
#include <random>
#include <vector>

namespace seqc::fit {

struct SamplerOptions {
  /// Scores are divided by it: below 1 the likely tokens become likelier; at 0
  /// the token with the highest score is taken, of equals the first.
  double temperature = 1;
  /// Only so many of the likeliest tokens are drawn from; 0: all.
  int64_t most = 0;
  int64_t seed = 0;
  /// Tokens that are never drawn: the first ones, which stand in no text.
  int64_t special = 0;
  /// The one of them that is drawn all the same: it ends a text.
  std::optional<int64_t> end = std::nullopt;
};

class TokenSampler {
public:
  /// Throws runtime::Error where the temperature is below 0 or no number.
  explicit TokenSampler(const SamplerOptions &options);

  /// The number of a token, drawn with the probabilities softmax(scores /
  /// temperature). Equal options and scores give equal tokens, on any machine
  /// with the same `exp`. Throws runtime::Error where no score is a number, or
  /// all tokens are special.
  int64_t draw(const std::vector<float> &scores);

private:
  std::vector<int64_t> candidates(const std::vector<float> &scores) const;

  SamplerOptions options;
  std::mt19937_64 random;
};

} // namespace seqc::fit

#endif // SEQC_RUNTIME_FIT_TOKEN_SAMPLER_H
