//===- PrecisionTest.cpp - Products of shorter numbers --------------------===//
// Models of every shape in each precision against the interpreter in double
// precision: with the instructions that this machine has, and without.
//===----------------------------------------------------------------------===//

#include "compiler/Seqc.h"

#include "gtest/gtest.h"

#include <cmath>
#include <cstring>
#include <limits>
#include <map>

namespace seqc::endtoend {
namespace {

/// Stacked, in two directions, with weights that several products read, with
/// products of one and of three numbers.
const char *const kModels = R"(
model Stack[I = 3, H = 5](x: f32[T, I]) -> (y: f32[T, 2 * H], last: f32[H]) {
  use below = recurrent(LSTM[I, H], layers = 2, bidirectional)
  use above = recurrent(GRU[2 * H, H])
  use fc    = Linear[H, H]

  let y, _ = below(x)
  let _, final = above(y)
  return y, tanh(fc(final.h))
}
)";

struct Form {
  const char *name;
  Precision precision;
  const char *features;
  double tolerance;
};

void PrintTo(const Form &form, std::ostream *stream) { *stream << form.name; }

class Precisions : public testing::TestWithParam<Form> {
protected:
  CompileOptions options(std::vector<std::string> settings = {}) const {
    CompileOptions options;
    options.precision = GetParam().precision;
    options.target.features = GetParam().features;
    options.settings = std::move(settings);
    return options;
  }
};

/// The root of the sum of squared differences against that of squares.
double relativeError(const Tensor &actual, const Tensor &expected) {
  double differences = 0, squares = 0;
  for (int64_t i = 0; i < expected.size(); ++i) {
    const double is = expected.data<float>()[i];
    const double difference = actual.data<float>()[i] - is;
    differences += difference * difference;
    squares += is * is;
  }
  return differences == 0 ? 0 : std::sqrt(differences / squares);
}

std::vector<float> someNumbers(int64_t count) {
  std::vector<float> numbers(count);
  uint32_t state = 7;
  for (float &number : numbers) {
    state = state * 1664525u + 1013904223u;
    number = (state >> 8) * 0x1p-23f - 1;
  }
  return numbers;
}

TEST_P(Precisions, IsCloseToTheInterpreter) {
  struct Shape {
    int64_t in, hidden, batch, length;
    bool ragged;
  };
  for (const Shape &shape :
       {Shape{3, 5, 3, 7, true}, Shape{1, 1, 1, 2, false},
        Shape{2, 16, 17, 3, true}, Shape{33, 40, 1, 4, false},
        Shape{64, 31, 17, 3, false}, Shape{16, 32, 40, 3, true},
        Shape{20, 48, 20, 2, false}}) {
    const std::vector<std::string> settings = {
        "I=" + std::to_string(shape.in), "H=" + std::to_string(shape.hidden)};
    Model model = Model::fromText(kModels, options(settings));
    CompileOptions plain;
    plain.settings = settings;
    ReferenceModel reference = ReferenceModel::fromText(kModels, plain);
    model.initializeWeights(3);
    reference.initializeWeights(3);
    const std::vector<float> x =
        someNumbers(shape.batch * shape.length * shape.in);
    std::vector<int64_t> lengths;
    for (int64_t row = 0; row < shape.batch; ++row)
      lengths.push_back(row % (shape.length + 1));
    ViewMap inputs = {
        {"x", TensorView(x.data(), {shape.batch, shape.length, shape.in})}};
    if (shape.ragged)
      inputs.emplace("x.lengths", TensorView(lengths.data(), {shape.batch}));
    const RunResult actual = model.run(inputs);
    const RunResult expected = reference.run(inputs);
    for (const auto &[name, tensor] : expected.outputs)
      EXPECT_LE(relativeError(actual.outputs.at(name), tensor),
                GetParam().tolerance)
          << name << " at H = " << shape.hidden << ", B = " << shape.batch;
  }
}

/// Gives the weights themselves, row by row of the unit matrix.
const char *const kWeights = R"(
model Weights[K = 5, N = 19](x: f32[K]) -> (y: f32[N]) {
  param w: f32[N, K] ~ uniform(1)
  return w @ x
}
)";

/// The nearest bf16; the even one of two.
float nearestBf16(float x) {
  if (std::isnan(x))
    return x;
  uint32_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  bits = (bits + 0x7fff + ((bits >> 16) & 1)) & 0xffff0000;
  std::memcpy(&x, &bits, sizeof bits);
  return x;
}

class Bf16 : public Precisions {};

TEST_P(Bf16, RoundsToNearest) {
  constexpr int64_t kUnits = 19, kInputs = 5;
  std::vector<float> weights = someNumbers(kUnits * kInputs);
  const float largest = std::numeric_limits<float>::max();
  // Halfway to an even one and to an odd one.
  const float edges[] = {1 + 0x1p-8f, 1 + 0x3p-8f, -1 - 0x1p-8f, 0x1p-126f, 0};
  std::copy(std::begin(edges), std::end(edges), weights.begin() + 3);
  Model model = Model::fromText(kWeights, options());
  std::vector<float> unit(kInputs * kInputs);
  for (int64_t k = 0; k < kInputs; ++k)
    unit[k * kInputs + k] = 1;
  const auto run = [&] {
    model.setWeights({{"w", TensorView(weights.data(), {kUnits, kInputs})}});
    return model.run({{"x", TensorView(unit.data(), {kInputs, kInputs})}});
  };
  const RunResult result = run();
  const float *y = result.outputs.at("y").data<float>();
  for (int64_t k = 0; k < kInputs; ++k)
    for (int64_t n = 0; n < kUnits; ++n)
      EXPECT_EQ(y[k * kUnits + n], nearestBf16(weights[n * kInputs + k]))
          << n << ", " << k;
  // Past the largest is infinity.
  weights[1 * kInputs + 2] = largest;
  weights[2 * kInputs + 3] = -largest;
  const RunResult infinite = run();
  y = infinite.outputs.at("y").data<float>();
  EXPECT_EQ(y[2 * kUnits + 1], std::numeric_limits<float>::infinity());
  EXPECT_EQ(y[3 * kUnits + 2], -std::numeric_limits<float>::infinity());
}

/// Of numbers that are bf16 already, products are as exact as sums of f32: in
/// tiles of rows and behind them, along K in one step, in some, and where no
/// step divides it, in columns that fill a register and that do not.
TEST_P(Bf16, SumsAreThoseOfF32) {
  for (const int64_t k : {2, 16, 34, 96, 100, 101, 300})
    for (const int64_t units : {16, 24, 64, 70}) {
      std::vector<float> w = someNumbers(units * k), x = someNumbers(40 * k);
      for (std::vector<float> *numbers : {&w, &x})
        for (float &number : *numbers)
          number = nearestBf16(number);
      Model model = Model::fromText(
          kWeights,
          options({"K=" + std::to_string(k), "N=" + std::to_string(units)}));
      model.setWeights({{"w", TensorView(w.data(), {units, k})}});
      for (const int64_t rows : {1, 5, 16, 40}) {
        const RunResult result =
            model.run({{"x", TensorView(x.data(), {rows, k})}});
        const float *y = result.outputs.at("y").data<float>();
        for (int64_t row = 0; row < rows; ++row)
          for (int64_t unit = 0; unit < units; ++unit) {
            double sum = 0;
            for (int64_t i = 0; i < k; ++i)
              sum += static_cast<double>(x[row * k + i]) * w[unit * k + i];
            ASSERT_NEAR(y[row * units + unit], sum, 2e-6 * k)
                << "K = " << k << ", row " << row << " of " << rows << ", unit "
                << unit << " of " << units;
          }
      }
    }
}

TEST_P(Bf16, WhatIsNoNumberStaysSo) {
  std::vector<float> weights(19 * 5, 1), x(2 * 5, 1);
  uint32_t bits = 0x7f800001; // would round to infinity
  std::memcpy(&weights[4], &bits, sizeof bits);
  std::memcpy(&x[7], &bits, sizeof bits);
  Model model = Model::fromText(kWeights, options());
  model.setWeights({{"w", TensorView(weights.data(), {19, 5})}});
  const RunResult result = model.run({{"x", TensorView(x.data(), {2, 5})}});
  const float *y = result.outputs.at("y").data<float>();
  EXPECT_TRUE(std::isnan(y[0]));
  EXPECT_EQ(y[1], 5);
  EXPECT_TRUE(std::isnan(y[19 + 1]));
}

TEST_P(Bf16, GradientsAreClose) {
  constexpr int64_t kBatch = 3, kLength = 5;
  const std::vector<float> x = someNumbers(kBatch * kLength * 3);
  const std::vector<float> given = someNumbers(kBatch * kLength * 10);
  const std::vector<int64_t> lengths = {5, 0, 3};
  const auto gradients = [&](CompileOptions options) {
    options.goal = Goal::Gradient;
    Model model = Model::fromText(kModels, options);
    model.initializeWeights(3);
    return model.grad({{"x", TensorView(x.data(), {kBatch, kLength, 3})},
                       {"x.lengths", TensorView(lengths.data(), {kBatch})}},
                      {{"y", TensorView(given.data(), {kBatch, kLength, 10})},
                       {"last", TensorView(given.data(), {kBatch, 5})}});
  };
  const RunResult actual = gradients(options());
  const RunResult expected = gradients({});
  ASSERT_FALSE(expected.gradients.empty());
  for (const auto &[name, tensor] : expected.gradients)
    EXPECT_LE(relativeError(actual.gradients.at(name), tensor),
              2 * GetParam().tolerance)
        << name;
}

/// Weights stay f32: what an update adds may be less than bf16 can tell.
TEST_P(Bf16, TrainingLearnsAsInF32) {
  const std::string text = std::string(kModels) + R"(
train Stack(x, target: f32[H]) -> last {
  loss      = sum(squared_error(last, target), over = H)
  optimizer = Adam(lr = 1e-3)
}
)";
  constexpr int64_t kBatch = 4, kLength = 5, kSteps = 60;
  const std::vector<float> x = someNumbers(kBatch * kLength * 3);
  const std::vector<float> target(kBatch * 5, 0.25f);
  const auto losses = [&](const CompileOptions &options) {
    Trainer trainer = Trainer::fromText(text, options);
    std::vector<double> losses;
    for (int64_t step = 0; step < kSteps; ++step)
      losses.push_back(
          trainer
              .step({{"x", TensorView(x.data(), {kBatch, kLength, 3})},
                     {"target", TensorView(target.data(), {kBatch, 5})}})
              .loss);
    return losses;
  };
  const std::vector<double> actual = losses(options()), expected = losses({});
  EXPECT_LT(actual.back(), 0.7 * actual.front());
  for (int64_t step = 0; step < kSteps; ++step)
    EXPECT_NEAR(actual[step], expected[step], 0.03 * expected[step]) << step;
}

class Int8 : public Precisions {};

TEST_P(Int8, WholeNumbersAreExact) {
  for (const int64_t k : {1, 3, 4, 70})
    for (const int64_t units : {1, 19, 64}) {
      // Each row's largest is 127, so that its scale is one; one row is zero.
      constexpr int64_t kRows = 7;
      std::vector<float> w(units * k), x(kRows * k);
      for (int64_t i = 0; i < units * k; ++i)
        w[i] = i % k == 0 ? -127 : static_cast<float>(i * 31 % 255) - 127;
      for (int64_t i = 0; i < kRows * k; ++i)
        x[i] = i % k == 0 ? 127 : static_cast<float>(i * 57 % 255) - 127;
      std::fill(x.end() - k, x.end(), 0.0f);
      Model model = Model::fromText(
          kWeights,
          options({"K=" + std::to_string(k), "N=" + std::to_string(units)}));
      model.setWeights({{"w", TensorView(w.data(), {units, k})}});
      const RunResult result =
          model.run({{"x", TensorView(x.data(), {kRows, k})}});
      const float *y = result.outputs.at("y").data<float>();
      for (int64_t row = 0; row < kRows; ++row)
        for (int64_t unit = 0; unit < units; ++unit) {
          double sum = 0;
          for (int64_t i = 0; i < k; ++i)
            sum += x[row * k + i] * w[unit * k + i];
          EXPECT_EQ(y[row * units + unit], sum)
              << "K = " << k << ", row " << row << ", unit " << unit;
        }
    }
}

TEST_P(Int8, RowsAndColumnsHaveTheirOwnScales) {
  std::vector<float> weights = someNumbers(19 * 5), x = someNumbers(4 * 5);
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (int64_t k = 0; k < 5; ++k) {
    weights[1 * 5 + k] *= 1e6f; // nobody else loses by it
    weights[2 * 5 + k] = 1e-38f;
    x[1 * 5 + k] *= 1e6f;
  }
  weights[3 * 5 + 1] = x[2 * 5 + 3] = nan;
  x[3 * 5 + 2] = std::numeric_limits<float>::infinity();
  Model model = Model::fromText(kWeights, options());
  model.setWeights({{"w", TensorView(weights.data(), {19, 5})}});
  const RunResult result = model.run({{"x", TensorView(x.data(), {4, 5})}});
  const float *y = result.outputs.at("y").data<float>();
  for (int64_t row = 0; row < 2; ++row)
    for (int64_t unit = 0; unit < 19; ++unit) {
      double sum = 0, most = 0, largest = 0;
      for (int64_t k = 0; k < 5; ++k) {
        sum += x[row * 5 + k] * weights[unit * 5 + k];
        most = std::fmax(most, std::abs(x[row * 5 + k]));
        largest = std::fmax(largest, std::abs(weights[unit * 5 + k]));
      }
      if (unit == 3)
        EXPECT_TRUE(std::isnan(y[row * 19 + unit]));
      else
        EXPECT_NEAR(y[row * 19 + unit], sum, 1e-30 + 5 * most * largest / 127);
    }
  for (int64_t row = 2; row < 4; ++row)
    EXPECT_FALSE(std::isfinite(y[row * 19])) << row;
}

TEST(Precision, Int8IsForInference) {
  CompileOptions options;
  options.precision = Precision::Int8;
  options.goal = Goal::Gradient;
  try {
    Model::fromText(kWeights, options);
    FAIL();
  } catch (const Error &error) {
    EXPECT_STREQ(error.what(), "precision `int8` is for inference alone: "
                               "gradients and training take `f32` or `bf16`");
  }
}

const Form kBf16[] = {
    {"Bf16Here", Precision::BF16, "", 1e-2},
    {"Bf16Dot", Precision::BF16, "-amx-bf16", 1e-2},
    {"Bf16Apart", Precision::BF16, "-avx512bf16", 1e-2},
    {"Bf16Narrow", Precision::BF16, "-avx512f,-avx2", 1e-2},
};

const Form kInt8[] = {
    {"Int8Here", Precision::Int8, "", 5e-2},
    {"Int8Vnni", Precision::Int8, "-avx512f,-avx512vnni", 5e-2},
    {"Int8Apart", Precision::Int8, "-avx512vnni,-avxvnni", 5e-2},
    {"Int8Narrow", Precision::Int8, "-avx512f,-avx2", 5e-2},
};

auto nameOfForm = [](const testing::TestParamInfo<Form> &info) {
  return std::string(info.param.name);
};

INSTANTIATE_TEST_SUITE_P(OfBf16, Precisions, testing::ValuesIn(kBf16),
                         nameOfForm);
INSTANTIATE_TEST_SUITE_P(OfInt8, Precisions, testing::ValuesIn(kInt8),
                         nameOfForm);
INSTANTIATE_TEST_SUITE_P(, Bf16, testing::ValuesIn(kBf16), nameOfForm);
INSTANTIATE_TEST_SUITE_P(, Int8, testing::ValuesIn(kInt8), nameOfForm);

} // namespace
} // namespace seqc::endtoend
