//===- PanelColumn.h - A row of weights becomes a column ------------------===//
// In the form that the panels have: as it is, rounded, or with a scale.
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

/// Makes a loop along K that fills the column.
void fillRounded(mlir::ImplicitLocOpBuilder &b, const PanelColumn &column);

/// The same with int8: finds the scale, and the offset that makes up for rows
/// whose numbers have no sign.
void fillQuantized(mlir::ImplicitLocOpBuilder &b, const PanelColumn &column,
                   mlir::Value scales, mlir::Value offsets);

} // namespace seqc::loops

#endif // SEQC_COMPILER_CONVERSION_SEQTOLOOPS_PANELCOLUMN_H
