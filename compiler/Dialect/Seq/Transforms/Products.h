//===- Products.h - Products of data with a weight ------------------------===//
// The one form of a product that seq-fuse-gates cuts and joins, and the two
// rewritings.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_DIALECT_SEQ_TRANSFORMS_PRODUCTS_H
#define SEQC_COMPILER_DIALECT_SEQ_TRANSFORMS_PRODUCTS_H

#include "compiler/Dialect/Seq/IR/SeqDialect.h"
#include "compiler/Dialect/Seq/Transforms/ParameterValues.h"

namespace seqc::seq {

/// A contraction of one axis of `data` with a matrix that depends on
/// parameters alone. The last axis of the result are the weight's columns.
struct Product {
  ContractOp op;
  bool dataIsLeft;

  // Read from the op each time: rewriting one product may change another.
  mlir::Value data() const { return op->getOperand(dataIsLeft ? 0 : 1); }
  mlir::Value weight() const { return op->getOperand(dataIsLeft ? 1 : 0); }
  int64_t dataAxis() const {
    ContractOp it = op;
    return (dataIsLeft ? it.getLhsAxes() : it.getRhsAxes()).front();
  }
  int64_t weightAxis() const {
    ContractOp it = op;
    return (dataIsLeft ? it.getRhsAxes() : it.getLhsAxes()).front();
  }
  mlir::Value result() const { return ContractOp(op).getResult(); }
  /// How many columns the product has.
  int64_t columns() const { return ContractOp(op).getType().getShape().back(); }
  /// The weight with the columns first: [columns, summed].
  mlir::Value columnsFirst(mlir::OpBuilder &builder) const;
  /// The product with another weight, columns first.
  mlir::Value withWeight(mlir::OpBuilder &builder, mlir::Value columns) const;
};

std::optional<Product> matchProduct(mlir::Operation *op,
                                    const ParameterValues &parameters);

/// Cuts each product in `block` that is read in slices of its columns only
/// into the products that give them. Every product has its data on the left
/// and its weight's columns first afterwards.
void cutProducts(mlir::Block &block, const ParameterValues &parameters);

/// Joins the products in `block` that have the same data, in the order in
/// which a walk from the block's results meets them. With `withBiases` the
/// vectors that are added to them are joined too. Afterwards the block needs
/// `orderOps`.
void joinProducts(mlir::Block &block, const ParameterValues &parameters,
                  bool withBiases);

} // namespace seqc::seq

#endif // SEQC_COMPILER_DIALECT_SEQ_TRANSFORMS_PRODUCTS_H
