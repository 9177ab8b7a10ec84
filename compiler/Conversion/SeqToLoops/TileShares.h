//===- TileShares.h - How workers share a batch ---------------------------===//
// Rows where there are enough of them, else the units of each step.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_CONVERSION_SEQTOLOOPS_TILESHARES_H
#define SEQC_COMPILER_CONVERSION_SEQTOLOOPS_TILESHARES_H

#include "compiler/Target/TargetDescription.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace seqc::loops {

/// How the workers of a call share a program's batch.
class TileShares {
public:
  /// `lengths`: how many arrays of lengths a call has. `isShared`: whether
  /// tiles may have another height than the target's, and several workers.
  /// `isRowApart`: whether a row's results do not depend on the rows beside it,
  /// without which all tiles have one height.
  TileShares(mlir::func::FuncOp main, const TargetDescription &target,
             int64_t lengths, bool isShared, bool isRowApart);

  /// What one call does.
  struct Plan {
    /// Pieces of work for the runtime.
    mlir::Value tasks;
    /// Tiles of rows, and the workers that share each of them: one of the two
    /// numbers is 1.
    mlir::Value tiles, members;
  };
  Plan plan(mlir::ImplicitLocOpBuilder &b, mlir::Value call,
            mlir::Value batch) const;

  /// The most rows that a tile has, whatever the workers and lengths.
  mlir::Value mostRows(mlir::ImplicitLocOpBuilder &b, mlir::Value batch) const;

  /// The same for any batch.
  int64_t rowsOfTallTile() const;

  /// Whether the number of workers matters (`seqc_workers` is called).
  bool isShared() const { return fewRowsAreShared; }
  /// Whether several workers may share a tile.
  bool hasTeams() const { return mostMembers > 1; }

private:
  mlir::Value fullTiles(mlir::ImplicitLocOpBuilder &b, mlir::Value batch,
                        mlir::Value rows) const;
  mlir::Value isFull(mlir::ImplicitLocOpBuilder &b, mlir::Value call) const;
  mlir::Value mostRowsOf(mlir::ImplicitLocOpBuilder &b, mlir::Value call) const;
  mlir::Value membersFor(mlir::ImplicitLocOpBuilder &b, mlir::Value batch,
                         mlir::Value workers) const;

  const TargetDescription &target;
  int64_t lengths;
  bool fewRowsAreShared, isRowApart;
  /// How many workers a step keeps busy.
  int64_t mostMembers = 1;
  /// Whether a step's weights fit no worker's own cache.
  bool isLarge = false;
};

/// The rows of each of `tiles` but, perhaps, the last: they are of even size.
mlir::Value rowsOfTile(mlir::ImplicitLocOpBuilder &b, mlir::Value batch,
                       mlir::Value tiles);

} // namespace seqc::loops

#endif // SEQC_COMPILER_CONVERSION_SEQTOLOOPS_TILESHARES_H
