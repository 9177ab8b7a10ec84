//===- ModelTest.cpp - The C++ interface ----------------------------------===//
// Compiles text, binds weights, calls: with plain tensors, with DLPack's, from
// several threads at once, and with what is wrong.
//===----------------------------------------------------------------------===//

#include "compiler/Seqc.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <numeric>
#include <thread>

namespace {

constexpr const char *kText = R"(
cell Leaky[I](x: f32[I]) -> f32[I] {
  param weight: f32[I, I] ~ uniform(1 / sqrt(I))
  state h: f32[I] = 0
  h = tanh(weight @ x + h)
  return h
}

model Leak[I = 3](x: f32[T, I]) -> f32[T, I] {
  use leaky = recurrent(Leaky[I])
  let outputs, _ = leaky(x)
  return outputs
}
)";

std::vector<float> samplesOf(size_t count) {
  std::vector<float> samples(count);
  for (size_t i = 0; i < count; ++i)
    samples[i] = 0.1f * static_cast<float>(static_cast<int>(i % 17) - 8);
  return samples;
}

seqc::Tensor outputOf(const seqc::RunResult &result) {
  return result.outputs.at("output");
}

void expectNear(const seqc::Tensor &a, const seqc::Tensor &b) {
  ASSERT_EQ(a.shape(), b.shape());
  for (int64_t i = 0; i < a.size(); ++i)
    EXPECT_NEAR(a.data<float>()[i], b.data<float>()[i], 1e-5) << "element " << i;
}

bool haveSameBits(const seqc::Tensor &a, const seqc::Tensor &b) {
  return a.shape() == b.shape() && std::memcmp(a.data(), b.data(), a.bytes()) == 0;
}

TEST(Model, GivesWhatTheInterpreterGives) {
  const std::vector<float> samples = samplesOf(2 * 7 * 3);
  const std::vector<int64_t> lengths = {4, 7};
  const seqc::ViewMap inputs = {
      {"x", seqc::TensorView(samples.data(), {2, 7, 3})},
      {"x.lengths", seqc::TensorView(lengths.data(), {2})}};
  seqc::Model model = seqc::Model::fromText(kText);
  model.initializeWeights(7);
  seqc::ReferenceModel reference = seqc::ReferenceModel::fromText(kText);
  reference.initializeWeights(7);
  const seqc::Tensor compiled = outputOf(model.run(inputs));
  expectNear(compiled, outputOf(reference.run(inputs)));
  EXPECT_NE(compiled.data<float>()[0], 0);
  EXPECT_EQ(compiled.data<float>()[4 * 3], 0) << "the padding is zero";
}

TEST(Model, TakesDLPackTensors) {
  std::vector<float> samples = samplesOf(5 * 3);
  int64_t shape[] = {1, 5, 3};
  DLTensor tensor = {};
  tensor.data = samples.data();
  tensor.device = {kDLCPU, 0};
  tensor.ndim = 3;
  tensor.dtype = {kDLFloat, 32, 1};
  tensor.shape = shape;
  seqc::Model model = seqc::Model::fromText(kText);
  model.initializeWeights(1);
  const seqc::Tensor given =
      outputOf(model.run({{"x", seqc::viewDLPack(tensor, "x")}}));
  const seqc::Tensor expected = outputOf(
      model.run({{"x", seqc::TensorView(samples.data(), {1, 5, 3})}}));
  EXPECT_TRUE(haveSameBits(given, expected));
}

TEST(Model, CanBeCalledFromSeveralThreads) {
  seqc::Model model = seqc::Model::fromText(kText);
  model.initializeWeights(3);
  auto runOnce = [&](int64_t length) {
    const std::vector<float> samples = samplesOf(4 * length * 3);
    return outputOf(
        model.run({{"x", seqc::TensorView(samples.data(), {4, length, 3})}}));
  };
  constexpr int64_t kThreads = 4;
  std::vector<seqc::Tensor> expected;
  for (int64_t i = 0; i < kThreads; ++i)
    expected.push_back(runOnce(10 + i));
  std::vector<int> same(kThreads, 0);
  std::vector<std::thread> threads;
  for (int64_t i = 0; i < kThreads; ++i)
    threads.emplace_back([&, i] {
      for (int round = 0; round < 50; ++round)
        same[i] += haveSameBits(runOnce(10 + i), expected[i]);
    });
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_EQ(std::accumulate(same.begin(), same.end(), 0), 50 * kThreads);
}

TEST(Model, SaysWhatIsWrongWithTheText) {
  try {
    seqc::Model::fromText("model M(x: f32[3]) -> f32[3] { return y }");
    FAIL() << "the text is wrong";
  } catch (const seqc::DiagnosedError &error) {
    EXPECT_NE(std::string(error.what()).find("`y`"), std::string::npos);
  }
}

TEST(Model, HandsOverWarnings) {
  seqc::CompileOptions options;
  std::string warnings;
  options.onWarnings = [&](const std::string &text) { warnings += text; };
  seqc::Model::fromText(kText, options);
  EXPECT_EQ(warnings, "");
  seqc::Model::fromText("model M(x: f32[3], y: f32) -> f32[3] { return x }",
                        options);
  EXPECT_NE(warnings.find("warning: argument `y`"), std::string::npos);
}

TEST(Model, AsksForWeights) {
  seqc::Model model = seqc::Model::fromText(kText);
  EXPECT_THROW(model.run({}), seqc::Error);
  EXPECT_THROW(model.setWeights({}), seqc::Error);
}

TEST(Model, SetsDimensions) {
  seqc::CompileOptions options;
  options.settings = {"I=6"};
  seqc::Model model = seqc::Model::fromText(kText, options);
  EXPECT_EQ(model.signature().inputs.front().shape,
            (std::vector<int64_t>{-1, 6}));
}

} // namespace
