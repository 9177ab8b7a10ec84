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
  Team = 10,
  Runtime = 11,
  Error = 12
};

/// The fields of `seqc_step`, by their place.
enum class StepField {
  Call = 0,
  Params = 1,
  Packed = 2,
  Sums = 3,
  States = 4,
  Scalars = 5,
  Norm = 6,
  Weight = 7,
  ClipNorm = 8,
  Update = 9
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

/// Loads a field of the `seqc_step` at `step`.
mlir::Value loadField(mlir::OpBuilder &b, mlir::Location loc, mlir::Value step,
                      StepField field);

/// A new `seqc_call` on the stack, all null but what makes it one.
mlir::Value makeCall(mlir::OpBuilder &b, mlir::Location loc);
void storeField(mlir::OpBuilder &b, mlir::Location loc, mlir::Value call,
                CallField field, mlir::Value value);

/// An array on the stack, of `type` or of `seqc_tensor`.
mlir::Value makeArray(mlir::OpBuilder &b, mlir::Location loc, mlir::Type type,
                      int64_t size);
mlir::Value makeTensors(mlir::OpBuilder &b, mlir::Location loc, int64_t size);

/// Writes element `index` of an array of i64 (from a value of type `index`),
/// or of `seqc_tensor`.
void storeSize(mlir::OpBuilder &b, mlir::Location loc, mlir::Value array,
               int64_t index, mlir::Value value);
void storeTensor(mlir::OpBuilder &b, mlir::Location loc, mlir::Value array,
                 int64_t index, mlir::Value data, mlir::Value strides);

/// Loads the pointer to the caller's lengths of dimension `n`; null where all
/// are full.
mlir::Value loadLengths(mlir::OpBuilder &b, mlir::Location loc,
                        mlir::Value call, int64_t n);

/// Loads element `index` of an array of i64, as a value of type `index`.
mlir::Value loadSize(mlir::OpBuilder &b, mlir::Location loc, mlir::Value array,
                     int64_t index);

/// Loads element `index` of an array of pointers.
mlir::Value loadPointer(mlir::OpBuilder &b, mlir::Location loc,
                        mlir::Value array, int64_t index);

/// The same, and the data of such an element of an array of `seqc_tensor`, for
/// an `index` of type `index`.
mlir::Value loadPointer(mlir::OpBuilder &b, mlir::Location loc,
                        mlir::Value array, mlir::Value index);
mlir::Value loadData(mlir::OpBuilder &b, mlir::Location loc, mlir::Value array,
                     mlir::Value index);

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
