//===- GradientTest.cpp - Gradients of compiled models and of PyTorch -----===//
// The cases of gradients.safetensors: compiled code against PyTorch's gradients
// in double precision, the same bits whatever stands in the padding, and for
// any number of threads. What is saved of a loop changes no more than rounding.
//===----------------------------------------------------------------------===//

#include "test/EndToEnd/Calls.h"
#include "test/EndToEnd/Checks.h"
#include "test/EndToEnd/Draw.h"

#include "runtime/core/team.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>

using namespace seqc::runtime;

namespace seqc::endtoend {
namespace {

/// A model whose gradients the golden file has, and of which results.
struct GradientModel {
  GoldenModel model;
  std::vector<std::string> results;
};

void PrintTo(const GradientModel &each, std::ostream *stream) {
  *stream << each.model.name;
}

class Gradient : public testing::TestWithParam<GradientModel> {};

/// The case of make_golden.py that gives no sample the length 0.
Case gradientCase(const GoldenModel &model, bool isRagged) {
  Case call;
  call.ordinal = 800;
  call.batch = 3;
  call.length = 7;
  call.isRagged = isRagged;
  call.name = model.goldenFile + "." + model.prefix +
              (isRagged ? "ragged" : "full");
  auto hasEmpty = [&] {
    Inputs inputs = drawInputs(model, call);
    for (const auto &[dim, lengths] : inputs.lengths)
      for (int64_t i = 0; i < lengths.size(); ++i)
        if (lengths.data<int64_t>()[i] == 0)
          return true;
    return false;
  };
  while (hasEmpty())
    ++call.ordinal;
  return call;
}

/// |a - b| <= 1e-4 of the largest number of the tensor.
void expectNear(const Tensor &found, const Tensor &expected,
                const std::string &name) {
  std::vector<int64_t> places = storedPlaces(found.size());
  ASSERT_EQ(expected.size(), static_cast<int64_t>(places.size())) << name;
  // Where a gradient is nothing, rounding is left.
  float largest = 1e-2f;
  for (int64_t i = 0; i < expected.size(); ++i)
    largest = std::max(largest, std::abs(expected.data<float>()[i]));
  for (size_t i = 0; i < places.size(); ++i) {
    float actual = found.data<float>()[places[i]];
    float wanted = expected.data<float>()[i];
    ASSERT_TRUE(std::abs(actual - wanted) <= 1e-4f * largest)
        << name << " at " << places[i] << ": " << actual << ", PyTorch has "
        << wanted;
  }
}

/// Gradients by the golden file's names: a parameter's is its ordinal.
Results gradientsOf(const GradientModel &each, const Program &program,
                    const Case &call, const Inputs &inputs,
                    seqc_team *team = nullptr) {
  Results shapes = program.run(inputs), weights;
  uint32_t site = 500;
  for (const std::string &name : each.results)
    weights.emplace(name, drawUniform(1000 * each.model.ordinal + 1 +
                                          call.ordinal,
                                      site++, shapes.at(name).shape(), 1));
  Results found = program.grad(inputs, viewsOf(weights), team), renamed;
  size_t ordinal = 0;
  for (const auto &[name, shape] : each.model.params)
    renamed.emplace(std::to_string(ordinal++), std::move(found.at(name)));
  for (const GoldenInput &input : each.model.inputs)
    if (!input.vocabulary)
      renamed.emplace(input.name, std::move(found.at(input.name)));
  return renamed;
}

/// Teams of 2 and of 3 find the bits of `found`.
void expectSameForThreads(const GradientModel &each, const Program &program,
                          const Case &call, const Inputs &inputs,
                          const Results &found) {
  for (int32_t threads : {2, 3}) {
    std::unique_ptr<seqc_team, void (*)(seqc_team *)> team(
        seqc_team_create(threads), seqc_team_destroy);
    ASSERT_NO_FATAL_FAILURE(expectSameBits(
        found, gradientsOf(each, program, call, inputs, team.get()),
        call.name));
  }
}

TEST_P(Gradient, IsPyTorchs) {
  const GradientModel &each = GetParam();
  TensorMap golden = readGolden("gradients");
  CompileOptions options;
  options.goal = Goal::Gradient;
  Program program(each.model, /*initialAsInputs=*/false, options);
  for (bool isRagged : {false, true}) {
    const Case call = gradientCase(each.model, isRagged);
    const Inputs inputs = drawInputs(each.model, call);
    const Results found = gradientsOf(each, program, call, inputs);
    for (const auto &[key, gradient] : found) {
      auto expected = golden.find(call.name + "/" + key);
      ASSERT_NE(expected, golden.end()) << call.name << "/" << key;
      ASSERT_NO_FATAL_FAILURE(
          expectNear(gradient, expected->second, expected->first));
    }
    if (isRagged)
      ASSERT_NO_FATAL_FAILURE(expectSameBits(
          found, gradientsOf(each, program, call, inputs.withGarbage()),
          call.name));
    ASSERT_NO_FATAL_FAILURE(
        expectSameForThreads(each, program, call, inputs, found));
  }
}

class SavePolicy : public Gradient {};

/// |a - b| <= 1e-5 of the largest number of each gradient.
void expectAlike(const Results &actual, const Results &expected,
                 const std::string &what) {
  ASSERT_EQ(actual.size(), expected.size());
  for (const auto &[key, gradient] : actual) {
    const float *wanted = expected.at(key).data<float>();
    // Where a gradient is nothing, rounding is left.
    float largest = 1e-2f;
    for (int64_t i = 0; i < gradient.size(); ++i)
      largest = std::max(largest, std::abs(wanted[i]));
    for (int64_t i = 0; i < gradient.size(); ++i)
      ASSERT_NEAR(gradient.data<float>()[i], wanted[i], 1e-5f * largest)
          << what << "/" << key << " at " << i;
  }
}

TEST_P(SavePolicy, ChangesNoMoreThanRounding) {
  const GradientModel &each = GetParam();
  CompileOptions options;
  options.goal = Goal::Gradient;
  const Program recomputing(each.model, /*initialAsInputs=*/false, options);
  options.save.every = 3; // the last segment is not full
  for (auto [save, name] : {std::pair(Save::All, "all"),
                            std::pair(Save::Checkpoint, "checkpoint")}) {
    options.save.what = save;
    const Program program(each.model, /*initialAsInputs=*/false, options);
    for (bool isRagged : {false, true}) {
      const Case call = gradientCase(each.model, isRagged);
      const Inputs inputs = drawInputs(each.model, call);
      ASSERT_NO_FATAL_FAILURE(
          expectAlike(gradientsOf(each, program, call, inputs),
                      gradientsOf(each, recomputing, call, inputs),
                      call.name + " with " + name));
    }
  }
}

/// With several tiles of rows, each of which adds up its segments' sums.
TEST_P(SavePolicy, SumsOfTilesAreTheSameForAnyThreads) {
  const GradientModel &each = GetParam();
  CompileOptions options;
  options.goal = Goal::Gradient;
  const Program recomputing(each.model, /*initialAsInputs=*/false, options);
  options.save = {Save::Checkpoint, /*every=*/3};
  const Program program(each.model, /*initialAsInputs=*/false, options);
  Case call = gradientCase(each.model, /*isRagged=*/true);
  call.batch = 37;
  const Inputs inputs = drawInputs(each.model, call);
  const Results found = gradientsOf(each, program, call, inputs);
  ASSERT_NO_FATAL_FAILURE(
      expectAlike(found, gradientsOf(each, recomputing, call, inputs),
                  call.name + " in tiles"));
  ASSERT_NO_FATAL_FAILURE(expectSameBits(
      found, gradientsOf(each, program, call, inputs.withGarbage()),
      call.name));
  ASSERT_NO_FATAL_FAILURE(
      expectSameForThreads(each, program, call, inputs, found));
}

/// The models that the golden file has results of.
std::vector<GradientModel> gradientModels() {
  const std::map<std::string, std::vector<std::string>> results = {
      {"l2.bi.", {"output"}},
      {"sentiment_small.", {"logit"}},
      {"time_series.", {"output"}},
      {"sentiment_gru.", {"logit"}},
      {"sentiment_attention.", {"logit", "weights"}},
      {"encoder_decoder_small.", {"output"}},
      {"encoder_decoder_of_words.", {"output"}},
      {"attention.", {"context", "weights"}},
      {"attentive_decoder.", {"output", "weights"}},
      {"layer_normalised.", {"output"}},
      {"peephole.", {"output"}},
      {"projected.", {"output"}},
      {"reading.", {"output"}},
      {"two_levels.", {"output"}},
      {"transformer.", {"scores"}},
      {"language_model.", {"scores"}}};
  std::vector<GradientModel> models;
  for (const auto &more : {gridModels(), exampleModels()})
    for (const GoldenModel &model : more)
      if (auto found = results.find(model.prefix); found != results.end())
        models.push_back({model, found->second});
  return models;
}

/// Those of several layers and both directions, with a carried state, and with
/// attention in each step.
std::vector<GradientModel> savingModels() {
  std::vector<GradientModel> models;
  for (const GradientModel &each : gradientModels())
    if (each.model.name == "lstm_2_bi" || each.model.name == "time_series" ||
        each.model.name == "attentive_decoder")
      models.push_back(each);
  return models;
}

std::string nameOfModel(const testing::TestParamInfo<GradientModel> &info) {
  return info.param.model.name;
}

INSTANTIATE_TEST_SUITE_P(, Gradient, testing::ValuesIn(gradientModels()),
                         nameOfModel);
INSTANTIATE_TEST_SUITE_P(, SavePolicy, testing::ValuesIn(savingModels()),
                         nameOfModel);

} // namespace
} // namespace seqc::endtoend
