//===- StoredResult.h - Products whose sums are only stored ---------------===//
// They need no memory of their own: the result holds the sums from the start.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_CONVERSION_SCHEDTOVECTOR_STOREDRESULT_H
#define SEQC_COMPILER_CONVERSION_SCHEDTOVECTOR_STOREDRESULT_H

#include "compiler/Dialect/Sched/IR/SchedDialect.h"

namespace seqc {

/// The memref in which the epilogue leaves all sums as they are, where it does
/// nothing else: [rows, groups * units]. Null otherwise.
mlir::Value storedResult(sched::ProductOp op);

} // namespace seqc

#endif // SEQC_COMPILER_CONVERSION_SCHEDTOVECTOR_STOREDRESULT_H
