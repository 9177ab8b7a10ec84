//===- forecast.cpp - Forecasts the monthly sunspot numbers ---------------===//
// Compiles time_series.seq, loads the weights that train.py saved from PyTorch
// and prints what the model says beside what happened.
//===----------------------------------------------------------------------===//

#include "compiler/Seqc.h"

#include <fmt/format.h>

#include <cmath>
#include <fstream>
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
  double sunspots(float scaled) const { return scaled * deviation + mean; }

private:
  double mean = 0, deviation = 0;
};

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

void forecast(const std::string &examples) {
  Series series = readSeries(examples + "/sunspots/monthly-sunspots.csv");
  const std::vector<double> &numbers = series.numbers;
  const size_t months = series.size(), heldOut = months * 4 / 5;
  Scale scale(numbers, heldOut);
  std::vector<float> x;
  for (double number : numbers)
    x.push_back(scale.scaled(number));

  seqc::Model model = seqc::Model::fromFile(examples + "/time_series.seq");
  model.loadWeights(examples + "/sunspots/sunspots.safetensors");
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
  try {
    forecast(argc > 1 ? argv[1] : SEQC_EXAMPLES_DIR);
  } catch (const seqc::Error &error) {
    fmt::print(stderr, "error: {}\n", error.what());
    return 1;
  }
}
