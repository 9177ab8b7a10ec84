//===- csv_table.h - Tables of text with named columns --------------------===//
// Comma-separated values as RFC 4180 describes them, and their relatives with
// tabs and semicolons. Numbers are asked for by name, and refused with their
// place.
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_DATA_CSV_TABLE_H
#define SEQC_RUNTIME_DATA_CSV_TABLE_H

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace seqc::data {

/// What a file does not say of itself.
struct CsvFormat {
  /// The columns' names; empty: the first line has them.
  std::vector<std::string> names = {};
  /// Whether cells may stand in quotation marks, as RFC 4180 has them; else
  /// those are characters like any other.
  bool hasQuotes = true;
};

class CsvTable {
public:
  /// Cells are separated by what the first line has: tabs, else commas, else
  /// semicolons; where the columns have names, by what gives as many cells.
  /// Empty lines are left out, and so are lines before the names that begin
  /// with `#`.
  ///
  /// Throws runtime::Error, with file and line, where there is no row, a name
  /// comes twice or is empty, a row has another number of cells than there are
  /// names, a quote is left open, or text is no valid UTF-8.
  static CsvTable read(const std::string &path, const CsvFormat &format = {});

  const std::vector<std::string> &columns() const { return names; }
  int64_t rows() const { return static_cast<int64_t>(table.size()); }

  /// The number of a column. Throws runtime::Error, which names those that
  /// there are.
  int64_t column(std::string_view name) const;

  const std::string &text(int64_t row, int64_t column) const {
    return table[row].cells[column];
  }

  /// A finite number. Throws runtime::Error with file, line and column where
  /// the cell holds anything else.
  double number(int64_t row, int64_t column) const;

  /// `FILE:LINE`, for messages about a row.
  std::string place(int64_t row) const;

private:
  struct Row {
    /// Of the file, from 1: where the row begins.
    int64_t line;
    std::vector<std::string> cells;
  };

  std::string path;
  std::vector<std::string> names;
  std::vector<Row> table;
};

} // namespace seqc::data

#endif // SEQC_RUNTIME_DATA_CSV_TABLE_H
