//===- random.cpp - Random numbers by logical coordinates -----------------===//
// Philox4x32-10 and the streams over it.
//===----------------------------------------------------------------------===//

#include "runtime/core/random.h"

#include <cmath>

namespace seqc::runtime {

// The paper's multipliers and Weyl increments.
static constexpr uint32_t kMultipliers[2] = {0xD2511F53u, 0xCD9E8D57u};
static constexpr uint32_t kIncrements[2] = {0x9E3779B9u, 0xBB67AE85u};
static constexpr int kRounds = 10;

std::array<uint32_t, 4> philox(std::array<uint32_t, 4> counter,
                               std::array<uint32_t, 2> key) {
  for (int round = 0; round < kRounds; ++round) {
    uint64_t p0 = uint64_t{kMultipliers[0]} * counter[0];
    uint64_t p1 = uint64_t{kMultipliers[1]} * counter[2];
    counter = {static_cast<uint32_t>(p1 >> 32) ^ counter[1] ^ key[0],
               static_cast<uint32_t>(p1),
               static_cast<uint32_t>(p0 >> 32) ^ counter[3] ^ key[1],
               static_cast<uint32_t>(p0)};
    key[0] += kIncrements[0];
    key[1] += kIncrements[1];
  }
  return counter;
}

static uint32_t low(uint64_t value) { return static_cast<uint32_t>(value); }
static uint32_t high(uint64_t value) {
  return static_cast<uint32_t>(value >> 32);
}

Stream::Stream(uint64_t seed, uint64_t step, uint32_t site, Purpose purpose) {
  std::array<uint32_t, 4> words =
      philox({low(step), high(step), site, static_cast<uint32_t>(purpose)},
             {low(seed), high(seed)});
  key = {words[0], words[1]};
}

uint32_t Stream::bits(uint64_t element, uint32_t time, uint64_t sample) const {
  return philox({low(element / 4), time, low(sample), high(sample)},
                key)[element % 4];
}

float Stream::uniform(uint64_t element, uint32_t time, uint64_t sample) const {
  return static_cast<float>(bits(element, time, sample) >> 8) * 0x1p-24f;
}

double Stream::normal(uint64_t index, uint32_t time, uint64_t sample) const {
  constexpr double kTwoPi = 6.283185307179586476925286766559;
  double u = (bits(2 * index, time, sample) + 1.0) * 0x1p-32;
  double v = bits(2 * index + 1, time, sample) * 0x1p-32;
  return std::sqrt(-2 * std::log(u)) * std::cos(kTwoPi * v);
}

} // namespace seqc::runtime
