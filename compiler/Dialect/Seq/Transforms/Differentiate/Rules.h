//===- Rules.h - The adjoint of each op -----------------------------------===//
// The table from an op's name to its adjoint. To add an op, write its rule in
// the file of its family and name it in that file's table.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_DIALECT_SEQ_TRANSFORMS_DIFFERENTIATE_RULES_H
#define SEQC_COMPILER_DIALECT_SEQ_TRANSFORMS_DIFFERENTIATE_RULES_H

#include "compiler/Dialect/Seq/Transforms/Differentiate/Adjoints.h"

#include "llvm/ADT/StringMap.h"

#include <functional>

namespace seqc::seq {

/// Adds what the op's operands get of the gradient of its one result.
using Rule =
    std::function<void(mlir::Operation *, mlir::Value gradient, Adjoints &)>;

/// An op whose rule is empty passes no gradient on: its result does not vary
/// with its operands, but in jumps, or must be taken as if it did not.
using Rules = llvm::StringMap<Rule>;

void addElementwiseRules(Rules &rules);
void addProductRules(Rules &rules);
void addReductionRules(Rules &rules);
void addShapeRules(Rules &rules);
void addPositionRules(Rules &rules);
void addTokenRules(Rules &rules);

/// Enters `rule`, which takes the op by its own type.
template <typename OpTy>
void addRule(Rules &rules, void (*rule)(OpTy, mlir::Value, Adjoints &)) {
  rules[OpTy::getOperationName()] =
      [rule](mlir::Operation *op, mlir::Value gradient, Adjoints &adjoints) {
        rule(mlir::cast<OpTy>(op), gradient, adjoints);
      };
}

/// Enters ops that pass no gradient on.
template <typename... OpTys> void addStops(Rules &rules) {
  (rules.try_emplace(OpTys::getOperationName()), ...);
}

/// The rule of `op`; null where there is none.
const Rule *findRule(mlir::Operation *op);

/// Whether `op` has the empty rule.
bool stopsGradient(mlir::Operation *op);

/// The adjoint of a scan, in ScanRule.cpp.
mlir::LogicalResult reverseScan(ScanOp scan, Adjoints &adjoints);

} // namespace seqc::seq

#endif // SEQC_COMPILER_DIALECT_SEQ_TRANSFORMS_DIFFERENTIATE_RULES_H
