//===- SingleTest.cpp - One step of one sample has code of its own --------===//
// It gives the bits that the sample gets beside another one, from the code for
// any number of rows and steps.
//===----------------------------------------------------------------------===//

#include "test/EndToEnd/Checks.h"

#include <algorithm>

namespace seqc::endtoend {
namespace {

class Single : public testing::TestWithParam<GoldenModel> {};

TEST_P(Single, GivesTheBitsOfACallOfTwo) {
  const GoldenModel &model = GetParam();
  Program program(model, /*initialAsInputs=*/false);
  for (bool hasInitial : {false, true}) {
    Case call{980,
              /*batch=*/2,
              /*length=*/1,
              /*isRagged=*/false,
              hasInitial && model.isCarried(),
              "single"};
    Inputs inputs = drawInputs(model, call);
    Results together = program.run(inputs);
    for (int64_t sample : {0, 1})
      ASSERT_NO_FATAL_FAILURE(
          expectSameBits(program.run(inputs.alone(sample)),
                         sampleOf(model, together, inputs, sample),
                         "sample " + std::to_string(sample)));
  }
}

/// Of one length, which may be a single step.
std::vector<GoldenModel> models() {
  std::vector<GoldenModel> chosen;
  for (auto &&all : {gridModels(), exampleModels(), cellModels(),
                     sequenceModels(), headModels(), stackedModels()})
    for (const GoldenModel &model : all)
      if (!model.isLarge && model.dims() == "T" &&
          std::none_of(chosen.begin(), chosen.end(),
                       [&](const GoldenModel &other) {
                         return other.name == model.name;
                       }))
        chosen.push_back(model);
  return chosen;
}

INSTANTIATE_TEST_SUITE_P(, Single, testing::ValuesIn(models()), nameOfTest);

} // namespace
} // namespace seqc::endtoend
