//===- Visit.h - Walks over checked expressions ---------------------------===//
// Owns the order in which an expression's parts are visited.
//===----------------------------------------------------------------------===//

#ifndef SEQC_DSL_CHECK_VISIT_H
#define SEQC_DSL_CHECK_VISIT_H

#include "dsl/Check/Program.h"

namespace seqc::dsl {

/// Calls `visit(child)` for each direct part of an expression.
template <typename Visit>
void forEachPart(const TypedExpr &expr, const Visit &visit) {
  for (const TypedPtr &operand : expr.operands)
    if (operand)
      visit(*operand);
  if (const auto *call = expr.as<CallNode>(); call && call->initial)
    visit(*call->initial);
  if (const auto *loop = expr.as<ForNode>()) {
    for (const Statement &statement : loop->body)
      visit(*statement.value);
    for (const TypedPtr &result : loop->results)
      visit(*result);
  }
}

/// Whether an expression or a part of it satisfies the predicate.
template <typename Predicate>
bool contains(const TypedExpr &expr, const Predicate &predicate) {
  if (predicate(expr))
    return true;
  bool found = false;
  forEachPart(expr, [&](const TypedExpr &part) {
    found = found || contains(part, predicate);
  });
  return found;
}

/// Calls `visit(expr, depth)` for an expression and each part of it.
template <typename Visit>
void forEachBelow(const TypedExpr &expr, const Visit &visit,
                  unsigned depth = 1) {
  visit(expr, depth);
  forEachPart(expr, [&](const TypedExpr &part) {
    forEachBelow(part, visit, depth + 1);
  });
}

/// The same for every expression of a definition: its body, results and the
/// initial values of its states.
template <typename Visit>
void forEachExpr(const Definition &definition, const Visit &visit) {
  for (const State &state : definition.states)
    if (state.initial)
      forEachBelow(*state.initial, visit);
  for (const Statement &statement : definition.body)
    forEachBelow(*statement.value, visit);
  for (const TypedPtr &value : definition.returns)
    forEachBelow(*value, visit);
}

/// Whether a function takes and gives scalars through elementwise operations
/// alone.
bool isElementwise(const Definition &definition);

} // namespace seqc::dsl

#endif // SEQC_DSL_CHECK_VISIT_H
