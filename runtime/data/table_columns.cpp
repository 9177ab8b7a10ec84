//===- table_columns.cpp - Which columns of a table an input is read from -===//
// Looks the user's names up, and tells numbers from text.
//===----------------------------------------------------------------------===//

#include "runtime/data/table_columns.h"

#include "runtime/data/number.h"
#include "runtime/services/error.h"
#include "runtime/services/messages.h"

#include <fmt/format.h>

#include <algorithm>

namespace seqc::data {

using runtime::Error;
using runtime::quoteName;

bool beginsWithNumber(const CsvTable &table, int64_t column) {
  for (int64_t row = 0; row < table.rows(); ++row)
    if (!table.text(row, column).empty())
      return numberIn(table.text(row, column)).has_value();
  return false;
}

static std::string describeColumns(const CsvTable &table,
                                   const std::string &path) {
  std::string text = fmt::format("`{}` has the column{} ", path,
                                 table.columns().size() == 1 ? "" : "s");
  for (size_t i = 0; i < table.columns().size(); ++i)
    text += (i == 0 ? "" : ", ") + quoteName(table.columns()[i]);
  return text;
}

TableColumns::TableColumns(const CsvTable &table, const std::string &path,
                           const runtime::Interface &interface,
                           const DataOptions &options)
    : table(table), options(options), text(describeColumns(table, path)),
      isUsed(table.columns().size()) {
  for (const auto &[name, columns] : options.columns) {
    const auto &inputs = interface.inputs;
    if (std::none_of(inputs.begin(), inputs.end(), [&](const InputSpec &input) {
          return input.name == name;
        }))
      throw Error(fmt::format("columns are named for {}, which the model {} "
                              "does not take",
                              quoteName(name), quoteName(interface.model)));
    for (const std::string &column : columns)
      table.column(column);
  }
}

std::vector<int64_t> TableColumns::named(const InputSpec &input) const {
  std::vector<int64_t> found;
  if (auto given = options.columns.find(input.name);
      given != options.columns.end())
    for (const std::string &column : given->second)
      found.push_back(table.column(column));
  else if (std::find(table.columns().begin(), table.columns().end(),
                     input.name) != table.columns().end())
    found.push_back(table.column(input.name));
  return found;
}

std::optional<int64_t> TableColumns::find(const InputSpec &input) {
  const std::vector<int64_t> found = named(input);
  if (found.size() > 1)
    throw Error(fmt::format("{} columns are named for {}, which takes one",
                            found.size(), describe(input)));
  if (found.empty())
    return std::nullopt;
  use(found.front());
  return found.front();
}

std::vector<int64_t> TableColumns::numbers(const InputSpec &input) {
  std::vector<int64_t> found = named(input);
  if (found.empty())
    for (int64_t column = 0; column < std::ssize(isUsed); ++column)
      if (!isUsed[column] && beginsWithNumber(table, column))
        found.push_back(column);
  if (found.empty())
    throw Error(fmt::format("{}, and no numbers for {}: name them: --column "
                            "{}=NAME",
                            text, describe(input), input.name));
  for (int64_t column : found)
    use(column);
  return found;
}

} // namespace seqc::data
