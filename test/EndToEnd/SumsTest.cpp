//===- SumsTest.cpp - Weights' gradients as sums of outer products --------===//
// A linear layer's, which are a formula of what goes in: rows near and far
// apart, several blocks of sums, and sizes that no tile divides.
//===----------------------------------------------------------------------===//

#include "compiler/Seqc.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

namespace seqc::endtoend {
namespace {

constexpr int64_t kBatch = 3, kSteps = 71;

struct Sizes {
  int64_t inputs, outputs;
};

void PrintTo(const Sizes &sizes, std::ostream *stream) {
  *stream << sizes.inputs << " to " << sizes.outputs;
}

class Sums : public testing::TestWithParam<Sizes> {};

constexpr const char *kModel = R"(
model Wide[I = 1, N = 1](x: f32[T, I]) -> (y: f32[T, N]) {
  use fc = Linear[I, N]
  return fc(x)
}

train Wide(x, given: f32[T, N]) -> y {
  loss      = sum(y * given, over = N)
  optimizer = SGD(lr = 1)
}
)";

/// Numbers that differ, of about 1.
Tensor drawn(int64_t columns, int64_t factor) {
  Tensor tensor(runtime::ElementType::F32, {kBatch, kSteps, columns});
  for (int64_t i = 0; i < tensor.size(); ++i)
    tensor.data<float>()[i] = static_cast<float>((i * factor) % 1009) / 500 - 1;
  return tensor;
}

TEST_P(Sums, AreTheFormula) {
  const auto [inputs, outputs] = GetParam();
  CompileOptions options;
  options.settings = {"I=" + std::to_string(inputs),
                      "N=" + std::to_string(outputs)};
  Trainer trainer =
      Trainer::fromText(kModel, options, {/*seed=*/3, /*threads=*/2});
  const Tensor x = drawn(inputs, 37), given = drawn(outputs, 101);
  trainer.step({{"x", x}, {"given", given}});
  const Tensor found = Tensor::copyOf(trainer.gradients().at("fc.weight"));
  ASSERT_EQ(found.size(), outputs * inputs);
  for (int64_t n = 0; n < outputs; ++n)
    for (int64_t i = 0; i < inputs; ++i) {
      double sum = 0;
      for (int64_t row = 0; row < kBatch * kSteps; ++row)
        sum += double(given.data<float>()[row * outputs + n]) *
               x.data<float>()[row * inputs + i];
      // The loss is a mean over samples and steps.
      ASSERT_NEAR(found.data<float>()[n * inputs + i],
                  sum / double(kBatch * kSteps), 1e-5)
          << "weight " << n << ", " << i;
    }
}

INSTANTIATE_TEST_SUITE_P(, Sums,
                         testing::Values(Sizes{5, 40}, Sizes{70, 110},
                                         Sizes{5, 1100}, Sizes{270, 1024}));

} // namespace
} // namespace seqc::endtoend
