//===- Types.cpp - Types with named shapes --------------------------------===//
// Construction, equality, text.
//===----------------------------------------------------------------------===//

#include "dsl/Check/Types.h"

#include <algorithm>

namespace seqc::dsl {

Type Type::tensor(Element element, Shape shape, Dim vocabulary) {
  Type type;
  type.element = element;
  type.shape = std::move(shape);
  type.vocabulary = std::move(vocabulary);
  return type;
}

Type Type::tuple(std::vector<Type> parts) {
  Type type;
  type.kind = Kind::Tuple;
  type.parts = std::move(parts);
  return type;
}

Type Type::record(std::vector<std::string> names, std::vector<Type> parts) {
  Type type;
  type.kind = Kind::Record;
  type.names = std::move(names);
  type.parts = std::move(parts);
  return type;
}

Type Type::list(Dim count, Type part) {
  Type type;
  type.kind = Kind::List;
  type.count = std::move(count);
  type.parts.push_back(std::move(part));
  return type;
}

std::optional<size_t> Type::find(const std::string &name) const {
  auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end())
    return std::nullopt;
  return found - names.begin();
}

Type Type::withShape(Shape other) const {
  return tensor(element, std::move(other), vocabulary);
}

std::optional<Type> Type::substitute(const Dim::Substitution &value) const {
  Type result = *this;
  auto replace = [&](Dim &dim) {
    std::optional<Dim> replaced = dim.substitute(value);
    if (replaced)
      dim = std::move(*replaced);
    return replaced.has_value();
  };
  bool good = replace(result.vocabulary) && replace(result.count) &&
              std::all_of(result.shape.begin(), result.shape.end(), replace);
  for (Type &part : result.parts) {
    std::optional<Type> replaced = part.substitute(value);
    good = good && replaced;
    if (replaced)
      part = std::move(*replaced);
  }
  return good ? std::optional<Type>(std::move(result)) : std::nullopt;
}

Type Type::resolved() const {
  auto target = [](const DimSymbol &symbol) -> std::optional<Dim> {
    return Dim(&symbol).resolved();
  };
  return substitute(target).value_or(*this);
}

bool Type::operator==(const Type &other) const {
  return kind == other.kind && element == other.element &&
         vocabulary == other.vocabulary && shape == other.shape &&
         parts == other.parts && names == other.names && count == other.count;
}

static std::string tensorText(const Type &type) {
  std::string out = type.element == Element::F32    ? "f32"
                    : type.element == Element::Bool ? "bool"
                                                    : "token";
  if (type.element == Element::Token)
    out += "<" + type.vocabulary.str() + ">";
  return type.shape.empty() ? out : out + toString(type.shape);
}

std::string toString(const Type &type) {
  if (type.isTensor())
    return tensorText(type);
  if (type.kind == Type::Kind::List)
    return "[" + type.count.str() + " of " + toString(type.parts.front()) + "]";
  std::string out;
  for (size_t i = 0; i < type.parts.size(); ++i) {
    out += i ? ", " : "";
    if (type.kind == Type::Kind::Record)
      out += type.names[i] + ": ";
    out += toString(type.parts[i]);
  }
  return "(" + out + ")";
}

} // namespace seqc::dsl
