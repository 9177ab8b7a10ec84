//===- csv_table.cpp - Tables of text with named columns ------------------===//
// libcsv cuts the text into cells; lines are counted, names and numbers checked
// here.
//===----------------------------------------------------------------------===//

#include "runtime/data/csv_table.h"

#include "runtime/data/number.h"
#include "runtime/data/utf8.h"
#include "runtime/services/error.h"

#include <csv.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <fstream>
#include <optional>
#include <set>

namespace seqc::data {
namespace {

/// Bytes that stand in no text: they part nothing, and quote nothing.
constexpr char kNoSeparator = '\x1f', kNoQuote = '\x1e';

/// Cuts a file into rows.
class CsvParser {
public:
  CsvParser(char separator, bool hasQuotes) {
    // Quotes within a cell are faults, and an open one at the end.
    csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL);
    csv_set_delim(&parser, static_cast<unsigned char>(separator));
    if (!hasQuotes)
      csv_set_quote(&parser, kNoQuote);
  }
  CsvParser(const CsvParser &) = delete;
  ~CsvParser() { csv_free(&parser); }

  /// One line of the file, with its end. False where it is malformed.
  bool add(const std::string &line) {
    return csv_parse(&parser, line.data(), line.size(), onCell, onRow, this) ==
           line.size();
  }

  /// Behind the last line.
  bool finish() { return csv_fini(&parser, onCell, onRow, this) == 0; }

  /// The cells of the row that has ended last.
  std::vector<std::string> cells;
  bool hasEnded = false;

private:
  static void onCell(void *cell, size_t size, void *self) {
    auto *parser = static_cast<CsvParser *>(self);
    if (parser->hasEnded) {
      parser->cells.clear();
      parser->hasEnded = false;
    }
    parser->cells.emplace_back(static_cast<const char *>(cell), size);
  }
  static void onRow(int, void *self) {
    static_cast<CsvParser *>(self)->hasEnded = true;
  }

  csv_parser parser;
};

/// What separates the cells of the first line. Where the columns have names
/// already, what gives as many cells, else tabs.
char separatorOf(std::string_view line, size_t names) {
  if (names == 1)
    return kNoSeparator;
  for (char separator : {'\t', ',', ';'}) {
    const auto count =
        static_cast<size_t>(std::count(line.begin(), line.end(), separator));
    if (names == 0 ? count > 0 : count + 1 == names)
      return separator;
  }
  return names == 0 ? ',' : '\t';
}

[[noreturn]] void fail(const std::string &path, int64_t line,
                       const std::string &what) {
  throw runtime::Error(fmt::format("{}:{}: {}", path, line, what));
}

/// `where` has them, for messages.
void checkNames(const std::string &where,
                const std::vector<std::string> &names) {
  std::set<std::string> seen;
  for (const std::string &name : names) {
    if (name.empty())
      throw runtime::Error(fmt::format("{}: a column has no name", where));
    if (!seen.insert(name).second)
      throw runtime::Error(
          fmt::format("{}: two columns have the name `{}`", where, name));
  }
}

} // namespace

CsvTable CsvTable::read(const std::string &path, const CsvFormat &format) {
  std::ifstream file(path, std::ios::binary);
  if (!file)
    throw runtime::Error(fmt::format("cannot read `{}`", path));
  CsvTable result;
  result.path = path;
  checkNames("the columns' names", format.names);
  result.names = format.names;
  std::optional<CsvParser> parser;
  int64_t line = 0, begin = 1;
  auto takeRow = [&] {
    if (!parser || !parser->hasEnded)
      return;
    std::vector<std::string> cells = std::move(parser->cells);
    parser->cells.clear();
    parser->hasEnded = false;
    if (result.names.empty()) {
      checkNames(path + ":1", cells);
      result.names = std::move(cells);
    } else if (cells.size() != result.names.size()) {
      fail(path, begin,
           fmt::format("there are {} cells, and {} columns", cells.size(),
                       result.names.size()));
    } else {
      result.table.push_back({begin, std::move(cells)});
    }
    begin = line + 1;
  };
  for (std::string text; std::getline(file, text);) {
    ++line;
    bool isBroken = false;
    text = repaired(text, isBroken);
    if (isBroken)
      fail(path, line, "the text is no valid UTF-8");
    const bool isBetween = !parser || parser->cells.empty();
    const bool isComment = result.names.empty() && text.starts_with('#');
    if (isBetween && (text.empty() || text == "\r" || isComment)) {
      begin = line + 1;
      continue;
    }
    if (!parser)
      parser.emplace(separatorOf(text, format.names.size()), format.hasQuotes);
    if (!parser->add(text + "\n"))
      fail(path, begin,
           "a quotation mark is open, or stands inside of a cell: --no-quotes "
           "takes them as they are");
    takeRow();
  }
  if (parser && !parser->finish())
    fail(path, begin,
         "a quotation mark is open: --no-quotes takes them as they are");
  takeRow();
  if (result.names.empty())
    throw runtime::Error(fmt::format("`{}` is empty", path));
  if (result.table.empty())
    throw runtime::Error(fmt::format("`{}` has no rows", path));
  return result;
}

int64_t CsvTable::column(std::string_view name) const {
  auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end())
    throw runtime::Error(fmt::format("`{}` has no column `{}`: it has {}", path,
                                     name, fmt::join(names, ", ")));
  return found - names.begin();
}

double CsvTable::number(int64_t row, int64_t column) const {
  const std::string &cell = text(row, column);
  if (std::optional<double> value = numberIn(cell))
    return *value;
  throw runtime::Error(fmt::format("{}: column `{}`: `{}` is no number",
                                   place(row), names[column], cell));
}

std::string CsvTable::place(int64_t row) const {
  return fmt::format("{}:{}", path, table[row].line);
}

} // namespace seqc::data
