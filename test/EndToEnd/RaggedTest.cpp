//===- RaggedTest.cpp - Each sample gives what it would give alone --------===//
// Ragged batches against their samples run one by one, without padding.
//===----------------------------------------------------------------------===//

#include "test/EndToEnd/Checks.h"

namespace seqc::endtoend {
namespace {

class Ragged : public testing::TestWithParam<GoldenModel> {};

TEST_P(Ragged, SamplesAreIndependent) {
  const GoldenModel &model = GetParam();
  Program program(model, /*initialAsInputs=*/false);
  for (const Case &call : model.cases()) {
    if (!call.isRagged || call.batch != 3 ||
        (call.hasInitial && !model.isCarried()))
      continue;
    Inputs inputs = drawInputs(model, call);
    Results together = program.run(inputs);
    for (int64_t sample = 0; sample < call.batch; ++sample)
      ASSERT_NO_FATAL_FAILURE(
          expectClose(sampleOf(model, together, inputs, sample),
                      program.run(inputs.alone(sample)),
                      call.name + ", sample " + std::to_string(sample)));
  }
}

class Empty : public testing::TestWithParam<GoldenModel> {};

TEST_P(Empty, KeepsTheInitialState) {
  const GoldenModel &model = GetParam();
  Program program(model, /*initialAsInputs=*/false);
  Case call = model.cases().back();
  ASSERT_TRUE(call.isRagged && call.hasInitial);
  Inputs inputs = drawInputs(model, call);
  for (auto &[dim, lengths] : inputs.lengths)
    for (int64_t sample = 0; sample < inputs.batch(); ++sample)
      lengths.data<int64_t>()[sample] = 0;

  Results results = program.run(inputs);
  Results expected; // padding alone, and the states as they were
  for (const GoldenResult &result : model.results)
    expected.emplace(result.name,
                     runtime::Tensor(runtime::ElementType::F32,
                                     results.at(result.name).shape()));
  for (size_t s = 0; s < model.states.size(); ++s)
    expected.emplace(model.states[s].name, inputs.initial[s]);
  expectSameBits(results, expected, call.name);
}

/// The deepest of each kind in two directions, and the examples.
std::vector<GoldenModel> models() {
  std::vector<GoldenModel> chosen;
  for (GoldenModel model : exampleModels())
    if (!model.isLarge)
      chosen.push_back(std::move(model));
  for (GoldenModel model : gridModels())
    if (model.layers == 3)
      chosen.push_back(std::move(model));
  return chosen;
}

std::vector<GoldenModel> carriedModels() {
  std::vector<GoldenModel> chosen;
  for (GoldenModel model : models())
    if (model.isCarried())
      chosen.push_back(std::move(model));
  return chosen;
}

INSTANTIATE_TEST_SUITE_P(, Ragged, testing::ValuesIn(models()), nameOfTest);
INSTANTIATE_TEST_SUITE_P(, Empty, testing::ValuesIn(carriedModels()),
                         nameOfTest);

} // namespace
} // namespace seqc::endtoend
