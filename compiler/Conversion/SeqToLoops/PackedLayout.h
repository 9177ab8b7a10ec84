//===- PackedLayout.h - How packed tensors lie in memory ------------------===//
// Decides, for @pack that writes them and @main that reads them, the form and
// the place of each packed tensor. Weights of products lie in panels of
// columns, as the kernels read them; everything else lies row by row.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_CONVERSION_SEQTOLOOPS_PACKEDLAYOUT_H
#define SEQC_COMPILER_CONVERSION_SEQTOLOOPS_PACKEDLAYOUT_H

#include "compiler/Dialect/Seq/IR/SeqDialect.h"
#include "compiler/Target/Precision.h"
#include "compiler/Target/TargetDescription.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace seqc::loops {

/// Weights [groups * units, K] in panels as `sched.product` has them:
/// [panels][K / pack][groups * panelUnits * pack], zero where a panel has no
/// unit and behind K.
struct PanelShape {
  int64_t units = 0, k = 0;
  int64_t groups = 1, panelUnits = 1;
  /// What one instruction takes along K: as many steps are filled up.
  int64_t stepsAtOnce = 1;
  Precision precision = Precision::F32;

  /// How many numbers of a column lie side by side.
  int64_t pack() const;
  int64_t width() const { return groups * panelUnits; }
  int64_t panels() const { return (units + panelUnits - 1) / panelUnits; }
  int64_t steps() const {
    const int64_t numbers = stepsAtOnce * pack();
    return (k + numbers - 1) / numbers * stepsAtOnce;
  }
  int64_t bytes() const { return steps() * columns() * 4; }
  /// Of all panels.
  int64_t columns() const { return panels() * width(); }
  bool isQuantized() const { return precision == Precision::Int8; }

  /// The panels of weights [n, k] that suit a target. Narrow weights get narrow
  /// panels.
  static PanelShape of(int64_t n, int64_t k, int64_t groups,
                       const TargetDescription &target, Precision precision);

  mlir::Type element(mlir::MLIRContext *context) const;
  mlir::MemRefType type(mlir::MLIRContext *context) const;
  /// One number for each column: [panels][groups * panelUnits].
  mlir::MemRefType columnsType(mlir::Type element) const;
};

/// One packed tensor: row by row (-1: nowhere), and in panels, once for each
/// number of groups with which products read it.
struct PackedTensor {
  struct Panels {
    PanelShape shape;
    int64_t offset;
    /// Of scales and offsets, where there are some.
    int64_t scalesOffset = -1, offsetsOffset = -1;
  };

  mlir::RankedTensorType type;
  int64_t plainOffset = -1;
  llvm::SmallVector<Panels, 1> panels;
};

/// The argument of the function that a value of a scan's body stands for,
/// where it is handed in as an invariant; else the value itself.
mlir::Value throughInvariants(mlir::Value value);

/// Whether the kernels compute `op` from panels of its right operand: one
/// packed [N, K] by K, and the left operand's last axis.
bool isPanelProduct(seq::ContractOp op);

class PackedLayout {
public:
  /// `readers` are the functions whose arguments are packed tensors.
  PackedLayout(llvm::ArrayRef<mlir::func::FuncOp> readers,
               mlir::func::FuncOp pack, const TargetDescription &target,
               Precision precision);

  /// Whether what a product makes of a row does not depend on how many rows
  /// stand beside it: sums of bf16 go in chains where there are few.
  bool keepsRowsApart() const { return precision != Precision::BF16; }

  /// Whether the rows that are multiplied with panels are rounded to what these
  /// hold: the target multiplies nothing else in one instruction.
  bool roundsRows(const PanelShape &shape) const {
    return shape.isQuantized() || (shape.precision == Precision::BF16 &&
                                   (target.dotBf16 || shape.stepsAtOnce > 1));
  }

  /// The panels of the right operand of a product.
  PanelShape panelsOf(seq::ContractOp op) const;

  /// Packed tensor `n`, and the first value of carried state `k`.
  const PackedTensor &tensor(int64_t n) const { return tensors.at(n); }
  const PackedTensor &initial(int64_t k) const { return initials.at(k); }
  bool hasTensor(int64_t n) const { return tensors.count(n); }
  bool hasInitial(int64_t k) const { return initials.count(k); }

  int64_t bytes() const { return end; }

private:
  int64_t place(int64_t bytes);

  const TargetDescription &target;
  const Precision precision;
  llvm::DenseMap<int64_t, PackedTensor> tensors, initials;
  int64_t end = 0;
};

} // namespace seqc::loops

#endif // SEQC_COMPILER_CONVERSION_SEQTOLOOPS_PACKEDLAYOUT_H
