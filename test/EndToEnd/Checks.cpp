//===- Checks.cpp - What the end-to-end tests demand of results -----------===//
// Owns comparisons and the reading of golden files.
//===----------------------------------------------------------------------===//

#include "test/EndToEnd/Checks.h"

#include "runtime/services/safetensors.h"

#include <cstring>

using namespace seqc::runtime;

namespace seqc::endtoend {

TensorMap readGolden(const std::string &file) {
  return readSafetensors(SEQC_GOLDEN_DIR "/" + file + ".safetensors").tensors;
}

void expectClose(const Results &actual, const Results &expected,
                 const std::string &what) {
  ASSERT_EQ(actual.size(), expected.size());
  for (const auto &[key, result] : actual) {
    const Tensor &other = expected.at(key);
    ASSERT_EQ(result.shape(), other.shape()) << what << "/" << key;
    for (int64_t i = 0; i < result.size(); ++i)
      ASSERT_TRUE(isClose(result.data<float>()[i], other.data<float>()[i]))
          << what << "/" << key << " at " << i << ": "
          << result.data<float>()[i] << ", expected " << other.data<float>()[i];
  }
}

void expectSameBits(const Results &actual, const Results &expected,
                    const std::string &what) {
  ASSERT_EQ(actual.size(), expected.size());
  for (const auto &[key, result] : actual) {
    const Tensor &other = expected.at(key);
    ASSERT_EQ(result.shape(), other.shape()) << what << "/" << key;
    EXPECT_EQ(std::memcmp(result.data(), other.data(), result.bytes()), 0)
        << what << "/" << key;
  }
}

Results sampleOf(const GoldenModel &model, const Results &results,
                 const Inputs &inputs, int64_t sample) {
  Results part;
  for (const GoldenResult &result : model.results) {
    const Tensor &whole = results.at(result.name);
    Shape shape = whole.shape();
    Shape begin(shape.size(), 0);
    shape[0] = 1;
    begin[0] = sample;
    for (size_t axis = 0; axis < result.dims.size(); ++axis)
      shape[1 + axis] =
          (inputs.lengthOf(result.dims[axis], sample) + result.every - 1) /
          result.every;
    part.emplace(result.name, blockOf(whole, begin, shape));
  }
  for (const GoldenState &state : model.states) {
    const Tensor &whole = results.at(state.name);
    Shape shape = whole.shape();
    Shape begin(shape.size(), 0);
    shape[1] = 1; // states have the batch second
    begin[1] = sample;
    part.emplace(state.name, blockOf(whole, begin, shape));
  }
  return part;
}

double largestError(const Results &actual, const Results &expected) {
  double largest = 0;
  for (const auto &[key, result] : actual)
    for (int64_t i = 0; i < result.size(); ++i)
      largest = std::max(largest,
                         std::abs(double(result.data<float>()[i]) -
                                  double(expected.at(key).data<float>()[i])));
  return largest;
}

} // namespace seqc::endtoend
