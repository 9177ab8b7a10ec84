//===- ts_source.cpp - Samples from a .ts file ----------------------------===//
// Series as they are, or scaled dimension by dimension.
//===----------------------------------------------------------------------===//

#include "runtime/data/ts_source.h"

#include "runtime/data/labels.h"
#include "runtime/data/series.h"
#include "runtime/data/ts_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <numeric>

namespace seqc::data {
namespace {

class TsSource : public Source {
public:
  TsSource(const std::string &path, const runtime::Interface &interface)
      : path(path), file(TsFile::read(path)) {
    const std::string data = fmt::format(
        "`{}` has series of {} (`x`) and of {} classes (`label`: {})", path,
        file.dimensions == 1
            ? "one number a step"
            : fmt::format("{} numbers a step", file.dimensions),
        file.classes.size(), fmt::join(file.classes, ", "));
    Slots slots(interface, data);
    x = slots.take("x", takesSeries, "series");
    checkWidth(x, file.dimensions, data);
    if (const InputSpec *input = slots.find("label", takesLabel)) {
      checkClasses(*input, file.classes.size(), data);
      label = *input;
    }
    slots.finish();
    for (int64_t i = 0; i < file.dimensions; ++i)
      columns.push_back(fmt::format("{}", i));
  }

  std::vector<int64_t> addresses() const override {
    std::vector<int64_t> all(file.samples.size());
    std::iota(all.begin(), all.end(), 0);
    return all;
  }

  void learn(const std::vector<int64_t> &training,
             Recipe &recipe) const override {
    recipe.classes = file.classes;
    recipe.classesOf = label ? label->name : "";
    if (!recipe.options.isNormalised)
      return;
    ScaleLearner learner(columns);
    for (int64_t address : training)
      for (int64_t step = 0; step < file.samples[address].length; ++step)
        learner.add(file.samples[address].values.data() +
                    step * file.dimensions);
    learner.finish(recipe);
  }

  Samples samples(const std::vector<int64_t> &addresses, const Recipe &recipe,
                  Warnings &) const override {
    std::vector<Scale> scales;
    for (const std::string &column : columns)
      scales.push_back(recipe.scaleOf(column));
    std::vector<std::vector<float>> values;
    for (int64_t address : addresses) {
      values.push_back(file.samples[address].values);
      for (size_t i = 0; i < values.back().size(); ++i)
        values.back()[i] = scales[i % scales.size()].apply(values.back()[i]);
    }
    Samples samples;
    addNumbers(x, values, file.dimensions, samples);
    if (label)
      addLabels(
          *label, addresses,
          [&](int64_t address) {
            return file.classes[file.samples[address].label];
          },
          [&](int64_t address) { return place(address); }, recipe, samples);
    return samples;
  }

  std::string place(int64_t address) const override {
    return fmt::format("{}:{}", path, file.samples[address].line);
  }

private:
  std::string path;
  TsFile file;
  InputSpec x;
  std::optional<InputSpec> label;
  std::vector<std::string> columns;
};

} // namespace

SourcePtr readTsSource(const std::string &path,
                       const runtime::Interface &interface) {
  return std::make_unique<TsSource>(path, interface);
}

} // namespace seqc::data
