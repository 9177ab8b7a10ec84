//===- SeqDialect.h - The seq dialect, its attributes and ops -------------===//
// The one header that users of the dialect include.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_DIALECT_SEQ_IR_SEQDIALECT_H
#define SEQC_COMPILER_DIALECT_SEQ_IR_SEQDIALECT_H

#include "compiler/Dialect/Seq/IR/WindowShape.h"

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "compiler/Dialect/Seq/IR/SeqDialect.h.inc"
#include "compiler/Dialect/Seq/IR/SeqEnums.h.inc"

#define GET_ATTRDEF_CLASSES
#include "compiler/Dialect/Seq/IR/SeqAttrs.h.inc"

namespace seqc::seq {

/// Builds the body of a scan: gives the states after the step, then the step's
/// outputs.
using ScanBodyFn = llvm::function_ref<llvm::SmallVector<mlir::Value>(
    mlir::OpBuilder &, mlir::Location, mlir::ValueRange elements,
    mlir::ValueRange states, mlir::ValueRange invariants)>;

/// Builds the body of a map: gives what each position yields.
using MapBodyFn = llvm::function_ref<llvm::SmallVector<mlir::Value>(
    mlir::OpBuilder &, mlir::Location, mlir::ValueRange elements,
    mlir::ValueRange invariants)>;

/// How a reshape cuts anew: `from` axes of the operand, from `firstFrom` on,
/// are `to` axes of the result from `firstTo` on. A dynamic axis is a part of
/// its own.
struct ReshapePart {
  int64_t firstFrom, from;
  int64_t firstTo, to;

  /// One axis that stays as it is.
  bool isAxis() const { return from == 1 && to == 1; }
};

} // namespace seqc::seq

namespace seqc::seq {
class Batcher;
} // namespace seqc::seq

#include "compiler/Dialect/Seq/IR/SeqInterfaces.h.inc"

#define GET_OP_CLASSES
#include "compiler/Dialect/Seq/IR/SeqOps.h.inc"

#endif // SEQC_COMPILER_DIALECT_SEQ_IR_SEQDIALECT_H
