//===- CheckWindows.cpp - Windows, and the dimensions that they make ------===//
// How many windows there are is a dimension that no name stands for: a result
// gives it one.
//===----------------------------------------------------------------------===//

#include "dsl/Check/Checker.h"
#include "dsl/Diag/Suggest.h"

#include <algorithm>

namespace seqc::dsl {

/// The type of the windows of `type` along `node.axis`; nothing where a
/// dimension becomes too large.
static std::optional<Type> typeOfWindows(const Type &type,
                                         const WindowsNode &node) {
  std::optional<Dim> offset = Dim::add(node.before.dim, node.after.dim);
  if (offset)
    offset = Dim::subtract(*offset, node.size.dim);
  if (!offset)
    return std::nullopt;
  Shape shape = type.shape;
  std::optional<Dim> count =
      Dim::windows({shape[node.axis], *offset, node.stride.dim});
  if (!count)
    return std::nullopt;
  shape[node.axis] = *count;
  shape.insert(shape.begin() + node.axis + 1, node.size.dim);
  return type.withShape(std::move(shape));
}

/// `windows(x, size, over = T, stride = 1, before = 0, after = 0)`.
TypedPtr DefinitionChecker::callWindows(const Expr &expr,
                                        const CallExpr &call) {
  std::vector<const Expr *> values;
  if (!arrange(call, {"x", "size", "over"}, values,
               {"stride", "before", "after"}))
    return nullptr;
  TypedPtr x = checkNumber(*values[0]);
  std::optional<int64_t> axis =
      x ? findAxis(*x, *values[2]) : std::optional<int64_t>();
  bool good = axis.has_value();
  auto given = [&](size_t which, int64_t otherwise) {
    WindowsNode::Written written{Dim(otherwise), expr.range};
    if (!values[which])
      return written;
    std::optional<Dim> dim = checkStaticDim(*values[which]);
    good &= dim.has_value();
    return WindowsNode::Written{dim.value_or(Dim()), values[which]->range};
  };
  WindowsNode node{axis.value_or(0), given(1, 1), given(3, 1), given(4, 0),
                   given(5, 0)};
  if (!good)
    return nullptr;
  std::optional<Type> type = typeOfWindows(x->type, node);
  if (!type) {
    engine.report<Diag::DimensionTooLarge>(expr.range);
    return nullptr;
  }
  return make(expr.range, std::move(*type), std::move(node),
              list(std::move(x)));
}

//===----------------------------------------------------------------------===//
// Dimensions of results
//===----------------------------------------------------------------------===//

void DefinitionChecker::introduceMadeDims() {
  for (const ResultDecl &result : def.decl->results)
    for (const ExprPtr &dim : result.type.dims)
      if (DimSymbol *symbol = introduceDim(*dim))
        made.push_back(symbol);
}

/// The body does not see them: it makes them, and may give them this name.
void DefinitionChecker::forgetMadeDims() {
  for (const DimSymbol *symbol : made)
    scope.erase(symbol->name);
}

/// Binds the made dimensions of a result to those that the value has there.
/// False, and reported, where that is none that the body makes.
bool DefinitionChecker::bindMadeDims(const Named &result, const Type &given) {
  if (!given.isTensor() || given.shape.size() != result.type.shape.size())
    return true;
  for (size_t i = 0; i < given.shape.size(); ++i) {
    const DimSymbol *symbol = result.type.shape[i].asSymbol();
    auto found = std::find(made.begin(), made.end(), symbol);
    if (found == made.end() || (*found)->aliasOf)
      continue;
    Dim dim = given.shape[i].resolved();
    if (!dim.asWindows()) {
      reportUnknownDim(symbol->range, symbol->name);
      return false;
    }
    (*found)->aliasOf = std::make_shared<const Dim>(std::move(dim));
  }
  return true;
}

/// Where a fault left nothing to bind them to, only a name that is close to
/// another is surely no new one.
void DefinitionChecker::checkMadeDims() {
  for (const DimSymbol *symbol : made) {
    if (symbol->aliasOf)
      continue;
    def.isUsable = false;
    std::vector<std::string_view> others;
    for (const auto &dim : def.dims)
      if (dim.get() != symbol)
        others.push_back(dim->name);
    if (def.returns.empty() && !didYouMean(symbol->name, others).empty())
      reportUnknownDim(symbol->range, symbol->name);
  }
}

} // namespace seqc::dsl
