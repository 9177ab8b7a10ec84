//===- LongTest.cpp - Errors do not grow with the length ------------------===//
// Over 500 steps compiled code is at most twice as far from the interpreter in
// double precision as PyTorch in single precision is from itself in double.
//===----------------------------------------------------------------------===//

#include "test/EndToEnd/Checks.h"

namespace seqc::endtoend {
namespace {

class Long : public testing::TestWithParam<GoldenModel> {};

TEST_P(Long, IsAsGoodAsPyTorch) {
  const GoldenModel &model = GetParam();
  runtime::TensorMap golden = readGolden("long");
  Program program(model, /*initialAsInputs=*/false);
  for (bool isRagged : {false, true}) {
    Case call = model.longCase(isRagged);
    double theirs =
        golden.at(call.name + (isRagged ? ".ragged" : "") + "/torch_error")
            .data<float>()[0];
    Inputs inputs = drawInputs(model, call);
    double ours = largestError(program.run(inputs), program.interpret(inputs));
    EXPECT_LE(ours, 2 * theirs + 1e-6) << call.name;
  }
}

/// Those whose error long.safetensors holds.
std::vector<GoldenModel> models() {
  std::vector<GoldenModel> chosen;
  for (const auto &models : {gridModels(), exampleModels()})
    for (const GoldenModel &model : models)
      if (!model.longName.empty())
        chosen.push_back(model);
  return chosen;
}

INSTANTIATE_TEST_SUITE_P(, Long, testing::ValuesIn(models()), nameOfTest);

} // namespace
} // namespace seqc::endtoend
