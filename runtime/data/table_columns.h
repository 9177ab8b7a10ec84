//===- table_columns.h - Which columns of a table an input is read from ---===//
// The user's word, the input's name, or what is left.
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_DATA_TABLE_COLUMNS_H
#define SEQC_RUNTIME_DATA_TABLE_COLUMNS_H

#include "runtime/data/csv_table.h"
#include "runtime/data/recipe.h"
#include "runtime/data/slots.h"

#include <optional>

namespace seqc::data {

/// Whether a column's first cell that is not empty holds a number: a date or a
/// name there is one in all, and what is none among numbers is a fault.
bool beginsWithNumber(const CsvTable &table, int64_t column);

/// The columns of a table while inputs take them.
class TableColumns {
public:
  /// Throws runtime::Error where `options` name a column or an input that there
  /// is not.
  TableColumns(const CsvTable &table, const std::string &path,
               const runtime::Interface &interface, const DataOptions &options);

  /// The columns that the user names for an input, else that of its name, else
  /// none.
  std::vector<int64_t> named(const InputSpec &input) const;

  /// The one column of an input: that which the user names, else that of its
  /// name, else nothing.
  std::optional<int64_t> find(const InputSpec &input);

  /// The columns of an input that takes several numbers: those that the user
  /// names, else that of its name, else all columns of numbers that are left.
  /// Throws runtime::Error where there is none.
  std::vector<int64_t> numbers(const InputSpec &input);

  /// No input takes the column by default any more.
  void use(int64_t column) { isUsed[column] = true; }

  /// "`FILE` has the columns `a`, `b`".
  const std::string &data() const { return text; }

private:
  const CsvTable &table;
  const DataOptions &options;
  std::string text;
  std::vector<bool> isUsed;
};

} // namespace seqc::data

#endif // SEQC_RUNTIME_DATA_TABLE_COLUMNS_H
