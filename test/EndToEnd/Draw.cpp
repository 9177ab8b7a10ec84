//===- Draw.cpp - The random numbers of the golden files ------------------===//
// See test/Golden/philox.py for the definition of each function.
//===----------------------------------------------------------------------===//

#include "test/EndToEnd/Draw.h"

#include "runtime/core/random.h"

#include <numeric>

using namespace seqc::runtime;

namespace seqc::endtoend {

static Stream streamOf(uint64_t seed, uint32_t site) {
  return Stream(seed, /*step=*/0, site, Purpose::Initialiser);
}

static int64_t below(const Stream &stream, uint64_t element, uint64_t limit) {
  uint64_t drawn = stream.bits(element) >> 8;
  return static_cast<int64_t>((drawn * limit) >> 24);
}

Tensor drawUniform(uint64_t seed, uint32_t site, Shape shape, float bound) {
  Tensor tensor(ElementType::F32, std::move(shape));
  Stream stream = streamOf(seed, site);
  for (int64_t i = 0; i < tensor.size(); ++i)
    tensor.data<float>()[i] = (2 * stream.uniform(i) - 1) * bound;
  return tensor;
}

Tensor drawBelow(uint64_t seed, uint32_t site, Shape shape, uint64_t limit) {
  Tensor tensor(ElementType::Token, std::move(shape));
  Stream stream = streamOf(seed, site);
  for (int64_t i = 0; i < tensor.size(); ++i)
    tensor.data<int64_t>()[i] = below(stream, i, limit);
  return tensor;
}

std::vector<int64_t> storedPlaces(int64_t size) {
  constexpr int64_t kWhole = 1024, kPlaces = 256;
  std::vector<int64_t> places(size < kWhole ? size : kPlaces);
  std::iota(places.begin(), places.end(), 0);
  if (size < kWhole)
    return places;
  Stream stream = streamOf(static_cast<uint64_t>(size), 0);
  for (int64_t &place : places)
    place = below(stream, place, size);
  return places;
}

} // namespace seqc::endtoend
