//===- Match.h - A call in the making -------------------------------------===//
// What is known of a call while its arguments are matched with what the callee
// declares.
//===----------------------------------------------------------------------===//

#ifndef SEQC_DSL_CHECK_MATCH_H
#define SEQC_DSL_CHECK_MATCH_H

#include "dsl/Check/Checker.h"

namespace seqc::dsl {

struct DefinitionChecker::Match {
  const CallExpr &call;
  SourceRange range;
  const Definition &callee;
  Use *use; ///< null for a function
  std::vector<TypedPtr> arguments = {};
  std::vector<bool> isDefault = {}; ///< left out by the call

  /// Values of the callee's dimensions in the caller's, and where each was
  /// decided.
  std::vector<std::optional<Dim>> dims = {};
  std::vector<SourceRange> decided = {};

  unsigned lift = 0;
  std::vector<bool> isLifted = {};
  std::vector<bool> isSequence = {};
  Shape prefix = {};            ///< the axes that are mapped over
  std::optional<Dim> time = {}; ///< the axis that a recurrence walks along

  bool isRecurrence() const { return use && use->recurrence; }
  bool takesSequence(size_t i) const {
    return i < isSequence.size() && isSequence[i];
  }
  /// How many leading axes of an argument the callee does not see.
  size_t leading(size_t i) const {
    return (isLifted[i] ? lift : 0) + (takesSequence(i) ? 1 : 0);
  }
  /// Values of all dimensions, once inferred.
  std::vector<Dim> values() const {
    std::vector<Dim> result;
    for (const std::optional<Dim> &dim : dims)
      result.push_back(dim.value_or(Dim()));
    completeDims(callee, result);
    return result;
  }
};

/// The type with axes in front of every tensor in it.
Type withPrefix(const Type &type, const Shape &prefix);

} // namespace seqc::dsl

#endif // SEQC_DSL_CHECK_MATCH_H
