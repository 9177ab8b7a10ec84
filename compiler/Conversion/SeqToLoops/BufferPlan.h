//===- BufferPlan.h - Where each buffer of the workspace lies -------------===//
// Buffers lie one behind the other, each on a cache line, at offsets that are
// computed from the symbols at the function's entry. The same list makes the
// body of NAME_workspace.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_CONVERSION_SEQTOLOOPS_BUFFERPLAN_H
#define SEQC_COMPILER_CONVERSION_SEQTOLOOPS_BUFFERPLAN_H

#include "compiler/Conversion/SeqToLoops/Sizes.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"

namespace seqc::loops {

/// The type that a tensor's element has in memory: a boolean is one byte.
mlir::Type memoryType(mlir::Type element);
int64_t bytesOf(mlir::Type element);

/// `a` rounded up to a multiple of `b`.
constexpr int64_t roundUp(int64_t a, int64_t b) { return (a + b - 1) / b * b; }

/// The type of a dense buffer.
mlir::MemRefType bufferType(llvm::ArrayRef<Size> sizes, mlir::Type element);

class BufferPlan {
public:
  /// Buffers lie from byte `start` of `base` (a memref of bytes) on. Code that
  /// computes offsets is put before `anchor`. `sizes` are the symbols' values
  /// for loops, `capacities` those that the places depend on: they are the
  /// same in every tile. `adder`, where it is given, is a function that adds
  /// two offsets and that LLVM does not see into.
  BufferPlan(mlir::Operation *anchor, mlir::Value base, int64_t start,
             llvm::ArrayRef<mlir::Value> sizes,
             llvm::ArrayRef<mlir::Value> capacities,
             mlir::func::FuncOp adder = {});

  /// A new buffer, that lives as long as the call.
  mlir::Value allocate(llvm::ArrayRef<Size> sizes, mlir::Type element);

  /// Bytes of all buffers, where no size is a symbol.
  int64_t staticBytes() const;

  /// Bytes of all buffers for the given capacities, as an i64 that stays at
  /// its largest value instead of wrapping.
  mlir::Value saturatedBytes(mlir::OpBuilder &b, mlir::Location loc,
                             llvm::ArrayRef<mlir::Value> capacities) const;

private:
  struct Entry {
    Sizes sizes;
    int64_t elementBytes;
  };
  mlir::OpBuilder builder;
  mlir::Location loc;
  mlir::Value base;
  mlir::Value offset;
  llvm::SmallVector<mlir::Value> sizes, capacities;
  mlir::func::FuncOp adder;
  llvm::SmallVector<Entry> entries;
};

/// Arithmetic on i64 without sign that stays at the largest value.
mlir::Value saturatedMul(mlir::OpBuilder &b, mlir::Location loc, mlir::Value x,
                         mlir::Value y);
mlir::Value saturatedAdd(mlir::OpBuilder &b, mlir::Location loc, mlir::Value x,
                         mlir::Value y);
/// At least the number of windows over `length` positions, for a workspace.
mlir::Value saturatedWindows(mlir::OpBuilder &b, mlir::Location loc,
                             mlir::Value length, const seq::WindowShape &shape);

} // namespace seqc::loops

#endif // SEQC_COMPILER_CONVERSION_SEQTOLOOPS_BUFFERPLAN_H
