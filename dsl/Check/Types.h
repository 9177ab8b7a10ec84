//===- Types.h - Types with named shapes ----------------------------------===//
// Owns what a value of the language can be.
//===----------------------------------------------------------------------===//

#ifndef SEQC_DSL_CHECK_TYPES_H
#define SEQC_DSL_CHECK_TYPES_H

#include "dsl/Check/Dims.h"

namespace seqc::dsl {

enum class Element : uint8_t { F32, Token, Bool };

struct Type {
  enum class Kind : uint8_t {
    Tensor, ///< `element` and `shape`; a scalar has no axis
    Tuple,  ///< several results, to be taken apart by `let`
    Record, ///< `parts` with `names`: states, directions
    List,   ///< `count` times `parts[0]`: layers
  };
  Kind kind = Kind::Tensor;
  Element element = Element::F32;
  Dim vocabulary; ///< of a token
  Shape shape;
  std::vector<Type> parts;
  std::vector<std::string> names;
  Dim count;

  static Type tensor(Element element, Shape shape, Dim vocabulary = {});
  static Type number(Shape shape = {}) {
    return tensor(Element::F32, std::move(shape));
  }
  static Type boolean(Shape shape) {
    return tensor(Element::Bool, std::move(shape));
  }
  static Type tuple(std::vector<Type> parts);
  static Type record(std::vector<std::string> names, std::vector<Type> parts);
  static Type list(Dim count, Type part);

  bool isTensor() const { return kind == Kind::Tensor; }
  bool isNumber() const { return isTensor() && element == Element::F32; }
  bool isBool() const { return isTensor() && element == Element::Bool; }
  bool isToken() const { return isTensor() && element == Element::Token; }
  bool isScalar() const { return isTensor() && shape.empty(); }
  /// The position of a record's part.
  std::optional<size_t> find(const std::string &name) const;
  /// The same type with another shape.
  Type withShape(Shape other) const;
  /// With what other names of dimensions stand for in their place.
  Type resolved() const;
  /// With each dimension replaced; nothing if one cannot be.
  std::optional<Type> substitute(const Dim::Substitution &value) const;

  bool operator==(const Type &other) const;
  bool operator!=(const Type &other) const { return !(*this == other); }
};

/// `f32[T, 4*H]`, `token<V>[T]`, `(h: f32[H], c: f32[H])`.
std::string toString(const Type &type);

} // namespace seqc::dsl

#endif // SEQC_DSL_CHECK_TYPES_H
