//===- ProductStream.h - Products made in blocks of a scan's steps --------===//
// What a product outside of a loop makes for the loop alone need not be there
// for all steps at once: made block by block, it is still in a cache when the
// steps read it, and takes no memory that grows with their number.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_CONVERSION_SEQTOLOOPS_PRODUCTSTREAM_H
#define SEQC_COMPILER_CONVERSION_SEQTOLOOPS_PRODUCTSTREAM_H

#include "compiler/Conversion/SeqToLoops/Kernels.h"

namespace seqc::loops {

/// Whether `result`, the value of a product with packed weights that `scan`
/// alone reads, can be made in blocks: the rows of a tile, the steps, a row of
/// columns.
bool canStream(Lowering &l, seq::ScanOp scan, mlir::Value result);

/// The streamed products of one scan.
class ProductStream {
public:
  /// `steps`: how many the scan has.
  ProductStream(Lowering &l, llvm::ArrayRef<StreamedProduct> products,
                mlir::Value steps);

  /// The steps of a block; the last one may have fewer.
  mlir::Value stepsOfBlock() const { return most; }

  /// Makes the products for `part` of the steps, and says where they lie.
  void fill(const AxisPart &part);

private:
  mlir::Value allocate(const StreamedProduct &product, int which,
                       mlir::Type element);
  mlir::Value blockOf(mlir::Value buffer, int64_t columns, mlir::Value begin,
                      mlir::Value rowSteps, mlir::Value size);
  void copy(mlir::Value from, mlir::Value to, mlir::Value size);
  mlir::Value copyOperand(const StreamedProduct &product, const AxisPart &part);

  Lowering &l;
  llvm::ArrayRef<StreamedProduct> products;
  mlir::Value steps, most;
};

} // namespace seqc::loops

#endif // SEQC_COMPILER_CONVERSION_SEQTOLOOPS_PRODUCTSTREAM_H
