//===- samples.cpp - Samples of a data set, in memory ---------------------===//
// Joins values, and cuts batches out of them.
//===----------------------------------------------------------------------===//

#include "runtime/data/samples.h"

#include "runtime/services/error.h"
#include "runtime/services/messages.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <numeric>

namespace seqc::data {

using runtime::ElementType;
using runtime::Tensor;
using runtime::TensorMap;

const void *Samples::Column::at(int64_t step) const {
  const auto value = static_cast<size_t>(step * valuesOfStep());
  return type == ElementType::F32
             ? static_cast<const void *>(numbers.data() + value)
             : static_cast<const void *>(tokens.data() + value);
}

Samples::Column &Samples::add(const std::string &name, ElementType type,
                              bool isSequence, std::optional<int64_t> width,
                              size_t count) {
  const auto given = static_cast<int64_t>(count);
  if (samples >= 0 && given != samples)
    throw runtime::Error(fmt::format("{} has {} samples, and what was read "
                                     "before has {}",
                                     runtime::quoteName(name), given, samples));
  samples = given;
  Column column = {type, isSequence, width, {0}, {}, {}};
  column.steps.reserve(count + 1);
  return columns.emplace_back(name, std::move(column)).second;
}

void Samples::addTokens(const std::string &name,
                        const std::vector<std::vector<int64_t>> &tokens) {
  Column &column = add(name, ElementType::Token, true, {}, tokens.size());
  for (const std::vector<int64_t> &each : tokens) {
    column.tokens.insert(column.tokens.end(), each.begin(), each.end());
    column.steps.push_back(static_cast<int64_t>(column.tokens.size()));
  }
}

void Samples::addSeries(const std::string &name,
                        const std::vector<std::vector<float>> &series,
                        std::optional<int64_t> width) {
  Column &column = add(name, ElementType::F32, true, width, series.size());
  for (const std::vector<float> &each : series) {
    column.numbers.insert(column.numbers.end(), each.begin(), each.end());
    column.steps.push_back(static_cast<int64_t>(column.numbers.size()) /
                           column.valuesOfStep());
  }
}

/// The steps of samples that have one each.
static std::vector<int64_t> oneStepEach(size_t count) {
  std::vector<int64_t> steps(count + 1);
  std::iota(steps.begin(), steps.end(), 0);
  return steps;
}

void Samples::addVectors(const std::string &name,
                         const std::vector<std::vector<float>> &vectors,
                         int64_t width) {
  Column &column = add(name, ElementType::F32, false, width, vectors.size());
  column.steps = oneStepEach(vectors.size());
  for (const std::vector<float> &each : vectors)
    column.numbers.insert(column.numbers.end(), each.begin(), each.end());
}

void Samples::addNumbers(const std::string &name, std::vector<float> numbers) {
  Column &column = add(name, ElementType::F32, false, {}, numbers.size());
  column.steps = oneStepEach(numbers.size());
  column.numbers = std::move(numbers);
}

void Samples::addTokens(const std::string &name, std::vector<int64_t> tokens) {
  Column &column = add(name, ElementType::Token, false, {}, tokens.size());
  column.steps = oneStepEach(tokens.size());
  column.tokens = std::move(tokens);
}

int64_t Samples::length(int64_t sample) const {
  int64_t longest = 1;
  for (const auto &[name, column] : columns)
    longest = std::max(longest, column.length(sample));
  return longest;
}

std::optional<int64_t> Samples::width(const std::string &name) const {
  for (const auto &[each, column] : columns)
    if (each == name)
      return column.width;
  return std::nullopt;
}

std::optional<std::vector<std::vector<double>>>
Samples::numbers(const std::string &name) const {
  for (const auto &[each, column] : columns) {
    if (each != name || column.width)
      continue;
    std::vector<double> all(column.numbers.begin(), column.numbers.end());
    all.insert(all.end(), column.tokens.begin(), column.tokens.end());
    std::vector<std::vector<double>> found;
    for (int64_t sample = 0; sample < count(); ++sample)
      found.emplace_back(all.begin() + column.steps[sample],
                         all.begin() + column.steps[sample + 1]);
    return found;
  }
  return std::nullopt;
}

Tensor Samples::padded(const Column &column, const std::string &name,
                       const std::vector<int64_t> &rows) const {
  int64_t most = 1;
  if (column.isSequence)
    for (int64_t &longest = most = 0; int64_t row : rows)
      longest = std::max(longest, column.length(row));
  runtime::Shape shape = {static_cast<int64_t>(rows.size())};
  if (column.isSequence)
    shape.push_back(most);
  if (column.width)
    shape.push_back(*column.width);
  Tensor tensor(column.type, shape, runtime::quoteName(name));
  const auto step = static_cast<size_t>(column.valuesOfStep()) *
                    runtime::elementSize(column.type);
  char *to = static_cast<char *>(tensor.data());
  for (int64_t row : rows) {
    const auto bytes = static_cast<size_t>(column.length(row)) * step;
    if (bytes > 0)
      std::memcpy(to, column.at(column.steps[row]), bytes);
    to += static_cast<size_t>(most) * step;
  }
  return tensor;
}

TensorMap Samples::batch(const std::vector<int64_t> &rows) const {
  TensorMap tensors;
  for (const auto &[name, column] : columns) {
    tensors.emplace(name, padded(column, name, rows));
    if (!column.isSequence)
      continue;
    std::vector<int64_t> lengths;
    for (int64_t row : rows)
      lengths.push_back(column.length(row));
    if (std::adjacent_find(lengths.begin(), lengths.end(),
                           std::not_equal_to<>()) != lengths.end())
      tensors.emplace(
          name + ".lengths",
          Tensor::of({static_cast<int64_t>(lengths.size())}, lengths));
  }
  return tensors;
}

} // namespace seqc::data
