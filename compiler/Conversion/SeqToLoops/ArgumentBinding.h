//===- ArgumentBinding.h - What the caller gave, as memrefs ---------------===//
// Gives each argument of a function of a model the memory that the call holds
// for it, and says where its results go.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_CONVERSION_SEQTOLOOPS_ARGUMENTBINDING_H
#define SEQC_COMPILER_CONVERSION_SEQTOLOOPS_ARGUMENTBINDING_H

#include "compiler/Conversion/SeqToLoops/BlockSchedule.h"

namespace seqc::loops {

class ArgumentBinding {
public:
  /// `function` is the one on tensors that `l` lowers; `l.call`, `l.firstRow`
  /// and the symbols are set.
  ArgumentBinding(Lowering &l, mlir::func::FuncOp function)
      : l(l), function(function) {}

  /// Binds all arguments that are read, but those with `seq.kept`.
  void bindArguments();

  /// The places of all results, but those with `seq.kept`. States that the
  /// caller does not want go to the workspace.
  std::vector<Store> resultStores();

private:
  mlir::Value bindTensor(mlir::Value array, int64_t i, const Sizes &of,
                         mlir::Type element, bool isDense = false);
  mlir::Value bindPacked(int64_t offset, mlir::MemRefType type);
  PackedPanels bindPanels(const PackedTensor::Panels &panels);
  void bindPackedForms(mlir::BlockArgument argument, int64_t n);
  mlir::Value bindState(mlir::BlockArgument argument, int64_t k);
  mlir::Value bindLengths(mlir::BlockArgument argument, int64_t n);
  Store stateStore(mlir::Value value, mlir::Value states, int64_t k);

  Lowering &l;
  mlir::func::FuncOp function;
};

} // namespace seqc::loops

#endif // SEQC_COMPILER_CONVERSION_SEQTOLOOPS_ARGUMENTBINDING_H
