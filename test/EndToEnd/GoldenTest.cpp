//===- GoldenTest.cpp - Compiled models, the interpreter and PyTorch ------===//
// Every case of the golden files: compiled code and the reference interpreter
// against PyTorch's results, and whatever stands in the padding gives the same
// bits. One test for each model, which is compiled once or twice.
//===----------------------------------------------------------------------===//

#include "test/EndToEnd/Calls.h"
#include "test/EndToEnd/Checks.h"
#include "test/EndToEnd/Draw.h"

#include <gtest/gtest.h>

using namespace seqc::runtime;

namespace seqc::endtoend {
namespace {

class Golden : public testing::TestWithParam<GoldenModel> {};

/// |a - b| <= 1e-5 + 1e-5 |b|, where the golden file has b.
void expectGolden(const Results &results, const TensorMap &golden,
                  const std::string &name) {
  for (const auto &[key, result] : results) {
    auto found = golden.find(name + "/" + key);
    ASSERT_NE(found, golden.end()) << name << "/" << key;
    std::vector<int64_t> places = storedPlaces(result.size());
    ASSERT_EQ(found->second.size(), static_cast<int64_t>(places.size()));
    const float *expected = found->second.data<float>();
    for (size_t i = 0; i < places.size(); ++i) {
      float actual = result.data<float>()[places[i]];
      ASSERT_TRUE(isClose(actual, expected[i]))
          << name << "/" << key << " at " << places[i] << ": " << actual
          << ", PyTorch has " << expected[i];
    }
  }
}

TEST_P(Golden, GivesPyTorchsNumbers) {
  const GoldenModel &model = GetParam();
  TensorMap golden = readGolden(model.goldenFile);
  Program program(model, /*initialAsInputs=*/false);
  std::optional<Program> withInitial;
  if (!model.sourceWithInitial.empty())
    withInitial.emplace(model, /*initialAsInputs=*/true);

  for (const Case &call : model.cases()) {
    if (call.hasInitial && !model.hasInitial())
      continue;
    const Program &called =
        call.hasInitial && withInitial ? *withInitial : program;
    Inputs inputs = drawInputs(model, call);
    Results compiled = called.run(inputs);
    SCOPED_TRACE("compiled");
    ASSERT_NO_FATAL_FAILURE(expectGolden(compiled, golden, call.name));
    Results reference = called.interpret(inputs);
    SCOPED_TRACE("interpreter");
    ASSERT_NO_FATAL_FAILURE(expectGolden(reference, golden, call.name));
    ASSERT_NO_FATAL_FAILURE(expectClose(compiled, reference, call.name));
    if (!call.isRagged)
      continue;
    Results garbage = called.run(inputs.withGarbage());
    ASSERT_NO_FATAL_FAILURE(expectSameBits(compiled, garbage, call.name));
  }
}

std::vector<GoldenModel> allModels() {
  std::vector<GoldenModel> models = gridModels();
  for (const auto &more : {exampleModels(), stackedModels()})
    models.insert(models.end(), more.begin(), more.end());
  return models;
}

INSTANTIATE_TEST_SUITE_P(, Golden, testing::ValuesIn(allModels()), nameOfTest);

} // namespace
} // namespace seqc::endtoend
