//===- Dims.cpp - Dimensions: polynomials over names ----------------------===//
// Checked arithmetic in normal form.
//===----------------------------------------------------------------------===//

#include "dsl/Check/Dims.h"

#include <algorithm>

namespace seqc::dsl {

/// Beyond these nobody reads a shape, and arithmetic would cost time.
static constexpr size_t maxTerms = 32;
static constexpr size_t maxDegree = 8;

Dim::Dim(int64_t constant) {
  if (constant != 0)
    terms.push_back({{}, constant});
}

Dim::Dim(const DimSymbol *symbol) {
  terms.push_back({{Name{symbol, nullptr}}, 1});
}

bool Dim::Name::operator==(const Name &other) const {
  if (!windows || !other.windows)
    return symbol == other.symbol && windows == other.windows;
  return *windows == *other.windows;
}

bool Dim::Name::operator<(const Name &other) const {
  if (!windows || !other.windows)
    return symbol && other.symbol ? symbol->index < other.symbol->index
                                  : symbol != nullptr && other.windows;
  const WindowCount &a = *windows;
  const WindowCount &b = *other.windows;
  if (a.source != b.source)
    return less(a.source, b.source);
  if (a.offset != b.offset)
    return less(a.offset, b.offset);
  return less(a.stride, b.stride);
}

bool Dim::less(const Dim &a, const Dim &b) {
  return std::lexicographical_compare(
      a.terms.begin(), a.terms.end(), b.terms.begin(), b.terms.end(),
      [](const Term &x, const Term &y) {
        return x.names != y.names ? before(x, y) : x.factor < y.factor;
      });
}

/// Terms sort by their names in the order of declaration, the constant last.
bool Dim::before(const Term &a, const Term &b) {
  if (a.names.empty() || b.names.empty())
    return b.names.empty() && !a.names.empty();
  return std::lexicographical_compare(a.names.begin(), a.names.end(),
                                      b.names.begin(), b.names.end());
}

std::optional<Dim> Dim::fromTerms(std::vector<Term> terms) {
  std::sort(terms.begin(), terms.end(), before);
  Dim result;
  for (Term &term : terms) {
    if (term.names.size() > maxDegree)
      return std::nullopt;
    if (!result.terms.empty() && result.terms.back().names == term.names) {
      int64_t &factor = result.terms.back().factor;
      if (__builtin_add_overflow(factor, term.factor, &factor))
        return std::nullopt;
    } else {
      result.terms.push_back(std::move(term));
    }
  }
  result.terms.erase(
      std::remove_if(result.terms.begin(), result.terms.end(),
                     [](const Term &term) { return term.factor == 0; }),
      result.terms.end());
  if (result.terms.size() > maxTerms)
    return std::nullopt;
  return result;
}

std::optional<Dim> Dim::add(const Dim &a, const Dim &b) {
  std::vector<Term> terms = a.terms;
  terms.insert(terms.end(), b.terms.begin(), b.terms.end());
  return fromTerms(std::move(terms));
}

std::optional<Dim> Dim::subtract(const Dim &a, const Dim &b) {
  std::optional<Dim> negative = multiply(b, Dim(-1));
  return negative ? add(a, *negative) : std::nullopt;
}

std::optional<Dim> Dim::multiply(const Dim &a, const Dim &b) {
  std::vector<Term> terms;
  for (const Term &x : a.terms)
    for (const Term &y : b.terms) {
      Term product;
      std::merge(x.names.begin(), x.names.end(), y.names.begin(), y.names.end(),
                 std::back_inserter(product.names));
      if (__builtin_mul_overflow(x.factor, y.factor, &product.factor))
        return std::nullopt;
      terms.push_back(std::move(product));
    }
  return fromTerms(std::move(terms));
}

/// By one term: `6*H / 2`, `H*I / H`.
std::optional<Dim> Dim::divide(const Dim &a, const Dim &b) {
  if (b.terms.size() != 1)
    return a == b && !b.terms.empty() ? std::optional<Dim>(Dim(1))
                                      : std::nullopt;
  const Term &divisor = b.terms.front();
  Dim result;
  for (const Term &term : a.terms) {
    Term quotient;
    bool divides = std::includes(term.names.begin(), term.names.end(),
                                 divisor.names.begin(), divisor.names.end());
    if (!divides || divisor.factor == -1 || term.factor % divisor.factor != 0)
      return std::nullopt;
    std::set_difference(term.names.begin(), term.names.end(),
                        divisor.names.begin(), divisor.names.end(),
                        std::back_inserter(quotient.names));
    quotient.factor = term.factor / divisor.factor;
    result.terms.push_back(std::move(quotient));
  }
  return fromTerms(std::move(result.terms));
}

/// Where everything is a number, the number.
static std::optional<int64_t> countOf(const WindowCount &count) {
  std::optional<int64_t> source = count.source.asConstant();
  std::optional<int64_t> offset = count.offset.asConstant();
  std::optional<int64_t> stride = count.stride.asConstant();
  int64_t behind = 0;
  if (!source || !offset || !stride || *stride < 1 ||
      __builtin_add_overflow(*source, *offset, &behind))
    return std::nullopt;
  return behind < 0 ? 0 : behind / *stride + 1;
}

/// Windows, each longer than one position, of windows at every position are
/// longer windows.
static std::optional<WindowCount> joined(const WindowCount &count) {
  const WindowCount *inner = count.source.asWindows();
  std::optional<Dim> longer = Dim::subtract(Dim(-1), count.offset);
  if (!inner || inner->stride != Dim(1) || !longer ||
      !longer->isNeverNegative())
    return std::nullopt;
  std::optional<Dim> offset = Dim::add(inner->offset, count.offset);
  if (offset)
    offset = Dim::add(*offset, Dim(1));
  if (!offset)
    return std::nullopt;
  return WindowCount{inner->source, *offset, count.stride};
}

std::optional<Dim> Dim::windows(const WindowCount &count) {
  constexpr size_t deepest = 256;
  if (count.stride == Dim(1) && count.offset == Dim(-1))
    return count.source;
  if (std::optional<int64_t> number = countOf(count))
    return Dim(*number);
  // Widths are positive, which laying out the model sees to.
  if (count.stride == Dim(1) && !count.source.freeSymbol()) {
    std::optional<Dim> sum = add(count.source, count.offset);
    return sum ? add(*sum, Dim(1)) : std::nullopt;
  }
  if (std::optional<WindowCount> one = joined(count))
    return windows(*one);
  size_t depth = 0;
  for (const Dim *source = &count.source; source->asWindows(); ++depth)
    source = &source->asWindows()->source;
  if (depth > deepest)
    return std::nullopt;
  Dim result;
  result.terms.push_back(
      {{Name{nullptr, std::make_shared<const WindowCount>(count)}}, 1});
  return result;
}

std::optional<int64_t> Dim::asConstant() const {
  if (terms.empty())
    return 0;
  if (terms.size() == 1 && terms.front().names.empty())
    return terms.front().factor;
  return std::nullopt;
}

const DimSymbol *Dim::asSymbol() const {
  bool isBare = terms.size() == 1 && terms.front().factor == 1 &&
                terms.front().names.size() == 1;
  return isBare ? terms.front().names.front().symbol : nullptr;
}

const WindowCount *Dim::asWindows() const {
  bool isBare = terms.size() == 1 && terms.front().factor == 1 &&
                terms.front().names.size() == 1;
  return isBare ? terms.front().names.front().windows.get() : nullptr;
}

std::vector<const DimSymbol *> Dim::symbols() const {
  std::vector<const DimSymbol *> result;
  auto add = [&](const DimSymbol *symbol) {
    if (std::find(result.begin(), result.end(), symbol) == result.end())
      result.push_back(symbol);
  };
  for (const Term &term : terms)
    for (const Name &name : term.names) {
      if (name.symbol) {
        add(name.symbol);
        continue;
      }
      for (const Dim *part : {&name.windows->source, &name.windows->offset,
                              &name.windows->stride})
        for (const DimSymbol *symbol : part->symbols())
          add(symbol);
    }
  return result;
}

const DimSymbol *Dim::freeSymbol() const {
  for (const DimSymbol *symbol : symbols())
    if (symbol->isFree)
      return symbol;
  return nullptr;
}

bool Dim::isNeverNegative() const {
  // At the smallest values, all ones (of windows there may be none), with
  // every negative term a constant: the others only grow.
  int64_t atOnes = 0;
  for (const Term &term : terms) {
    if (term.factor < 0 && !term.names.empty())
      return false;
    if (std::any_of(term.names.begin(), term.names.end(),
                    [](const Name &name) { return name.windows != nullptr; }))
      continue;
    if (__builtin_add_overflow(atOnes, term.factor, &atOnes))
      return false;
  }
  return atOnes >= 0;
}

std::optional<Dim> Dim::Name::substitute(const Substitution &value) const {
  if (symbol)
    return value(*symbol);
  std::optional<Dim> source = windows->source.substitute(value);
  std::optional<Dim> offset = windows->offset.substitute(value);
  std::optional<Dim> stride = windows->stride.substitute(value);
  if (!source || !offset || !stride)
    return std::nullopt;
  return Dim::windows({*source, *offset, *stride});
}

std::optional<Dim> Dim::substitute(const Substitution &value) const {
  Dim result;
  for (const Term &term : terms) {
    std::optional<Dim> product = Dim(term.factor);
    for (const Name &name : term.names) {
      std::optional<Dim> replacement = name.substitute(value);
      if (product && replacement)
        product = multiply(*product, *replacement);
      else
        return std::nullopt;
    }
    if (!product)
      return std::nullopt;
    std::optional<Dim> sum = add(result, *product);
    if (!sum)
      return std::nullopt;
    result = std::move(*sum);
  }
  return result;
}

Dim Dim::resolved() const {
  auto target = [](const DimSymbol &symbol) -> std::optional<Dim> {
    return symbol.aliasOf ? symbol.aliasOf->resolved() : Dim(&symbol);
  };
  return substitute(target).value_or(*this);
}

std::string Dim::Name::str() const {
  return symbol ? symbol->name : windows->str();
}

std::string WindowCount::str() const {
  // With a stride of 1 the one that is added joins the offset.
  bool isEvery = stride == Dim(1);
  std::optional<Dim> sum = Dim::add(source, offset);
  if (sum && isEvery)
    sum = Dim::add(*sum, Dim(1));
  std::string text = sum ? sum->str() : source.str() + " + " + offset.str();
  if (isEvery)
    return text;
  auto inBrackets = [](const std::string &part) {
    bool isName = part.find_first_of(" */") == std::string::npos;
    return isName ? part : "(" + part + ")";
  };
  return inBrackets(text) + "/" + inBrackets(stride.str()) + " + 1";
}

std::string Dim::str() const {
  if (terms.empty())
    return "0";
  std::string out;
  // What is taken away comes behind what it is taken from.
  std::vector<Term> ordered;
  for (bool isAdded : {true, false})
    std::copy_if(
        terms.begin(), terms.end(), std::back_inserter(ordered),
        [&](const Term &term) { return (term.factor > 0) == isAdded; });
  for (const Term &term : ordered) {
    int64_t factor = term.factor;
    if (out.empty())
      out += factor < 0 ? "-" : "";
    else
      out += factor < 0 ? " - " : " + ";
    std::string digits = std::to_string(factor);
    if (factor < 0)
      digits.erase(0, 1);
    std::string product = digits == "1" && !term.names.empty() ? "" : digits;
    bool isAlone = terms.size() == 1 && factor == 1 && term.names.size() == 1;
    for (const Name &name : term.names)
      product += (product.empty() ? "" : "*") +
                 (name.symbol || isAlone ? name.str() : "(" + name.str() + ")");
    out += product;
  }
  return out;
}

std::string toString(const Shape &shape) {
  std::string out;
  for (const Dim &dim : shape)
    out += (out.empty() ? "" : ", ") + dim.str();
  return "[" + out + "]";
}

/// Matches from the front (or, with `step` -1, from the back).
static std::optional<std::vector<int64_t>>
matchFrom(const Shape &part, const Shape &whole, bool fromBack) {
  std::vector<int64_t> axes(part.size());
  size_t at = 0;
  for (size_t i = 0; i < part.size(); ++i) {
    size_t p = fromBack ? part.size() - 1 - i : i;
    auto position = [&] { return fromBack ? whole.size() - 1 - at : at; };
    while (at < whole.size() && whole[position()] != part[p])
      ++at;
    if (at == whole.size())
      return std::nullopt;
    axes[p] = static_cast<int64_t>(position());
    ++at;
  }
  return axes;
}

std::optional<std::vector<int64_t>>
findSubsequence(const Shape &part, const Shape &whole, bool &isAmbiguous) {
  auto first = matchFrom(part, whole, /*fromBack=*/false);
  isAmbiguous = first && *first != *matchFrom(part, whole, /*fromBack=*/true);
  return first;
}

} // namespace seqc::dsl
