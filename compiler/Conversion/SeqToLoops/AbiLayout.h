//===- AbiLayout.h - The structs of abi.h, as compiled code sees them -----===//
// The only place that knows where the fields of runtime/core/abi.h lie.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_CONVERSION_SEQTOLOOPS_ABILAYOUT_H
#define SEQC_COMPILER_CONVERSION_SEQTOLOOPS_ABILAYOUT_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"

namespace seqc::loops {

/// The fields of `seqc_call` that compiled code reads, by their place.
enum class CallField {
  Version = 0,
  Dims = 2,
  Lengths = 3,
  Inputs = 4,
  Outputs = 5,
  Packed = 6,
  StatesIn = 7,
  StatesOut = 8,
  Workspace = 9,
  Runtime = 11
};

/// A `seqc_tensor`: its data, and its strides as values of type `index`.
struct AbiTensor {
  mlir::Value data;
  llvm::SmallVector<mlir::Value, 4> strides;
};

/// A `seqc_runtime`: two i64 and a pointer, which may be null.
struct RuntimeBlock {
  mlir::Value seed, step, sampleIds;
};

/// What a `seqc_error` says.
struct ErrorRecord {
  mlir::Value kind, line, column;             // i32
  mlir::Value sample, position, value, bound; // i64
};

mlir::Type pointerType(mlir::MLIRContext *context);

/// Loads a field of the `seqc_call` at `call`.
mlir::Value loadField(mlir::OpBuilder &b, mlir::Location loc, mlir::Value call,
                      CallField field);

/// Loads element `index` of an array of i64, as a value of type `index`.
mlir::Value loadSize(mlir::OpBuilder &b, mlir::Location loc, mlir::Value array,
                     int64_t index);

/// Loads element `index` of an array of pointers.
mlir::Value loadPointer(mlir::OpBuilder &b, mlir::Location loc,
                        mlir::Value array, int64_t index);

/// Reads element `index` of an array of `seqc_tensor`.
AbiTensor loadTensor(mlir::OpBuilder &b, mlir::Location loc, mlir::Value array,
                     int64_t index, int64_t rank);

/// Reads the run-time block of the `seqc_call` at `call`, zeros if it has none.
RuntimeBlock loadRuntime(mlir::OpBuilder &b, mlir::Location loc,
                         mlir::Value call);

/// Loads element `index` (of type `index`) of an array of i64.
mlir::Value loadI64(mlir::OpBuilder &b, mlir::Location loc, mlir::Value array,
                    mlir::Value index);

mlir::Value nullPointer(mlir::OpBuilder &b, mlir::Location loc);
mlir::Value isNull(mlir::OpBuilder &b, mlir::Location loc, mlir::Value pointer);

/// The address `bytes` (of type `index`) behind `pointer`.
mlir::Value advance(mlir::OpBuilder &b, mlir::Location loc, mlir::Value pointer,
                    mlir::Value bytes);

/// A memref of `type` at `data`, whose descriptor holds the given offset,
/// sizes and strides (values of type `index`).
mlir::Value makeMemRef(mlir::OpBuilder &b, mlir::Location loc,
                       mlir::MemRefType type, mlir::Value data,
                       mlir::Value offset, mlir::ValueRange sizes,
                       mlir::ValueRange strides);

/// Keeps the symbol of a function that has a body inside of its object file.
void makeInternal(mlir::func::FuncOp function);

/// Asks for small code where a function runs once for a whole model or call.
void makeSmall(mlir::func::FuncOp function);

/// Writes `record` into a `seqc_error` on the stack and calls `seqc_report`.
void reportError(mlir::OpBuilder &b, mlir::Location loc, mlir::Value call,
                 const ErrorRecord &record);

} // namespace seqc::loops

#endif // SEQC_COMPILER_CONVERSION_SEQTOLOOPS_ABILAYOUT_H
