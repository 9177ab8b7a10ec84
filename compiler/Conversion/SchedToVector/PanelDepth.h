//===- PanelDepth.h - Panels of weights that are deeper than caches -------===//
// In which blocks along K a product walks its panels, and which weights it
// fetches ahead.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_CONVERSION_SCHEDTOVECTOR_PANELDEPTH_H
#define SEQC_COMPILER_CONVERSION_SCHEDTOVECTOR_PANELDEPTH_H

#include "compiler/Conversion/SchedToVector/LaneProducts.h"

namespace seqc {

/// Weights that come into a near cache while a tile is added up: none, those of
/// the next block of this panel, or those of this block of the next panel.
enum class Ahead { Nothing, NextBlock, NextPanel };

class PanelDepth {
public:
  PanelDepth(sched::ProductOp op, LaneProducts &products);

  /// Whether a first cache does not hold a panel. Then tiles are taller.
  bool isDeep() const;

  /// The steps of a block that stays in a first cache while some tiles of rows
  /// pass; none where all steps do, or where sums cannot be left and taken up
  /// again: only f32 is added up in the order of K.
  std::optional<int64_t> nearBlock() const;

  /// The steps of a block of which a second cache holds a panel, and what all
  /// rows have for it; none where that is nearly all of them.
  std::optional<int64_t> blockOfAllPanels() const;

  /// Fetches a line of the weights ahead of `step` of `panel`, where those are
  /// so many that a second cache does not keep them. Tiles take turns, so that
  /// together they fetch all lines: `tile` is this one's number.
  void fetch(mlir::ImplicitLocOpBuilder &b, Ahead ahead, mlir::Value panel,
             mlir::Value step, mlir::Value tile) const;

private:
  std::optional<int64_t> blockOf(int64_t bytes, int64_t least) const;

  mlir::TypedValue<mlir::MemRefType> panels;
  int64_t steps, bytesOfStep;
  bool canCut;
};

} // namespace seqc

#endif // SEQC_COMPILER_CONVERSION_SCHEDTOVECTOR_PANELDEPTH_H
