//===- window_source.cpp - Samples from windows over a series -------------===//
// Rows to windows and targets.
//===----------------------------------------------------------------------===//

#include "runtime/data/window_source.h"

#include "runtime/data/series.h"
#include "runtime/data/table_columns.h"
#include "runtime/services/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace seqc::data {
namespace {

using runtime::Error;

bool takesWindow(const InputSpec &input) {
  return !input.isTarget && (takesSeries(input) || takesVector(input));
}

bool takesForecast(const InputSpec &input) {
  return input.isTarget &&
         (takesNumber(input) || takesSeries(input) || takesVector(input));
}

std::string steps(int64_t count) {
  return count == 1 ? "a step" : fmt::format("{} steps", count);
}

/// Columns of a table as one row of numbers a step.
struct Steps {
  std::vector<int64_t> columns;
  std::vector<std::string> names;
  std::vector<float> values;

  int64_t width() const { return static_cast<int64_t>(columns.size()); }
};

Steps stepsOf(const CsvTable &table, std::vector<int64_t> columns) {
  Steps steps;
  steps.columns = std::move(columns);
  for (int64_t column : steps.columns)
    steps.names.push_back(table.columns()[column]);
  for (int64_t row = 0; row < table.rows(); ++row)
    for (int64_t column : steps.columns)
      steps.values.push_back(static_cast<float>(table.number(row, column)));
  return steps;
}

class WindowSource : public Source {
public:
  WindowSource(CsvTable given, const std::string &path,
               const runtime::Interface &interface, const DataOptions &options)
      : table(std::move(given)), window(options.window),
        horizon(options.horizon) {
    TableColumns found(table, path, interface, options);
    Slots slots(interface, found.data());
    input = slots.take("x", takesWindow, "windows of numbers");
    target = slots.take("next", takesForecast, "numbers to learn from");
    slots.finish();
    const std::vector<int64_t> columns = found.numbers(input);
    inputs = stepsOf(table, columns);
    const std::vector<int64_t> own = found.named(target);
    targets = stepsOf(table, own.empty() ? columns : own);
    checkSizes(found.data());
    if (table.rows() < window)
      throw Error(fmt::format("`{}` has {} rows, but a window has {}", path,
                              table.rows(), window));
  }

  std::vector<int64_t> addresses() const override {
    std::vector<int64_t> all(static_cast<size_t>(
        std::max<int64_t>(table.rows() - window - horizon + 1, 0)));
    std::iota(all.begin(), all.end(), window + horizon - 1);
    return all;
  }

  std::vector<int64_t> future() const override {
    return {table.rows() - 1 + horizon};
  }

  bool isInTime() const override { return true; }

  void learn(const std::vector<int64_t> &training,
             Recipe &recipe) const override {
    // What was left here may not be what is left elsewhere.
    recipe.options.columns[input.name] = inputs.names;
    recipe.options.columns[target.name] = targets.names;
    if (!recipe.options.isNormalised)
      return;
    const int64_t rows =
        *std::max_element(training.begin(), training.end()) + 1;
    for (const Steps *steps : {&inputs, &targets}) {
      ScaleLearner learner(steps->names);
      for (int64_t row = 0; row < rows; ++row)
        learner.add(steps->values.data() + row * steps->width());
      learner.finish(recipe);
    }
  }

  Samples samples(const std::vector<int64_t> &addresses, const Recipe &recipe,
                  Warnings &) const override {
    const std::vector<float> in = scaled(inputs, recipe);
    const std::vector<float> out = scaled(targets, recipe);
    std::vector<std::vector<float>> windows, following;
    for (int64_t address : addresses) {
      const int64_t end = address - horizon + 1;
      windows.push_back(cut(in, inputs.width(), end - window, end));
      following.push_back(
          target.hasLength()
              ? cut(out, targets.width(), end - window + horizon, address + 1)
              : cut(out, targets.width(), isPath ? end : address, address + 1));
    }
    Samples samples;
    addNumbers(input, windows, input.hasLength() ? inputs.width() : window,
               samples);
    addTargets(following, samples);
    return samples;
  }

  std::string place(int64_t address) const override {
    return address < table.rows()
               ? table.place(address)
               : steps(address - table.rows() + 1) + " behind the end";
  }

  /// Of several columns the last one.
  std::optional<Outcome> outcome(int64_t address) const override {
    if (address >= table.rows())
      return std::nullopt;
    const auto number = [&](int64_t row) {
      return table.number(row, targets.columns.back());
    };
    return Outcome{number(address), number(address - horizon)};
  }

  std::vector<Scale> targetScales(const Recipe &recipe) const override {
    std::vector<Scale> scales;
    for (const std::string &name : targets.names)
      scales.push_back(recipe.scaleOf(name));
    return scales;
  }

private:
  void checkSizes(const std::string &data) {
    if (takesVector(input)) {
      checkWidth(input, window, fmt::format("a window has {} steps", window));
      if (inputs.width() != 1)
        throw Error(fmt::format("{}, but {} takes one number a step", data,
                                describe(input)));
    } else {
      checkWidth(input, inputs.width(), dataOf(inputs));
    }
    // All numbers up to the horizon, where there is a place for each.
    isPath = takesVector(target) && targets.width() == 1 && horizon > 1 &&
             (!target.axes[0].isFixed || target.axes[0].value == horizon);
    checkWidth(target, isPath ? horizon : targets.width(), dataOf(targets));
  }

  static std::string dataOf(const Steps &steps) {
    std::string names;
    for (const std::string &name : steps.names)
      names += (names.empty() ? "`" : ", `") + name + "`";
    return fmt::format("{} {} read for each step", names,
                       steps.width() == 1 ? "is" : "are");
  }

  static std::vector<float> scaled(const Steps &steps, const Recipe &recipe) {
    std::vector<Scale> scales;
    for (const std::string &name : steps.names)
      scales.push_back(recipe.scaleOf(name));
    std::vector<float> values = steps.values;
    for (size_t i = 0; i < values.size(); ++i)
      values[i] = scales[i % scales.size()].apply(values[i]);
    return values;
  }

  /// Rows `begin` to `end`; what is behind the table's end is not known: 0.
  static std::vector<float> cut(const std::vector<float> &values, int64_t width,
                                int64_t begin, int64_t end) {
    std::vector<float> part(static_cast<size_t>((end - begin) * width));
    for (size_t i = 0; i < part.size(); ++i) {
      const size_t from = static_cast<size_t>(begin * width) + i;
      if (from < values.size())
        part[i] = values[from];
    }
    return part;
  }

  void addTargets(const std::vector<std::vector<float>> &following,
                  Samples &samples) const {
    if (!takesNumber(target))
      return addNumbers(target, following, isPath ? horizon : targets.width(),
                        samples);
    std::vector<float> numbers;
    for (const std::vector<float> &each : following)
      numbers.push_back(each.front());
    samples.addNumbers(target.name, std::move(numbers));
  }

  CsvTable table;
  int64_t window, horizon;
  InputSpec input, target;
  Steps inputs, targets;
  bool isPath = false;
};

} // namespace

SourcePtr makeWindowSource(CsvTable table, const std::string &path,
                           const runtime::Interface &interface,
                           const DataOptions &options) {
  return std::make_unique<WindowSource>(std::move(table), path, interface,
                                        options);
}

} // namespace seqc::data
