//===- PanelColumn.h - Weights become columns of panels -------------------===//
// In the form that the panels have: as they are, rounded, or with a scale.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_CONVERSION_SEQTOLOOPS_PANELCOLUMN_H
#define SEQC_COMPILER_CONVERSION_SEQTOLOOPS_PANELCOLUMN_H

#include "compiler/Conversion/SeqToLoops/PackedLayout.h"

#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace seqc::loops {

/// Row `row` of weights, and the column of a panel that it becomes.
struct PanelColumn {
  const PanelShape &shape;
  mlir::Value weights, row;
  mlir::Value panels, panel, column;
};

/// Makes a loop along K, from `begin` to `end`, that fills the column.
void fillRounded(mlir::ImplicitLocOpBuilder &b, const PanelColumn &column,
                 mlir::Value begin, mlir::Value end);

/// The same for all of K with int8: finds the scale, and the offset that makes
/// up for rows whose numbers have no sign.
void fillQuantized(mlir::ImplicitLocOpBuilder &b, const PanelColumn &column,
                   mlir::Value scales, mlir::Value offsets);

/// Makes loops that fill panels with weights [K, columns], which are those of
/// the units from `first` on in all groups: what lies side by side in one of
/// both does in the other.
void fillTransposed(mlir::ImplicitLocOpBuilder &b, const PanelShape &shape,
                    mlir::Value weights, mlir::Value panels, mlir::Value first);

} // namespace seqc::loops

#endif // SEQC_COMPILER_CONVERSION_SEQTOLOOPS_PANELCOLUMN_H
