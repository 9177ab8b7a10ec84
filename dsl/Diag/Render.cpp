//===- Render.cpp - Diagnostics as text -----------------------------------===//
// The place, the line, carets under the fault, dashes under the second label.
//===----------------------------------------------------------------------===//

#include "dsl/Diag/Diagnostic.h"

#include <fmt/format.h>

#include <algorithm>

namespace seqc::dsl {

/// Longer lines are shown in part: a line of a megabyte is not for people.
static constexpr size_t maxLineWidth = 160;

static std::string place(SourceRange range) {
  if (!range.file)
    return "seqc";
  LineColumn at = range.file->lineColumn(range.begin);
  return fmt::format("{}:{}:{}", range.file->name(), at.line, at.column);
}

/// The line's text as a terminal shows it one column to a code point: tabs
/// become one space, bytes that are no text become a dot.
static std::string printable(std::string_view text) {
  bool isText = findInvalidUtf8(text) == std::string_view::npos;
  std::string result;
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (c == '\t')
      result += ' ';
    else if (byte < 0x20 || byte == 0x7F || (byte >= 0x80 && !isText))
      result += '.';
    else
      result += c;
  }
  return result;
}

/// The first line of a range with `mark` below it, and `text` after the mark.
static std::string excerpt(SourceRange range, char first, char rest,
                           std::string_view text) {
  LineColumn at = range.file->lineColumn(range.begin);
  std::string_view line = range.file->line(at.line);
  size_t offset = std::min<size_t>(range.begin - range.file->lineStart(at.line),
                                   line.size());
  size_t from = offset > maxLineWidth / 2 ? offset - maxLineWidth / 2 : 0;
  while (from > 0 && from < line.size() && (line[from] & 0xC0) == 0x80)
    --from;
  size_t length = std::min(maxLineWidth, line.size() - from);
  std::string shown = printable(line.substr(from, length));
  size_t before = countCodePoints(printable(line.substr(from, offset - from)));
  size_t marked = std::min<size_t>(
      range.end - range.begin, from + length - std::min(offset, from + length));
  size_t width = std::max<size_t>(
      countCodePoints(printable(line.substr(offset, marked))), 1);
  return fmt::format("{:5} | {}\n      | {}{}{}{}{}\n", at.line, shown,
                     std::string(before, ' '), first,
                     std::string(width - 1, rest), text.empty() ? "" : " ",
                     text);
}

static const char *spelling(Severity severity) {
  return severity == Severity::Error ? "error" : "warning";
}

std::string render(const Diagnostic &diagnostic) {
  SourceRange range = diagnostic.range();
  std::string out = fmt::format("{}: {}: {} [{}]\n", place(range),
                                spelling(diagnostic.severity()),
                                diagnostic.message(), diagnostic.name());
  if (range.file)
    out += excerpt(range, '^', '~', "");
  if (const auto &label = diagnostic.secondLabel()) {
    if (label->range.file != range.file)
      out += fmt::format("{}: note\n", place(label->range));
    out += excerpt(label->range, '-', '-', label->text);
  }
  if (const auto &hint = diagnostic.hintText())
    out += fmt::format("      = hint: {}\n", *hint);
  return out;
}

std::string render(const DiagnosticEngine &engine) {
  std::string out;
  for (const Diagnostic &diagnostic : engine.sorted())
    out += render(diagnostic);
  for (Severity severity : {Severity::Error, Severity::Warning})
    if (size_t left = engine.left(severity))
      out += fmt::format("seqc: {} more {}{} not shown\n", left,
                         spelling(severity), left == 1 ? "" : "s");
  return out;
}

} // namespace seqc::dsl
