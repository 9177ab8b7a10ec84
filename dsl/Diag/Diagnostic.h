//===- Diagnostic.h - What is said about a wrong program ------------------===//
// Diagnostics are data: a registered kind (Diagnostics.def), its arguments,
// the range at fault, and where the other half of the sentence was decided.
// An engine collects them; `render` makes text of them.
//===----------------------------------------------------------------------===//

#ifndef SEQC_DSL_DIAG_DIAGNOSTIC_H
#define SEQC_DSL_DIAG_DIAGNOSTIC_H

#include "dsl/Diag/SourceFile.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

namespace seqc::dsl {

enum class Diag : uint8_t {
#define DIAGNOSTIC(id, name, format) id,
#include "dsl/Diagnostics.def"
};

/// A warning is about a program that has a meaning, if perhaps not the one that
/// was meant.
enum class Severity : uint8_t { Error, Warning };

struct DiagKind {
  const char *name;   ///< `shape-mismatch`: a heading of dsl/ERRORS.md
  const char *format; ///< the message, `{}` for each argument in order
  Severity severity;
};

constexpr DiagKind diagKinds[] = {
#define DIAGNOSTIC(id, name, format) {name, format, Severity::Error},
#define WARNING(id, name, format) {name, format, Severity::Warning},
#include "dsl/Diagnostics.def"
};

/// How many arguments the message of a kind takes.
constexpr size_t countArguments(Diag kind) {
  const char *text = diagKinds[static_cast<size_t>(kind)].format;
  size_t count = 0;
  for (; *text; ++text)
    count += text[0] == '{' && text[1] == '}';
  return count;
}

/// A second place, and what was decided there.
struct Label {
  SourceRange range;
  std::string text;
};

class Diagnostic {
public:
  Diagnostic(Diag kind, SourceRange range, std::vector<std::string> arguments);

  Diagnostic &label(SourceRange range, std::string text);
  Diagnostic &hint(std::string text);

  Diag kind() const { return diagKind; }
  const char *name() const;
  Severity severity() const;
  SourceRange range() const { return primary; }
  std::string message() const;
  const std::optional<Label> &secondLabel() const { return second; }
  const std::optional<std::string> &hintText() const { return advice; }

private:
  Diag diagKind;
  SourceRange primary;
  std::vector<std::string> arguments;
  std::optional<Label> second;
  std::optional<std::string> advice;
};

/// Collects the diagnostics of one run, in the order of the text, up to a
/// limit for each severity; what is over the limit is only counted. Diagnostics
/// point into their files, which must outlive them (or be kept).
class DiagnosticEngine {
public:
  explicit DiagnosticEngine(size_t limit = 20) : limit(limit) {}

  /// Holds on to a file that diagnostics may point into.
  void keep(SourcePtr file) { files.push_back(std::move(file)); }

  /// Reports a fault. The returned diagnostic takes a label and a hint until
  /// the next report.
  template <Diag kind, typename... Args>
  Diagnostic &report(SourceRange range, const Args &...args) {
    static_assert(sizeof...(Args) == countArguments(kind),
                  "as many arguments as the message has places");
    return add(Diagnostic(kind, range, {text(args)...}));
  }

  bool hasErrors() const { return errorCount() > 0; }
  size_t errorCount() const { return count(Severity::Error); }
  size_t count(Severity severity) const {
    return counts[static_cast<size_t>(severity)];
  }
  /// How many of them are over the limit.
  size_t left(Severity severity) const {
    return count(severity) - std::min(count(severity), limit);
  }
  /// True once no more errors are kept: time to give up.
  bool isFull() const { return errorCount() >= limit; }
  /// The diagnostics, sorted by place.
  std::vector<Diagnostic> sorted() const;

private:
  template <typename T> static std::string text(const T &value) {
    if constexpr (std::is_integral_v<T>)
      return std::to_string(value);
    else
      return std::string(value);
  }
  Diagnostic &add(Diagnostic diagnostic);

  size_t limit;
  size_t counts[2] = {0, 0}; ///< by severity
  std::vector<Diagnostic> diagnostics;
  std::vector<SourcePtr> files;
  Diagnostic overflow{Diag{}, {}, {}};
};

/// One diagnostic as text: place, message and kind, the line with carets, the
/// second label, the hint.
std::string render(const Diagnostic &diagnostic);
/// All of an engine's diagnostics, and how many were left out.
std::string render(const DiagnosticEngine &engine);

} // namespace seqc::dsl

#endif // SEQC_DSL_DIAG_DIAGNOSTIC_H
