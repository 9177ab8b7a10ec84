//===- table_source.cpp - Samples from the rows of a table ----------------===//
// Inputs find their columns once; then rows are read.
//===----------------------------------------------------------------------===//

#include "runtime/data/table_source.h"

#include "runtime/data/labels.h"
#include "runtime/data/number.h"
#include "runtime/data/series.h"
#include "runtime/data/table_columns.h"
#include "runtime/data/texts.h"
#include "runtime/services/error.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

namespace seqc::data {
namespace {

using runtime::Error;

/// An input and where it is read from.
struct Binding {
  /// Of a sample a text, a class, a number, or the numbers of a row or of each;
  /// of each of its rows a word or a class.
  enum class Kind { Text, Class, Number, Numbers, Words, Classes };
  InputSpec input;
  Kind kind;
  std::vector<int64_t> columns;

  bool isOfClasses() const {
    return kind == Kind::Class || kind == Kind::Classes;
  }
  /// Has tokens that are looked up in a vocabulary.
  bool isOfTokens() const { return kind == Kind::Text || kind == Kind::Words; }

  /// What a model learns from stays as it is.
  bool isScaled() const {
    return !input.isTarget && (kind == Kind::Number || kind == Kind::Numbers);
  }
};

/// The rows of one sample.
using Rows = std::vector<int64_t>;

class TableSource : public Source {
public:
  TableSource(CsvTable given, const std::string &path,
              const runtime::Interface &interface, const DataOptions &options)
      : table(std::move(given)) {
    if (!options.group.empty() && !options.endToken.empty())
      throw Error("--end-token ends texts, and with --group each row is a "
                  "word: a row of its own may say that a text ends");
    TableColumns columns(table, path, interface, options);
    findSamples(options.group, columns);
    for (const InputSpec &input : interface.inputs)
      bindToOne(input, columns, interface, !options.group.empty());
    for (const InputSpec &input : interface.inputs)
      bindToSeveral(input, columns, !options.group.empty());
    checkBindings(interface, columns.data());
  }

  std::vector<int64_t> addresses() const override {
    std::vector<int64_t> all(groups.size());
    for (size_t i = 0; i < all.size(); ++i)
      all[i] = static_cast<int64_t>(i);
    return all;
  }

  void learn(const std::vector<int64_t> &training,
             Recipe &recipe) const override;
  Samples samples(const std::vector<int64_t> &addresses, const Recipe &recipe,
                  Warnings &warnings) const override;

  std::string place(int64_t address) const override {
    return table.place(groups[address].front());
  }

  std::string excerpt(int64_t address) const override {
    for (const Binding &binding : bindings)
      if (binding.isOfTokens())
        return fmt::format("{}", fmt::join(cells(binding, address), " "));
    return {};
  }

private:
  void findSamples(const std::string &group, TableColumns &columns);
  void bindToOne(const InputSpec &input, TableColumns &columns,
                 const runtime::Interface &interface, bool isGrouped);
  void bindToSeveral(const InputSpec &input, TableColumns &columns,
                     bool isGrouped);
  void checkBindings(const runtime::Interface &interface,
                     const std::string &data) const;
  void checkConstant(const Binding &binding) const;
  const std::string &cell(const Binding &binding, int64_t address) const {
    return table.text(groups[address].front(), binding.columns.front());
  }
  /// Of each row, where each is a step; else of the sample.
  std::vector<std::string> cells(const Binding &binding, int64_t address) const;

  std::vector<std::string> namesOf(const Binding &binding) const;
  void learnText(const Binding &binding, const std::vector<int64_t> &training,
                 Recipe &recipe) const;
  void learnClasses(const Binding &binding,
                    const std::vector<int64_t> &training, Recipe &recipe) const;
  void learnScales(const Binding &binding, const std::vector<int64_t> &training,
                   Recipe &recipe) const;
  void addTexts(const Binding &binding, const std::vector<int64_t> &addresses,
                const Recipe &recipe, Warnings &warnings,
                Samples &samples) const;
  void addClasses(const Binding &binding, const std::vector<int64_t> &addresses,
                  const Recipe &recipe, Samples &samples) const;
  void addValues(const Binding &binding, const std::vector<int64_t> &addresses,
                 const Recipe &recipe, Samples &samples) const;

  CsvTable table;
  std::vector<Rows> groups;
  std::vector<Binding> bindings;
};

} // namespace

//===----------------------------------------------------------------------===//
// Inputs and columns
//===----------------------------------------------------------------------===//

/// Rows of one group need not follow each other.
void TableSource::findSamples(const std::string &group, TableColumns &columns) {
  std::map<std::string, size_t> places;
  const int64_t column = group.empty() ? -1 : table.column(group);
  if (column >= 0)
    columns.use(column);
  for (int64_t row = 0; row < table.rows(); ++row) {
    const auto [found, isNew] = places.emplace(
        column < 0 ? std::to_string(row) : table.text(row, column),
        groups.size());
    if (isNew)
      groups.emplace_back();
    groups[found->second].push_back(row);
  }
}

/// Whether tokens are classes that a model tells apart and never reads.
static bool areClasses(const InputSpec &input,
                       const runtime::Interface &interface) {
  return input.isTarget &&
         std::none_of(interface.inputs.begin(), interface.inputs.end(),
                      [&](const InputSpec &other) {
                        return !other.isTarget && takesText(other) &&
                               other.tokens.text == input.tokens.text;
                      });
}

void TableSource::bindToOne(const InputSpec &input, TableColumns &columns,
                            const runtime::Interface &interface,
                            bool isGrouped) {
  if (!takesText(input) && !takesLabel(input))
    return;
  const std::optional<int64_t> column = columns.find(input);
  if (!column)
    throw Error(fmt::format("{}, but none for {}: name it: --column {}=NAME",
                            columns.data(), describe(input), input.name));
  Binding::Kind kind = Binding::Kind::Text;
  if (takesText(input) && isGrouped)
    kind = areClasses(input, interface) ? Binding::Kind::Classes
                                        : Binding::Kind::Words;
  if (takesLabel(input))
    kind = takesNumber(input) && beginsWithNumber(table, *column)
               ? Binding::Kind::Number
               : Binding::Kind::Class;
  bindings.push_back({input, kind, {*column}});
}

void TableSource::bindToSeveral(const InputSpec &input, TableColumns &columns,
                                bool isGrouped) {
  const bool isSeries = takesSeries(input);
  if (isSeries && !isGrouped)
    throw Error(fmt::format("{} takes a series, but each row of a table is a "
                            "sample: --window N makes windows over it, --group "
                            "COLUMN says which rows are one sample",
                            describe(input)));
  if (!isSeries && !takesVector(input))
    return;
  bindings.push_back({input, Binding::Kind::Numbers, columns.numbers(input)});
  checkWidth(input, static_cast<int64_t>(bindings.back().columns.size()),
             fmt::format("{} columns hold numbers that are left",
                         bindings.back().columns.size()));
}

void TableSource::checkBindings(const runtime::Interface &interface,
                                const std::string &data) const {
  const Binding *classes = nullptr;
  for (const Binding &binding : bindings) {
    if (binding.isOfClasses() && classes)
      throw Error(fmt::format("{} and {} both take classes, which one may only",
                              describe(classes->input),
                              describe(binding.input)));
    if (binding.isOfClasses())
      classes = &binding;
    if (!binding.input.hasLength())
      checkConstant(binding);
  }
  for (const InputSpec &input : interface.inputs)
    if (std::none_of(bindings.begin(), bindings.end(),
                     [&](const Binding &binding) {
                       return binding.input.name == input.name;
                     }))
      throw Error(
          fmt::format("{}, and a table cannot fill {}", data, describe(input)));
}

void TableSource::checkConstant(const Binding &binding) const {
  for (const Rows &rows : groups)
    for (int64_t row : rows)
      for (int64_t column : binding.columns)
        if (table.text(row, column) != table.text(rows.front(), column))
          throw Error(fmt::format(
              "{}: column `{}`: `{}`, but the sample begins with `{}`, and {} "
              "has one value for each sample",
              table.place(row), table.columns()[column],
              table.text(row, column), table.text(rows.front(), column),
              describe(binding.input)));
}

//===----------------------------------------------------------------------===//
// Learning
//===----------------------------------------------------------------------===//

std::vector<std::string> TableSource::namesOf(const Binding &binding) const {
  std::vector<std::string> names;
  for (int64_t column : binding.columns)
    names.push_back(table.columns()[column]);
  return names;
}

std::vector<std::string> TableSource::cells(const Binding &binding,
                                            int64_t address) const {
  std::vector<std::string> found;
  for (int64_t row : groups[address]) {
    found.push_back(table.text(row, binding.columns.front()));
    if (!binding.input.hasLength())
      break;
  }
  return found;
}

void TableSource::learnText(const Binding &binding,
                            const std::vector<int64_t> &training,
                            Recipe &recipe) const {
  TokenCounts counts;
  // All texts that share a vocabulary teach it.
  for (const Binding &each : bindings)
    if (each.isOfTokens() &&
        each.input.tokens.text == binding.input.tokens.text)
      for (int64_t address : training)
        counts.add(
            each.kind == Binding::Kind::Words
                ? cells(each, address)
                : tokensOf(recipe.options.tokenizer, cell(each, address)));
  learnVocabulary(binding.input, counts, recipe);
}

void TableSource::learnClasses(const Binding &binding,
                               const std::vector<int64_t> &training,
                               Recipe &recipe) const {
  std::set<std::string> names;
  for (int64_t address : training)
    for (std::string &name : cells(binding, address))
      names.insert(std::move(name));
  recipe.classes.assign(names.begin(), names.end());
  recipe.classesOf = binding.input.name;
  // 9 stands before 10.
  if (std::all_of(names.begin(), names.end(), [](const std::string &name) {
        return numberIn(name).has_value();
      }))
    std::sort(recipe.classes.begin(), recipe.classes.end(),
              [](const std::string &a, const std::string &b) {
                return std::pair(*numberIn(a), a) < std::pair(*numberIn(b), b);
              });
  checkClasses(binding.input, recipe.classes.size(),
               fmt::format("column `{}` has {} classes",
                           table.columns()[binding.columns.front()],
                           recipe.classes.size()));
}

void TableSource::learnScales(const Binding &binding,
                              const std::vector<int64_t> &training,
                              Recipe &recipe) const {
  ScaleLearner learner(namesOf(binding));
  std::vector<float> step(binding.columns.size());
  for (int64_t address : training)
    for (int64_t row : groups[address]) {
      for (size_t i = 0; i < step.size(); ++i)
        step[i] = static_cast<float>(table.number(row, binding.columns[i]));
      learner.add(step.data());
    }
  learner.finish(recipe);
}

void TableSource::learn(const std::vector<int64_t> &training,
                        Recipe &recipe) const {
  for (const Binding &binding : bindings) {
    if (binding.isOfTokens())
      learnText(binding, training, recipe);
    if (binding.isOfClasses())
      learnClasses(binding, training, recipe);
    if (recipe.options.isNormalised && binding.isScaled())
      learnScales(binding, training, recipe);
    // What was left here may not be what is left elsewhere.
    if (binding.kind == Binding::Kind::Numbers)
      recipe.options.columns[binding.input.name] = namesOf(binding);
  }
}

//===----------------------------------------------------------------------===//
// Samples
//===----------------------------------------------------------------------===//

void TableSource::addTexts(const Binding &binding,
                           const std::vector<int64_t> &addresses,
                           const Recipe &recipe, Warnings &warnings,
                           Samples &samples) const {
  std::vector<std::vector<int64_t>> numbers;
  for (int64_t address : addresses)
    numbers.push_back(binding.kind == Binding::Kind::Words
                          ? vocabularyOf(binding.input, recipe)
                                .numbersOf(cells(binding, address))
                          : numbersOf(cell(binding, address), binding.input,
                                      recipe, place(address), warnings));
  samples.addTokens(binding.input.name, numbers);
}

void TableSource::addClasses(const Binding &binding,
                             const std::vector<int64_t> &addresses,
                             const Recipe &recipe, Samples &samples) const {
  std::vector<std::vector<int64_t>> labels;
  for (int64_t address : addresses) {
    std::vector<int64_t> &sample = labels.emplace_back();
    for (int64_t row : groups[address])
      sample.push_back(labelOf(table.text(row, binding.columns.front()),
                               table.place(row), recipe));
  }
  samples.addTokens(binding.input.name, labels);
}

void TableSource::addValues(const Binding &binding,
                            const std::vector<int64_t> &addresses,
                            const Recipe &recipe, Samples &samples) const {
  std::vector<Scale> scales;
  for (int64_t column : binding.columns)
    scales.push_back(
        binding.isScaled() ? recipe.scaleOf(table.columns()[column]) : Scale());
  std::vector<std::vector<float>> values;
  for (int64_t address : addresses) {
    Rows rows = groups[address];
    if (!takesSeries(binding.input))
      rows.resize(1);
    std::vector<float> &sample = values.emplace_back();
    for (int64_t row : rows)
      for (size_t i = 0; i < scales.size(); ++i)
        sample.push_back(
            scales[i].apply(table.number(row, binding.columns[i])));
  }
  if (binding.kind == Binding::Kind::Numbers)
    return addNumbers(binding.input, values, std::ssize(binding.columns),
                      samples);
  std::vector<float> numbers;
  for (const std::vector<float> &each : values)
    numbers.push_back(each.front());
  samples.addNumbers(binding.input.name, std::move(numbers));
}

Samples TableSource::samples(const std::vector<int64_t> &addresses,
                             const Recipe &recipe, Warnings &warnings) const {
  Samples samples;
  for (const Binding &binding : bindings) {
    if (binding.isOfTokens())
      addTexts(binding, addresses, recipe, warnings, samples);
    else if (binding.kind == Binding::Kind::Classes)
      addClasses(binding, addresses, recipe, samples);
    else if (binding.kind == Binding::Kind::Class)
      addLabels(
          binding.input, addresses,
          [&](int64_t address) { return cell(binding, address); },
          [&](int64_t address) { return place(address); }, recipe, samples);
    else
      addValues(binding, addresses, recipe, samples);
  }
  return samples;
}

SourcePtr makeTableSource(CsvTable table, const std::string &path,
                          const runtime::Interface &interface,
                          const DataOptions &options) {
  return std::make_unique<TableSource>(std::move(table), path, interface,
                                       options);
}

} // namespace seqc::data
