//===- Checks.h - What the end-to-end tests demand of results -------------===//
// Owns tolerances, comparisons and the reading of golden files.
//===----------------------------------------------------------------------===//

#ifndef SEQC_TEST_ENDTOEND_CHECKS_H
#define SEQC_TEST_ENDTOEND_CHECKS_H

#include "test/EndToEnd/Calls.h"

#include <gtest/gtest.h>

#include <cmath>

namespace seqc::endtoend {

/// test/Golden/FILE.safetensors
runtime::TensorMap readGolden(const std::string &file);

/// For results up to T = 50. NaN is close to nothing.
inline bool isClose(float actual, float expected) {
  return std::abs(actual - expected) <= 1e-5f + 1e-5f * std::abs(expected);
}

/// All numbers of all results; a failure names `what`.
void expectClose(const Results &actual, const Results &expected,
                 const std::string &what);
void expectSameBits(const Results &actual, const Results &expected,
                    const std::string &what);

/// The part of one sample, its own lengths of it, out of results of a batch.
Results sampleOf(const GoldenModel &model, const Results &results,
                 const Inputs &inputs, int64_t sample);

/// The largest difference of two numbers.
double largestError(const Results &actual, const Results &expected);

inline std::string nameOfTest(const testing::TestParamInfo<GoldenModel> &info) {
  return info.param.name;
}

} // namespace seqc::endtoend

#endif // SEQC_TEST_ENDTOEND_CHECKS_H
