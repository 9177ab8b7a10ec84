//===- TeamCode.h - What a team can share ---------------------------------===//
// Which operations members can work on together, and which write memory.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_DIALECT_SCHED_TRANSFORMS_TEAMCODE_H
#define SEQC_COMPILER_DIALECT_SCHED_TRANSFORMS_TEAMCODE_H

#include "compiler/Dialect/Sched/IR/SchedDialect.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/SymbolTable.h"

namespace seqc::sched {

/// The functions of a module, and what is in them, that a team can share.
class TeamCode {
public:
  explicit TeamCode(mlir::ModuleOp module);

  /// Whether members can work together in `op`.
  bool isShared(mlir::Operation *op) {
    return contains(op, [&](mlir::Operation *inner) {
      return mlir::isa<mlir::scf::ParallelOp, ProductOp>(inner) ||
             callsTeam(inner);
    });
  }

  bool callsTeam(mlir::Operation *op) {
    auto call = mlir::dyn_cast<mlir::func::CallOp>(op);
    return call && functions.contains(calleeOf(call));
  }

  /// Whether `op` may write memory that it has not made itself.
  bool writes(mlir::Operation *op) {
    return contains(
        op, [&](mlir::Operation *inner) { return writesItself(inner); });
  }

  mlir::func::FuncOp calleeOf(mlir::func::CallOp call) {
    return symbols.lookup<mlir::func::FuncOp>(call.getCallee());
  }

  mlir::SymbolTable symbols;
  llvm::SmallVector<TeamOp> roots;
  /// Functions in which members can work together.
  llvm::SetVector<mlir::Operation *> functions;

private:
  static bool contains(mlir::Operation *op,
                       llvm::function_ref<bool(mlir::Operation *)> isSuch) {
    return op
        ->walk([&](mlir::Operation *inner) {
          return isSuch(inner) ? mlir::WalkResult::interrupt()
                               : mlir::WalkResult::advance();
        })
        .wasInterrupted();
  }
  bool writesItself(mlir::Operation *op);
};

} // namespace seqc::sched

#endif // SEQC_COMPILER_DIALECT_SCHED_TRANSFORMS_TEAMCODE_H
