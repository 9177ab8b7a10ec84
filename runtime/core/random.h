//===- random.h - Random numbers by logical coordinates -------------------===//
// Philox4x32-10 (Salmon, Moraes, Dror & Shaw, "Parallel random numbers: as
// easy as 1, 2, 3", SC 2011) as a function of *what* is drawn: seed, step,
// site and purpose choose a stream; element, time and sample a number in it.
// So recomputation, batching, threads and other languages draw the same.
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_CORE_RANDOM_H
#define SEQC_RUNTIME_CORE_RANDOM_H

#include <array>
#include <cstdint>

namespace seqc::runtime {

/// Philox4x32-10: four words from a counter and a key.
std::array<uint32_t, 4> philox(std::array<uint32_t, 4> counter,
                               std::array<uint32_t, 2> key);

/// What a stream is for.
enum class Purpose : uint32_t { Initialiser = 0, Dropout = 1, Order = 2 };

/// A stream of random numbers.
///
///   key  = first two words of philox(key = seed low, seed high;
///                                    counter = step low, step high, site,
///                                              purpose)
///   draw = philox(key; counter = element div 4, time, sample low, sample
///                                high), word element mod 4
class Stream {
public:
  Stream(uint64_t seed, uint64_t step, uint32_t site, Purpose purpose);

  /// 32 uniform random bits.
  uint32_t bits(uint64_t element, uint32_t time = 0, uint64_t sample = 0) const;

  /// Uniform in [0, 1): the upper 24 bits times 2^-24, exact in f32.
  float uniform(uint64_t element, uint32_t time = 0, uint64_t sample = 0) const;

  /// Standard normal, by Box and Muller's transform in double precision: with
  /// w0 and w1 the bits of elements 2n and 2n+1, u = (w0 + 1) * 2^-32 and
  /// v = w1 * 2^-32, draw n is sqrt(-2 ln u) cos(2 pi v).
  double normal(uint64_t index, uint32_t time = 0, uint64_t sample = 0) const;

private:
  std::array<uint32_t, 2> key;
};

} // namespace seqc::runtime

#endif // SEQC_RUNTIME_CORE_RANDOM_H
