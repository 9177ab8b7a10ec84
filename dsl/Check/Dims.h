//===- Dims.h - Dimensions: polynomials over names ------------------------===//
// Owns the arithmetic of shapes. A `Dim` is a polynomial with integer
// coefficients over the dimension names of one definition, and over numbers of
// windows, which follow from other dimensions; in a normal form: two
// dimensions are equal if and only if their forms are, whatever the values of
// the names.
//===----------------------------------------------------------------------===//

#ifndef SEQC_DSL_CHECK_DIMS_H
#define SEQC_DSL_CHECK_DIMS_H

#include "dsl/Diag/SourceFile.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace seqc::dsl {

class Dim;

/// A dimension name of a definition.
struct DimSymbol {
  std::string name;
  SourceRange range;
  /// Position in the definition's `dims`; names sort by it.
  unsigned index = 0;
  /// Not in the brackets: bound anew by each call, perhaps to a length that
  /// is known only at run time.
  bool isFree = false;
  /// What it is another name for, where a `let` made it one, or a result that
  /// has a dimension which the body makes.
  std::shared_ptr<const Dim> aliasOf = nullptr;
};

/// A number of windows over a dimension: `(source + offset) / stride + 1`,
/// rounded down, or 0 where `source + offset` is negative.
struct WindowCount;

class Dim {
public:
  Dim() = default;
  /*implicit*/ Dim(int64_t constant);
  /*implicit*/ Dim(const DimSymbol *symbol);

  /// Nothing where a number or the polynomial itself becomes too large, or a
  /// quotient is not exact.
  static std::optional<Dim> add(const Dim &a, const Dim &b);
  static std::optional<Dim> subtract(const Dim &a, const Dim &b);
  static std::optional<Dim> multiply(const Dim &a, const Dim &b);
  static std::optional<Dim> divide(const Dim &a, const Dim &b);
  /// A number of windows; `offset` and `stride` name no free dimension.
  static std::optional<Dim> windows(const WindowCount &count);

  bool operator==(const Dim &other) const { return terms == other.terms; }
  bool operator!=(const Dim &other) const { return !(*this == other); }

  std::optional<int64_t> asConstant() const;
  /// The name, where it is one and nothing else.
  const DimSymbol *asSymbol() const;
  /// The number of windows, where it is one and nothing else.
  const WindowCount *asWindows() const;
  /// Every name in it.
  std::vector<const DimSymbol *> symbols() const;
  /// The first free name in it, or null.
  const DimSymbol *freeSymbol() const;
  /// Not negative, whatever (positive) values the names have.
  bool isNeverNegative() const;

  /// With each name replaced; nothing if the result grows too large or a name
  /// has no value.
  using Substitution =
      std::function<std::optional<Dim>(const DimSymbol &symbol)>;
  std::optional<Dim> substitute(const Substitution &value) const;

  /// With what other names stand for in their place.
  Dim resolved() const;

  /// `4*H`, `E + H - 1`.
  std::string str() const;

private:
  /// A name, or a number of windows.
  struct Name {
    const DimSymbol *symbol = nullptr;
    std::shared_ptr<const WindowCount> windows;
    bool operator==(const Name &other) const;
    /// In the order of declaration, numbers of windows last.
    bool operator<(const Name &other) const;
    std::optional<Dim> substitute(const Substitution &value) const;
    std::string str() const;
  };
  /// A product of names (sorted, repeated for powers) and its factor.
  struct Term {
    std::vector<Name> names;
    int64_t factor = 0;
    bool operator==(const Term &other) const {
      return factor == other.factor && names == other.names;
    }
  };
  static bool before(const Term &a, const Term &b);
  /// Any order that tells all apart.
  static bool less(const Dim &a, const Dim &b);
  static std::optional<Dim> fromTerms(std::vector<Term> terms);

  std::vector<Term> terms; ///< sorted, no factor is zero
};

struct WindowCount {
  Dim source;
  Dim offset;
  Dim stride;

  bool operator==(const WindowCount &o) const {
    return source == o.source && offset == o.offset && stride == o.stride;
  }
  /// `(T - K)/2 + 1`
  std::string str() const;
};

using Shape = std::vector<Dim>;

/// `[T, 4*H]`
std::string toString(const Shape &shape);

/// Where each axis of `part` is found in `whole`, in order; nothing if `part`
/// is no subsequence of it. `isAmbiguous` is set where it is one in more than
/// one way.
std::optional<std::vector<int64_t>>
findSubsequence(const Shape &part, const Shape &whole, bool &isAmbiguous);

} // namespace seqc::dsl

#endif // SEQC_DSL_CHECK_DIMS_H
