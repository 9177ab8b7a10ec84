//===- train.cpp - Trains two small models from C++ -----------------------===//
// XOR over time and a sine forecaster, each until its loss is small enough: the
// shortest way from a .seq file with a `train` block to weights.
//===----------------------------------------------------------------------===//

#include "compiler/Seqc.h"

#include <fmt/format.h>

#include <cmath>
#include <functional>
#include <random>

namespace {

constexpr int64_t kBatch = 32;
constexpr int64_t kLength = 24;

/// Inputs and targets of one batch, by name.
using Batch = seqc::TensorMap;

Batch drawBits(std::mt19937 &random) {
  seqc::Tensor bits(seqc::runtime::ElementType::F32, {kBatch, kLength, 1});
  seqc::Tensor differ(seqc::runtime::ElementType::F32, {kBatch, kLength});
  for (int64_t i = 0; i < bits.size(); ++i) {
    const int64_t step = i % kLength;
    float *bit = bits.data<float>() + i;
    *bit = static_cast<float>(random() & 1);
    const float before = step < 2 ? 0 : bit[-2];
    differ.data<float>()[i] = *bit != before;
  }
  return {{"bits", bits}, {"differ", differ}};
}

Batch drawWaves(std::mt19937 &random) {
  const auto uniform = [&] { return random() * 0x1p-32; };
  seqc::Tensor x(seqc::runtime::ElementType::F32, {kBatch, kLength, 1});
  seqc::Tensor target(seqc::runtime::ElementType::F32, {kBatch, kLength});
  for (int64_t sample = 0; sample < kBatch; ++sample) {
    const double frequency = 0.2 + 0.4 * uniform();
    const double phase = 6.283 * uniform();
    for (int64_t step = 0; step < kLength; ++step) {
      const int64_t i = sample * kLength + step;
      x.data<float>()[i] = std::sin(frequency * step + phase);
      target.data<float>()[i] = std::sin(frequency * (step + 1) + phase);
    }
  }
  return {{"x", x}, {"target", target}};
}

/// Trains until the mean loss of fifty steps is below `enough`; throws after
/// `most` steps.
void train(const std::string &path, double enough, int64_t most,
           const std::function<Batch(std::mt19937 &)> &draw) {
  seqc::Trainer trainer = seqc::Trainer::fromFile(path);
  std::mt19937 random(1);
  double loss = 0;
  for (int64_t step = 1; step <= most; ++step) {
    const Batch batch = draw(random);
    const seqc::StepResult result = trainer.step(seqc::runtime::viewsOf(batch));
    loss += result.loss / 50;
    if (step % 50 != 0)
      continue;
    fmt::print("{} step {:4}: loss {:.4f}", trainer.signature().model, step,
               loss);
    for (const auto &[name, value] : result.metrics)
      fmt::print(", {} {:.4f}", name, value);
    fmt::print("\n");
    if (loss < enough)
      return;
    loss = 0;
  }
  throw seqc::Error(fmt::format("{}: the loss is not below {} after {} steps",
                                path, enough, most));
}

} // namespace

int main(int argc, char **argv) {
  const std::string examples = argc > 1 ? argv[1] : SEQC_EXAMPLES_DIR;
  try {
    train(examples + "/training/xor.seq", /*enough=*/0.05, 1500, drawBits);
    train(examples + "/training/sine.seq", /*enough=*/0.01, 1000, drawWaves);
  } catch (const seqc::Error &error) {
    fmt::print(stderr, "error: {}\n", error.what());
    return 1;
  }
}
