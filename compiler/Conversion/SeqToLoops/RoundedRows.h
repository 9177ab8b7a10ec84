//===- RoundedRows.h - Rows as products take them -------------------------===//
// Where products multiply shorter numbers than f32, the rows are rounded before
// they meet the panels: once for all panels of weights.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_CONVERSION_SEQTOLOOPS_ROUNDEDROWS_H
#define SEQC_COMPILER_CONVERSION_SEQTOLOOPS_ROUNDEDROWS_H

#include "compiler/Conversion/SeqToLoops/Lowering.h"

namespace seqc::loops {

/// The numbers of a row, and how many there are, as the kernels of a product
/// with these panels take them: f32, or what panels hold, in whole packs.
struct RowForm {
  mlir::Type element;
  int64_t length;

  static RowForm of(const Lowering &l, const PanelShape &shape);

  bool isRounded() const { return !element.isF32(); }
  bool hasScales() const { return element.isInteger(); }
};

/// As many rows are rounded at a time where there may be any number: enough for
/// each reading of the weights, and few enough for a first cache.
inline constexpr int64_t kRoundedRows = 64;

/// Memory for rounded rows, and for the scale of each where they have one.
struct RoundedRows {
  mlir::Value numbers, scales;
};

/// Writes the first `rows` rows of `from` to `to` in `form`.
void roundRows(mlir::ImplicitLocOpBuilder &b, mlir::Value rows,
               mlir::Value from, const RoundedRows &to, const RowForm &form);

} // namespace seqc::loops

#endif // SEQC_COMPILER_CONVERSION_SEQTOLOOPS_ROUNDEDROWS_H
