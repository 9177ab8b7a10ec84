//===- SchedDialect.h - The sched dialect and its ops ---------------------===//
// The one header that users of the dialect include.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_DIALECT_SCHED_IR_SCHEDDIALECT_H
#define SEQC_COMPILER_DIALECT_SCHED_IR_SCHEDDIALECT_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"

#include "compiler/Dialect/Sched/IR/SchedDialect.h.inc"

#define GET_OP_CLASSES
#include "compiler/Dialect/Sched/IR/SchedOps.h.inc"

namespace seqc::sched {

/// The mark of a memref whose memory nothing writes while a team works.
inline constexpr llvm::StringLiteral kConstantAttr = "sched.constant";

/// Of two runs of operations in a block, one behind the other, neither of which
/// touches memory that the other writes meanwhile: an i64, twice the number of
/// the pair, and one more for the second run. A team of two has one each.
inline constexpr llvm::StringLiteral kSideAttr = "sched.side";

} // namespace seqc::sched

#endif // SEQC_COMPILER_DIALECT_SCHED_IR_SCHEDDIALECT_H
