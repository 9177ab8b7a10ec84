//===- ParameterValues.h - What depends on parameters alone ---------------===//
// An analysis of @main: the values that are the same in every call, which
// @pack can compute once.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_DIALECT_SEQ_TRANSFORMS_PARAMETERVALUES_H
#define SEQC_COMPILER_DIALECT_SEQ_TRANSFORMS_PARAMETERVALUES_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/DenseSet.h"

namespace seqc::seq {

/// The values of a function, bodies of scans included, that depend on at least
/// one parameter and on nothing else but constants. It holds for the program
/// that it was made for; `insert` tells it of a new value.
class ParameterValues {
public:
  explicit ParameterValues(mlir::func::FuncOp function);

  bool contains(mlir::Value value) const { return values.contains(value); }
  void insert(mlir::Value value) { values.insert(value); }

private:
  void visit(mlir::Block &block);

  llvm::DenseSet<mlir::Value> values;
};

} // namespace seqc::seq

#endif // SEQC_COMPILER_DIALECT_SEQ_TRANSFORMS_PARAMETERVALUES_H
