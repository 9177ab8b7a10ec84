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

Results sampleOf(const Results &results, const Inputs &inputs, int64_t sample) {
  Results part;
  for (const auto &[key, result] : results) {
    const Shape &shape = result.shape();
    // States have the batch second; a sequence ends at the sample's length.
    bool isState = key == "h" || key == "c";
    bool isSequence = key == "output";
    Shape kept = shape;
    kept[isState ? 1 : 0] = 1;
    if (isSequence)
      kept[1] = inputs.lengthOf(sample);
    Tensor tensor(ElementType::F32, kept);
    int64_t blocks = isState ? shape[0] : 1;
    int64_t copied = tensor.size() / blocks;
    int64_t stride = result.size() / (blocks * shape[isState ? 1 : 0]);
    int64_t skipped = result.size() / blocks;
    for (int64_t block = 0; block < blocks; ++block)
      std::memcpy(tensor.data<float>() + block * copied,
                  result.data<float>() + block * skipped + sample * stride,
                  copied * sizeof(float));
    part.emplace(key, std::move(tensor));
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
