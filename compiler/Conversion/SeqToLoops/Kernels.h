//===- Kernels.h - The code of each operation with a buffer ---------------===//
// Each function makes the code of one operation at the builder's place. The
// result's buffer is in `Lowering::buffers` before, but for a scan's states.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_CONVERSION_SEQTOLOOPS_KERNELS_H
#define SEQC_COMPILER_CONVERSION_SEQTOLOOPS_KERNELS_H

#include "compiler/Conversion/SeqToLoops/Lowering.h"

namespace seqc::loops {

struct Store;

/// A product with packed weights that a scan alone reads, and that is made as
/// the scan goes, in blocks of steps.
struct StreamedProduct {
  seq::ContractOp op;
  /// As of emitPanelProduct.
  mlir::Value addend, result;
};

/// A loop over time; `streamed` are made in it.
void emitScan(Lowering &l, seq::ScanOp op,
              llvm::ArrayRef<StreamedProduct> streamed);

/// A loop over time with the products that are made in it.
struct ScanWork {
  seq::ScanOp op;
  llvm::ArrayRef<StreamedProduct> streamed;
};

/// Two loops as one over blocks of steps: `second`, which reads what `first`
/// gives only by its streamed products, is a block behind.
void emitWave(Lowering &l, ScanWork first, ScanWork second);

/// Positions of a leading axis of a product.
struct AxisPart {
  int64_t axis;
  mlir::Value begin, size;
};

/// A product with packed weights; `addend` (a tensor, or null) is what the
/// sums begin with, `result` the tensor whose buffer is filled.
void emitPanelProduct(Lowering &l, seq::ContractOp op, mlir::Value addend,
                      mlir::Value result);

/// What is made of the sums of a product [rows, N] in its kernel: stores of
/// [rows, units], and the sums themselves where others read them too.
struct Epilogue {
  std::vector<Store> stores;
  bool keepsSums = false;
};

/// The same with an epilogue.
void emitPanelProduct(Lowering &l, seq::ContractOp op, mlir::Value addend,
                      mlir::Value result, const Epilogue &epilogue);

/// Only `part` of it: `lhs` is a memref of that part of the left operand.
void emitPanelProduct(Lowering &l, seq::ContractOp op, mlir::Value addend,
                      mlir::Value result, const AxisPart &part,
                      mlir::Value lhs);

/// The vector that `addend` repeats in every row, where it is such a
/// broadcast: a bias. Null otherwise.
mlir::Value repeatedRow(Lowering &l, mlir::Value addend);

/// What the buffer of `op` begins with: of `product` itself nothing, of the sum
/// of it and an addend that.
mlir::Value addendOf(mlir::Operation *op, seq::ContractOp product);

/// Any contraction.
void emitContract(Lowering &l, seq::ContractOp op);

/// Whether `op` is a sum over leading axes, the rows among them, of products of
/// what is behind these in either operand: the gradient of a product's weights.
bool hasOuterForm(Lowering &l, seq::ContractOp op);
/// Whether such a sum, moreover, can be left where its buffer lies.
bool isOuterProduct(Lowering &l, seq::ContractOp op);

/// Such a sum plus `addend`, which is in memory (null: zero), in the buffer of
/// `sum`; where `task` is given, the block of it that is that task's.
void emitOuterProduct(Lowering &l, seq::ContractOp op, mlir::Value addend,
                      mlir::Value sum, mlir::Value task = {});
int64_t outerProductTasks(seq::ContractOp op);

void emitReduce(Lowering &l, seq::ReduceOp op);
void emitSoftmax(Lowering &l, seq::SoftmaxOp op);
void emitCumsum(Lowering &l, seq::CumsumOp op);

/// The memory of windows: the operand's positions with zeros around them.
mlir::Value paddedBuffer(Lowering &l, seq::WindowsOp op);

/// All windows as a memref of it, and the place in it where the operand goes.
mlir::Value windowsView(Lowering &l, seq::WindowsOp op);
mlir::Value windowsInput(Lowering &l, seq::WindowsOp op);

/// Sets the zeros around the operand.
void emitWindows(Lowering &l, seq::WindowsOp op);

/// Adds windows where they lie.
void emitOverlapAdd(Lowering &l, seq::OverlapAddOp op);

/// Writes the logical numbers of the samples.
void emitSampleIds(Lowering &l, seq::SampleIdsOp op);

void emitGather(Lowering &l, seq::GatherOp op);
void emitOneHot(Lowering &l, seq::OneHotOp op);
/// `task`: that task's columns of the result alone.
void emitScatterAdd(Lowering &l, seq::ScatterAddOp op, mlir::Value task = {});
int64_t scatterAddTasks(seq::ScatterAddOp op);
void emitRequireLength(Lowering &l, seq::RequireLengthOp op);

} // namespace seqc::loops

#endif // SEQC_COMPILER_CONVERSION_SEQTOLOOPS_KERNELS_H
