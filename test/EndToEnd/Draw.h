//===- Draw.h - The random numbers of the golden files --------------------===//
// Owns the draws that test/Golden/philox.py documents: the same bits as
// there, so that parameters and inputs need not be stored.
//===----------------------------------------------------------------------===//

#ifndef SEQC_TEST_ENDTOEND_DRAW_H
#define SEQC_TEST_ENDTOEND_DRAW_H

#include "runtime/services/tensor.h"

#include <cstdint>
#include <vector>

namespace seqc::endtoend {

/// Uniform in [-bound, bound).
runtime::Tensor drawUniform(uint64_t seed, uint32_t site, runtime::Shape shape,
                            float bound);

/// Integers from 0 to limit - 1.
runtime::Tensor drawBelow(uint64_t seed, uint32_t site, runtime::Shape shape,
                          uint64_t limit);

/// The positions of a result of `size` numbers that its golden file holds.
std::vector<int64_t> storedPlaces(int64_t size);

} // namespace seqc::endtoend

#endif // SEQC_TEST_ENDTOEND_DRAW_H
