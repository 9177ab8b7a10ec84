//===- forecast.cpp - Forecasts the monthly sunspot numbers ---------------===//
// Trains time_series.seq on four fifths of the months, and prints what the
// model says of the rest beside what happened. With --from-pytorch it loads the
// weights that train.py saved from PyTorch in place of training.
//===----------------------------------------------------------------------===//

#include "compiler/Seqc.h"

#include <fmt/format.h>

#include <cmath>
#include <fstream>
#include <random>
#include <thread>
#include <vector>

namespace {

struct Series {
  std::vector<std::string> months;
  std::vector<double> numbers;
  size_t size() const { return numbers.size(); }
};

/// Lines `1749-01,58.0`, after comments and the columns' names.
Series readSeries(const std::string &path) {
  Series series;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    size_t comma = line.find(',');
    if (comma == line.npos || line[0] < '0' || line[0] > '9')
      continue;
    series.months.push_back(line.substr(0, comma));
    series.numbers.push_back(std::stod(line.substr(comma + 1)));
  }
  if (series.size() == 0)
    throw seqc::Error(path + ": no months in it");
  return series;
}

/// Between sunspots and what the model was trained on: mean 0 and standard
/// deviation 1 over the months that were not held out.
class Scale {
public:
  Scale(const std::vector<double> &numbers, size_t months) {
    for (size_t i = 0; i < months; ++i)
      mean += numbers[i] / months;
    for (size_t i = 0; i < months; ++i)
      deviation += std::pow(numbers[i] - mean, 2) / months;
    deviation = std::sqrt(deviation);
  }
  float scaled(double sunspots) const {
    return static_cast<float>((sunspots - mean) / deviation);
  }
  float zero() const { return scaled(0); }
  double sunspots(float scaled) const { return scaled * deviation + mean; }

private:
  double mean = 0, deviation = 0;
};

constexpr int64_t kSteps = 350;
constexpr int64_t kBatch = 32;
/// Two of the Sun's eleven-year cycles.
constexpr int64_t kWindow = 264;

/// Windows of the months at random. Cycles differ in height, and the next may
/// be higher than any before: windows are stretched.
seqc::TensorMap drawBatch(const std::vector<float> &months, float zero,
                          std::mt19937 &random) {
  using seqc::runtime::ElementType;
  seqc::Tensor x(ElementType::F32, {kBatch, kWindow, 1});
  seqc::Tensor next(ElementType::F32, {kBatch, kWindow, 1});
  for (int64_t i = 0; i < kBatch; ++i) {
    const float *from = &months[random() % (months.size() - kWindow)];
    const float height = 0.5f + 1.5f * static_cast<float>(random()) * 0x1p-32f;
    const auto stretched = [&](float month) {
      return (month - zero) * height + zero;
    };
    for (int64_t step = 0; step < kWindow; ++step) {
      x.data<float>()[i * kWindow + step] = stretched(from[step]);
      next.data<float>()[i * kWindow + step] = stretched(from[step + 1]);
    }
  }
  return {{"x", x}, {"next", next}};
}

/// The weights after training on `months`.
seqc::TensorMap train(const std::string &path, const std::vector<float> &months,
                      float zero) {
  seqc::TrainOptions options;
  options.threads =
      static_cast<int32_t>(std::max(1u, std::thread::hardware_concurrency()));
  seqc::Trainer trainer = seqc::Trainer::fromFile(path, {}, options);
  std::mt19937 random(1);
  double loss = 0;
  for (int64_t step = 1; step <= kSteps; ++step) {
    const seqc::TensorMap batch = drawBatch(months, zero, random);
    loss += trainer.step(seqc::runtime::viewsOf(batch)).loss / 50;
    if (step % 50 != 0)
      continue;
    fmt::print("step {:3}: loss {:.4f}\n", step, loss);
    loss = 0;
  }
  fmt::print("\n");
  seqc::TensorMap weights;
  for (const auto &[name, weight] : trainer.weights())
    weights.emplace(name, seqc::Tensor::copyOf(weight));
  return weights;
}

/// One month after each of `x`, given that month and all before it.
std::vector<float> forecastEach(const seqc::Model &model,
                                const std::vector<float> &x) {
  auto length = static_cast<int64_t>(x.size());
  auto result = model.run({{"x", seqc::TensorView(x.data(), {1, length, 1})}});
  const float *y = result.outputs.at("output").data<float>();
  return std::vector<float>(y, y + length);
}

/// `count` months after the last of `x`, each from the forecasts before it: the
/// state is carried from call to call.
std::vector<float> forecastOn(const seqc::Model &model,
                              const std::vector<float> &x, size_t count) {
  auto length = static_cast<int64_t>(x.size());
  auto result = model.run({{"x", seqc::TensorView(x.data(), {1, length, 1})}});
  std::vector<float> forecast = {
      result.outputs.at("output").data<float>()[length - 1]};
  while (forecast.size() < count) {
    seqc::RunOptions carried;
    carried.states = seqc::runtime::viewsOf(result.states);
    result = model.run({{"x", seqc::TensorView(&forecast.back(), {1, 1, 1})}},
                       carried);
    forecast.push_back(*result.outputs.at("output").data<float>());
  }
  return forecast;
}

/// Root of the mean squared error of the forecasts of months `first` on.
/// `after(i)` is the forecast of month i + 1.
template <typename Forecast>
double rmse(const std::vector<double> &numbers, size_t first, Forecast after) {
  double sum = 0;
  for (size_t i = first; i < numbers.size(); ++i)
    sum += std::pow(after(i - 1) - numbers[i], 2);
  return std::sqrt(sum / (numbers.size() - first));
}

void forecast(const std::string &examples, bool fromPyTorch) {
  Series series = readSeries(examples + "/sunspots/monthly-sunspots.csv");
  const std::vector<double> &numbers = series.numbers;
  const size_t months = series.size(), heldOut = months * 4 / 5;
  Scale scale(numbers, heldOut);
  std::vector<float> x;
  for (double number : numbers)
    x.push_back(scale.scaled(number));

  const std::string path = examples + "/time_series.seq";
  seqc::Model model = seqc::Model::fromFile(path);
  if (fromPyTorch)
    model.loadWeights(examples + "/sunspots/sunspots.safetensors");
  else
    model.setWeights(seqc::runtime::viewsOf(
        train(path, {x.begin(), x.begin() + heldOut}, scale.zero())));
  std::vector<float> next = forecastEach(model, x);

  // The last year once more, as if nobody knew anything of it.
  const size_t year = months - 12;
  std::vector<float> blind =
      forecastOn(model, {x.begin(), x.begin() + year}, 12);

  fmt::print("{:8}{:>10}{:>15}{:>20}\n", "month", "happened", "a month ahead",
             "up to a year ahead");
  for (size_t i = months - 24; i < months; ++i) {
    fmt::print("{:8}{:10.1f}{:15.1f}", series.months[i], numbers[i],
               scale.sunspots(next[i - 1]));
    if (i >= year)
      fmt::print("{:20.1f}", scale.sunspots(blind[i - year]));
    fmt::print("\n");
  }
  fmt::print(
      "\nA month ahead, from {} on, which the training has not seen:\n"
      "root mean square error {:.2f}; of \"as in the month before\": {:.2f}\n",
      series.months[heldOut],
      rmse(numbers, heldOut, [&](size_t i) { return scale.sunspots(next[i]); }),
      rmse(numbers, heldOut, [&](size_t i) { return numbers[i]; }));
}

} // namespace

int main(int argc, char **argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  std::string examples = SEQC_EXAMPLES_DIR;
  bool fromPyTorch = false;
  for (const std::string &argument : arguments)
    if (argument == "--from-pytorch")
      fromPyTorch = true;
    else
      examples = argument;
  try {
    forecast(examples, fromPyTorch);
  } catch (const seqc::Error &error) {
    fmt::print(stderr, "error: {}\n", error.what());
    return 1;
  }
}
