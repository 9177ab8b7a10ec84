//===- Usage.h - What is declared and never used --------------------------===//
// Follows the declarations of a file's own definitions and warns of those that
// nothing uses. Whether a state is read can be told only once every definition
// has been seen: `final.h` reads it from outside.
//===----------------------------------------------------------------------===//

#ifndef SEQC_DSL_CHECK_USAGE_H
#define SEQC_DSL_CHECK_USAGE_H

#include "dsl/Diag/Diagnostic.h"

#include <map>
#include <set>
#include <string>

namespace seqc::dsl {

class Usage {
public:
  enum class Kind : uint8_t {
    Dimension,     ///< in the brackets
    FreeDimension, ///< in the shape of an argument, or another name by `let`
    Argument,
    Name, ///< of a `let` or a `for`
    Parameter,
    State,
    Instance
  };

  /// Declarations up to the next call are those of one more definition.
  void beginDefinition();
  void declare(Kind kind, const std::string &name, SourceRange range);
  /// The name that was declared at `range` stands somewhere.
  void use(SourceRange range) { ++uses[key(range)]; }
  /// `.name` stands somewhere.
  void useField(const std::string &name) { fields.insert(name); }

  /// To be called when everything was checked and nothing was at fault: what
  /// was not checked to its end might use anything.
  void report(DiagnosticEngine &engine) const;

private:
  using Key = std::pair<const SourceFile *, uint32_t>;
  static Key key(SourceRange range) { return {range.file, range.begin}; }

  struct Declaration {
    Kind kind;
    std::string name;
    SourceRange range;
    size_t definition;
  };
  size_t countUses(const Declaration &declaration) const;
  void reportUnused(const Declaration &declaration,
                    DiagnosticEngine &engine) const;
  void reportSimilar(const Declaration &declaration,
                     DiagnosticEngine &engine) const;

  std::vector<Declaration> declarations;
  std::map<Key, size_t> uses;
  std::set<std::string> fields;
  /// The dimensions in the brackets, by definition.
  std::vector<std::vector<Declaration>> brackets;
};

} // namespace seqc::dsl

#endif // SEQC_DSL_CHECK_USAGE_H
