//===- WordsTest.cpp - Tokens are vectors with a one in their place -------===//
// The two encoder-decoders of examples/, of the same parameters.
//===----------------------------------------------------------------------===//

#include "test/EndToEnd/Checks.h"

#include <gtest/gtest.h>

using namespace seqc::runtime;

namespace seqc::endtoend {
namespace {

/// Of `text` [B, T], each word later by `by` positions, behind words 0.
Tensor vectorsOf(const Tensor &text, int64_t words, int64_t by) {
  int64_t batch = text.shape()[0], length = text.shape()[1];
  Tensor vectors(ElementType::F32, {batch, length, words}); // zeros
  for (int64_t sample = 0; sample < batch; ++sample)
    for (int64_t t = 0; t < length; ++t) {
      int64_t place = sample * length + t;
      int64_t word = t < by ? 0 : text.data<int64_t>()[place - by];
      vectors.data<float>()[place * words + word] = 1;
    }
  return vectors;
}

TEST(Words, GiveTheNumbersOfVectors) {
  GoldenModel ofWords = encoderDecoderOfWords();
  GoldenModel ofVectors = ofWords;
  ofVectors.source = textOf("encoder_decoder");
  for (GoldenInput &input : ofVectors.inputs) {
    input.width = input.vocabulary;
    input.vocabulary = 0;
  }
  Program words(ofWords, /*initialAsInputs=*/false);
  Program vectors(ofVectors, /*initialAsInputs=*/false);
  for (const Case &call : ofWords.cases()) {
    Inputs inputs = drawInputs(ofWords, call);
    Results expected = words.run(inputs);
    for (size_t i = 0; i < inputs.values.size(); ++i)
      inputs.values[i] =
          vectorsOf(inputs.values[i], ofVectors.inputs[i].width, /*by=*/i);
    ASSERT_NO_FATAL_FAILURE(
        expectClose(vectors.run(inputs), expected, call.name));
  }
}

} // namespace
} // namespace seqc::endtoend
