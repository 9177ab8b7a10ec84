//===- Structure.h - An order that the spelling does not change -----------===//
// Programs that compute the same in other words differ in the order of ops, of
// addends, of operands. This brings them into one that follows from what is
// computed, and from neither names nor text.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_DIALECT_SEQ_TRANSFORMS_STRUCTURE_H
#define SEQC_COMPILER_DIALECT_SEQ_TRANSFORMS_STRUCTURE_H

#include "compiler/Dialect/Seq/Transforms/ParameterValues.h"

namespace seqc::seq {

/// Orders the operands of commutative ops, and the addends of sums, by what
/// they are made of. Whatever depends on parameters alone counts by its type
/// only. In a sum the first product comes first, then its bias.
void orderOperands(mlir::func::FuncOp function,
                   const ParameterValues &parameters);

/// What a walk from the results of `block` meets, each once, users before what
/// they use.
struct DemandOrder {
  explicit DemandOrder(mlir::Block &block);

  llvm::SmallVector<mlir::Operation *> ops;
  llvm::SmallVector<mlir::BlockArgument> arguments;
};

/// Puts the ops of `block` in the order in which a walk from its results needs
/// them, after those with effects, which keep theirs.
void orderOps(mlir::Block &block);

/// Brings sequences and invariants of scans, then all ops, into the order of
/// the walks above, in all blocks of `function`.
void orderProgram(mlir::func::FuncOp function);

} // namespace seqc::seq

#endif // SEQC_COMPILER_DIALECT_SEQ_TRANSFORMS_STRUCTURE_H
