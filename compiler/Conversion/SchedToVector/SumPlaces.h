//===- SumPlaces.h - Where a tile's sums come from and go to --------------===//
// The memory of sums: what they begin with, where they wait, where they end.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_CONVERSION_SCHEDTOVECTOR_SUMPLACES_H
#define SEQC_COMPILER_CONVERSION_SCHEDTOVECTOR_SUMPLACES_H

#include "compiler/Conversion/SchedToVector/PanelDepth.h"

namespace seqc {

/// Where a tile of sums lies: its first row, its panel, and what there is of
/// that.
struct Tile {
  mlir::Value panel;
  /// The first unit of the panel, and how many there are: those of the next
  /// panel too, where two are taken at once.
  mlir::Value firstUnit;
  int64_t units;
  /// The vectors of each group.
  int64_t vectors;
  /// The memory for the sums of the rows from `firstRow` on; null where they
  /// go straight to the result.
  mlir::Value memory, firstRow;
  /// Steps along K from here to there; null: all of them.
  mlir::Value firstStep, endStep;
  Ahead ahead = Ahead::Nothing;
};

/// One vector of a tile's columns: the `v`-th of a group.
struct Column {
  int64_t group, v;
};

class SumPlaces {
public:
  /// `result` is where the epilogue only leaves the sums, if it does.
  SumPlaces(sched::ProductOp op, int64_t lanes, mlir::Value result,
            mlir::ImplicitLocOpBuilder &b)
      : op(op), b(b), lanes(lanes), panelUnits(op.getPanelUnits()),
        units(op.getUnits()), groups(op.getGroups()), result(result) {}

  /// All vectors of a row of a tile, in their order.
  llvm::SmallVector<Column> columns(const Tile &tile) const;

  /// How many lanes of a vector have units.
  int64_t lanesOf(const Tile &tile, Column at) const {
    return std::min(lanes, tile.units - at.v * lanes);
  }

  /// The same in a panel.
  int64_t columnInPanel(Column at) const {
    return at.group * panelUnits + at.v * lanes;
  }

  /// A place in memory, and how far apart rows are there; null: as its last but
  /// one axis says.
  struct Place {
    mlir::Value memory;
    llvm::SmallVector<mlir::Value, 3> at;
    mlir::Value rowStride;
  };

  /// Where a sum of `row` is found first; no memory where it begins with 0.
  Place first(const Tile &tile, mlir::Value row, Column at);
  /// Where it goes.
  Place last(const Tile &tile, mlir::Value row, Column at);

  /// What it begins with.
  mlir::Value begin(const Tile &tile, mlir::Value row, Column at);
  /// What `end` has stored.
  mlir::Value left(const Tile &tile, mlir::Value row, Column at);
  void end(const Tile &tile, mlir::Value sum, mlir::Value row, Column at);

private:
  mlir::Value constant(int64_t n);
  mlir::Value zero(mlir::Type type);
  mlir::VectorType type() const {
    return mlir::VectorType::get(lanes, b.getF32Type());
  }
  Place inRow(mlir::Value memory, const Tile &tile, mlir::Value row, Column at);
  mlir::Value maskOf(const Tile &tile, Column at);
  mlir::Value load(const Tile &tile, const Place &place, Column at);

  sched::ProductOp op;
  mlir::ImplicitLocOpBuilder &b;
  int64_t lanes, panelUnits, units, groups;
  mlir::Value result;
};

} // namespace seqc

#endif // SEQC_COMPILER_CONVERSION_SCHEDTOVECTOR_SUMPLACES_H
