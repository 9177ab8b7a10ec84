//===- ModelContext.h - What the functions of a model share ---------------===//
// The program on tensors, its sizes, and what each function of the model's
// does first: read the symbols, find its part of the workspace.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_CONVERSION_SEQTOLOOPS_MODELCONTEXT_H
#define SEQC_COMPILER_CONVERSION_SEQTOLOOPS_MODELCONTEXT_H

#include "compiler/Conversion/SeqToLoops/Lowering.h"

namespace seqc::loops {

/// The signature of a task: the call, the task's number, the worker's.
mlir::FunctionType taskType(mlir::MLIRContext *context);

/// Tiles as windows over the rows: there are as many as the call cuts the batch
/// into (ModelEntry.cpp), but none of an empty one.
seq::WindowShape tilesOf(const TargetDescription &target);

struct ModelContext {
  /// `sums` may be null.
  ModelContext(mlir::func::FuncOp main, mlir::func::FuncOp sums,
               const PackedLayout &packed, const TargetDescription &target,
               llvm::StringRef name);

  /// A private function for tasks, in front of @main.
  mlir::func::FuncOp makeTask(llvm::StringRef suffix);

  /// The batch, the dimensions and what is derived from them, of the call
  /// whose `dims` is given.
  llvm::SmallVector<mlir::Value> readSymbols(mlir::ImplicitLocOpBuilder &b,
                                             mlir::Value dimsArray) const;

  /// A memref of `bytes` of the workspace of `l.call`, from `start` on.
  mlir::Value workspace(Lowering &l, mlir::Value start,
                        mlir::Value bytes) const;

  /// A plan of buffers in `base`, made before what `l` makes next.
  BufferPlan makePlan(Lowering &l, mlir::Value base,
                      llvm::ArrayRef<mlir::Value> sizes,
                      llvm::ArrayRef<mlir::Value> capacities);

  /// The sizes that `kept`, a result of @main for @sums, has for the whole
  /// batch: where a tile gives one, there is one for each tile.
  Sizes sizesOfKept(mlir::Value kept);

  mlir::func::FuncOp main, sums;
  const PackedLayout &packed;
  const TargetDescription &target;
  std::string name;
  SizeAnalysis sizes;
  /// Length of the call's `dims`.
  int64_t dims;

private:
  void setSumsSizes();
  mlir::func::FuncOp offsetAdder();
};

} // namespace seqc::loops

#endif // SEQC_COMPILER_CONVERSION_SEQTOLOOPS_MODELCONTEXT_H
