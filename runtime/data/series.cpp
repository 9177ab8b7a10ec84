//===- series.cpp - Series as an input's numbers --------------------------===//
// Widths and scales.
//===----------------------------------------------------------------------===//

#include "runtime/data/series.h"

#include "runtime/services/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace seqc::data {

void checkWidth(const InputSpec &input, int64_t width,
                const std::string &data) {
  // Without an axis for them there is one number a step.
  runtime::SizeSpec wanted;
  wanted.value = 1;
  wanted.isFixed = true;
  if (!input.axes.empty() && !input.axes.back().isLength)
    wanted = input.axes.back();
  if (!wanted.isFixed || !wanted.value || *wanted.value == width)
    return;
  throw runtime::Error(fmt::format(
      "{}, but {} takes {}{}", data, describe(input), *wanted.value,
      wanted.dimension.empty()
          ? ""
          : fmt::format(": leave `--set {}` out", wanted.dimension)));
}

void addNumbers(const InputSpec &input,
                const std::vector<std::vector<float>> &values, int64_t width,
                Samples &samples) {
  if (!input.hasLength())
    samples.addVectors(input.name, values, width);
  else if (input.axes.size() == 1)
    samples.addSeries(input.name, values, std::nullopt);
  else
    samples.addSeries(input.name, values, width);
}

ScaleLearner::ScaleLearner(std::vector<std::string> columns)
    : columns(std::move(columns)), means(this->columns.size()),
      squares(this->columns.size()) {}

void ScaleLearner::add(const float *numbers) {
  ++count;
  for (size_t i = 0; i < columns.size(); ++i) {
    const double difference = numbers[i] - means[i];
    means[i] += difference / static_cast<double>(count);
    squares[i] += difference * (numbers[i] - means[i]);
  }
}

void ScaleLearner::finish(Recipe &recipe) const {
  for (size_t i = 0; i < columns.size(); ++i) {
    const auto &known = recipe.scales;
    if (std::any_of(known.begin(), known.end(), [&](const Scale &scale) {
          return scale.column == columns[i];
        }))
      continue;
    const double deviation =
        count == 0 ? 0 : std::sqrt(squares[i] / static_cast<double>(count));
    recipe.scales.push_back(
        {columns[i], means[i], deviation > 0 ? deviation : 1});
  }
}

} // namespace seqc::data
