//===- Diagnostic.cpp - Diagnostics and the engine that collects them -----===//
// Message text, the limit, the order.
//===----------------------------------------------------------------------===//

#include "dsl/Diag/Diagnostic.h"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace seqc::dsl {

/// A part of a message in the length that a person reads: of the shape of a
/// thousand axes the beginning and the end.
static std::string shorten(std::string text) {
  constexpr size_t longest = 400, kept = 150;
  if (text.size() <= longest)
    return text;
  auto isInside = [&](size_t at) { return (text[at] & 0xC0) == 0x80; };
  size_t begin = kept, end = text.size() - kept;
  while (isInside(begin))
    --begin;
  while (end < text.size() && isInside(end))
    ++end;
  return text.replace(begin, end - begin, " ... ");
}

Diagnostic::Diagnostic(Diag kind, SourceRange range,
                       std::vector<std::string> arguments)
    : diagKind(kind), primary(range), arguments(std::move(arguments)) {
  for (std::string &argument : this->arguments)
    argument = shorten(std::move(argument));
}

Diagnostic &Diagnostic::label(SourceRange range, std::string text) {
  if (range.file)
    second = Label{range, shorten(std::move(text))};
  return *this;
}

Diagnostic &Diagnostic::hint(std::string text) {
  if (!text.empty())
    advice = shorten(std::move(text));
  return *this;
}

const char *Diagnostic::name() const {
  return diagKinds[static_cast<size_t>(diagKind)].name;
}

Severity Diagnostic::severity() const {
  return diagKinds[static_cast<size_t>(diagKind)].severity;
}

std::string Diagnostic::message() const {
  std::string_view format = diagKinds[static_cast<size_t>(diagKind)].format;
  std::string message;
  size_t next = 0;
  for (size_t i = 0; i < format.size(); ++i) {
    if (format.substr(i, 2) == "{}") {
      message += arguments[next++];
      ++i;
    } else {
      message += format[i];
    }
  }
  return message;
}

Diagnostic &DiagnosticEngine::add(Diagnostic diagnostic) {
  if (++counts[static_cast<size_t>(diagnostic.severity())] > limit) {
    overflow = std::move(diagnostic);
    return overflow;
  }
  diagnostics.push_back(std::move(diagnostic));
  return diagnostics.back();
}

std::vector<Diagnostic> DiagnosticEngine::sorted() const {
  // By place; what has the same place stays in the order of reporting.
  auto key = [&](size_t i) {
    SourceRange range = diagnostics[i].range();
    return std::make_tuple(range.file ? range.file->name() : "", range.begin,
                           i);
  };
  std::vector<size_t> order(diagnostics.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(),
            [&](size_t a, size_t b) { return key(a) < key(b); });
  std::vector<Diagnostic> result;
  for (size_t i : order)
    result.push_back(diagnostics[i]);
  return result;
}

} // namespace seqc::dsl
