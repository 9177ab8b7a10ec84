//===- RaggedRows.h - Rows that take part in a step -----------------------===//
// A loop with lengths walks, at each position, only the rows up to the last one
// whose sequence is that long: of rows sorted by length exactly those that take
// part. What happens to the rows behind them is here.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_CONVERSION_SEQTOLOOPS_RAGGEDROWS_H
#define SEQC_COMPILER_CONVERSION_SEQTOLOOPS_RAGGEDROWS_H

#include "compiler/Conversion/SeqToLoops/Lowering.h"

namespace seqc::loops {

/// While it lives, the rows are those up to the last that takes part, at
/// `position` of the scan, in the scan. Rows in front of it that do not are
/// left to the stores. All of them, where the scan has no lengths, or those of
/// a dimension inside another.
class ActiveRows {
public:
  ActiveRows(Lowering &l, seq::ScanOp op, mlir::Value position);
  ~ActiveRows() { l.symbols[0] = all; }

  /// Sets what the rows behind give at this step, [rows, ...] each, to zero.
  void clearBehind(mlir::ValueRange outputs);

  /// Copies what rows whose last position this is have in `from` to `to`: they
  /// take part in no later step, and either may be asked for at the end.
  void copyEnding(mlir::ValueRange from, mlir::ValueRange to);

private:
  Lowering &l;
  seq::ScanOp op;
  mlir::Value position;
  /// All rows, and those that take part.
  mlir::Value all, active;
};

/// Whether a scan's steps take fewer rows than there are.
bool hasActiveRows(Lowering &l, seq::ScanOp op);

} // namespace seqc::loops

#endif // SEQC_COMPILER_CONVERSION_SEQTOLOOPS_RAGGEDROWS_H
