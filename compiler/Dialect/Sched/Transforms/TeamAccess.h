//===- TeamAccess.h - What members of a team do to memory -----------------===//
// Which buffers an operation reads and writes, and which part of them each
// member touches: so that members wait for each other where one needs what
// another has written, and nowhere else.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_DIALECT_SCHED_TRANSFORMS_TEAMACCESS_H
#define SEQC_COMPILER_DIALECT_SCHED_TRANSFORMS_TEAMACCESS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/SymbolTable.h"

namespace seqc::sched {

/// Which member touches which part of a buffer.
struct Part {
  enum Kind {
    /// Any member any part.
    All,
    /// The first member alone.
    One,
    /// Each its own columns of the last axis, which has `columns`.
    Columns
  };
  Kind kind = All;
  int64_t columns = 0;

  bool operator==(const Part &o) const {
    return kind == o.kind && columns == o.columns;
  }
};

/// One buffer that an operation touches. Where it comes from the caller `root`
/// is null: two of the caller's may be the same memory.
struct Access {
  mlir::Value root;
  bool isWrite;
  Part part;

  bool operator==(const Access &o) const {
    return root == o.root && isWrite == o.isWrite && part == o.part;
  }
};

using Accesses = llvm::SmallVector<Access, 8>;

/// Whether one member may touch what another touches, and one of them writes.
bool isInConflict(llvm::ArrayRef<Access> some, llvm::ArrayRef<Access> others);

/// Adds what is not there yet; whether there was any.
bool unite(Accesses &accesses, llvm::ArrayRef<Access> more);

/// Members read any part of `memref`.
void addReads(mlir::Value memref, Accesses &accesses);

/// Everything that `op` and what is in it touch, each member any part.
void addAccesses(mlir::Operation *op, Part part, mlir::SymbolTable &symbols,
                 Accesses &accesses);

/// What the work on columns `column` of `columns` in `body` touches: a member
/// has those columns to itself in memory that is indexed by `column`.
void addColumnAccesses(mlir::Region &body, mlir::Value column, int64_t columns,
                       mlir::SymbolTable &symbols, Accesses &accesses);

} // namespace seqc::sched

#endif // SEQC_COMPILER_DIALECT_SCHED_TRANSFORMS_TEAMACCESS_H
