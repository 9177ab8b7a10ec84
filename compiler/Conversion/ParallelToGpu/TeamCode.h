//===- TeamCode.h - Code of one task for a block of threads ---------------===//
// What the threads of a block do together, what each does for itself, and
// where they wait for each other.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_CONVERSION_PARALLELTOGPU_TEAMCODE_H
#define SEQC_COMPILER_CONVERSION_PARALLELTOGPU_TEAMCODE_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/SymbolTable.h"

namespace seqc {

/// Makes team code of all functions of `kernels` that have parallel loops, and
/// of those that call them: it is run by all `threads` of a block, which share
/// out the positions of each outermost parallel loop.
///
/// Everything else in team code runs in every thread alike (is *uniform*), but
/// for what writes memory: that one thread does. So a value outside of the
/// loops is the same in all threads: it follows from arguments, from the
/// block's number, and from memory, of which all threads read the same, because
/// there is a barrier between a write and any read of another thread, and
/// between a read and any later write. A thread's own number is read by the
/// loops and branches that are made here, and these have no results. Hence the
/// threads of a block take the same way through everything that is not in such
/// a loop or branch, and meet at each barrier, which never stands in one.
///
/// Fails, with an error on the operation, where code cannot be shared so.
mlir::LogicalResult shareOut(mlir::gpu::GPUModuleOp kernels, int64_t threads);

} // namespace seqc

#endif // SEQC_COMPILER_CONVERSION_PARALLELTOGPU_TEAMCODE_H
