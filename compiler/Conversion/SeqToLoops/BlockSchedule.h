//===- BlockSchedule.h - What of a block is stored, and when --------------===//
// Decides which values of a block get buffers, gives the buffers places (where
// it can, the place that a user wants), and orders the work in levels: a level
// reads only what lower ones have stored. Stores of one level and one shape
// share a loop.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_CONVERSION_SEQTOLOOPS_BLOCKSCHEDULE_H
#define SEQC_COMPILER_CONVERSION_SEQTOLOOPS_BLOCKSCHEDULE_H

#include "compiler/Conversion/SeqToLoops/Lowering.h"

namespace seqc::loops {

/// What a scan with lengths stores for a row that has ended: the previous
/// value, or zero.
struct Ragged {
  mlir::Value lengths;
  int64_t axis;
  mlir::Value position;
  /// A memref of the stored tensor's shape; null: zero.
  mlir::Value previous;
};

/// A tensor that has to be written to a place.
struct Store {
  mlir::Value value;
  mlir::Value memref;
  std::optional<Ragged> ragged = std::nullopt;
  /// Written after everything else has been read: the place may be shared
  /// with an argument.
  bool isLast = false;
  /// Computes the value even where it has a buffer (that this store fills).
  bool compute = false;
};

/// Makes the code of a block, that ends with `stores`.
void lowerBlock(Lowering &l, mlir::Block &block, std::vector<Store> stores);

/// A part of a block's work, cut into tasks that write different places.
struct Piece {
  int64_t tasks;
  /// Makes the code of task number `task`.
  std::function<void(mlir::Value task)> emit;
};

/// Pieces that read nothing of one another, but only of the levels before.
using Level = std::vector<Piece>;

/// The work of a block, that ends with `stores`, for several workers. How it
/// is cut follows from shapes alone.
std::vector<Level> scheduleBlock(Lowering &l, mlir::Block &block,
                                 std::vector<Store> stores);

/// Makes the loops of stores that read nothing of one another.
void emitStores(Lowering &l, llvm::ArrayRef<Store> stores);

/// Makes such stores at one position.
void emitStoresAt(Lowering &l, llvm::ArrayRef<Store> stores,
                  llvm::ArrayRef<mlir::Value> position);

/// The work of one store.
Piece pieceOf(Lowering &l, const Store &store);

} // namespace seqc::loops

#endif // SEQC_COMPILER_CONVERSION_SEQTOLOOPS_BLOCKSCHEDULE_H
