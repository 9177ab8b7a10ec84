//===- MatrixTiles.h - Products of bf16 on tile registers -----------------===//
// Some x86 CPUs have registers of 16 rows by 64 bytes, and an instruction that
// multiplies two of them (Intel's Advanced Matrix Extensions): 16 rows by 16
// columns, along 16 pairs of bf16 at once. It takes as long for one row.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_CONVERSION_SCHEDTOVECTOR_MATRIXTILES_H
#define SEQC_COMPILER_CONVERSION_SCHEDTOVECTOR_MATRIXTILES_H

#include "compiler/Conversion/SchedToVector/SumPlaces.h"

namespace seqc {

/// The most numbers of a row of bf16 that fill whole tiles.
int64_t longestTiledRow(llvm::ArrayRef<sched::ProductOp> products);

class MatrixTiles {
public:
  /// `result` is where the epilogue only leaves the sums, if it does.
  MatrixTiles(sched::ProductOp op, const VectorUnit &target, int64_t lanes,
              SumPlaces &places, mlir::Value result,
              mlir::ImplicitLocOpBuilder &b);

  /// Whether the target has tiles, and the operands suit them.
  bool fits() const { return areTiles; }

  /// Before all panels: copies the rows that are left behind whole tiles to
  /// where a tile may be read.
  void begin();

  /// All rows of a panel.
  void emitPanel(Tile tile);

private:
  /// 16 rows or, behind the last of these, what is left: the first one's number
  /// in the product, and how many there are.
  struct Rows {
    mlir::Value first, count;
    bool areAll;
  };

  mlir::Value constant(int64_t n);
  void emitRows(Tile tile, const Rows &rows);
  void emitSums(const Tile &tile, const Rows &rows,
                llvm::ArrayRef<Column> columns, bool readsInit, bool isDirect);
  llvm::SmallVector<mlir::Value> emitStep(const Tile &tile, const Rows &rows,
                                          llvm::ArrayRef<Column> columns,
                                          mlir::Value step,
                                          mlir::ValueRange sums);
  mlir::Value memoryForRows();
  void eachRow(const Tile &tile, const Rows &rows,
               llvm::function_ref<void(mlir::Value, Column)> body);

  sched::ProductOp op;
  SumPlaces &places;
  mlir::Value result;
  mlir::ImplicitLocOpBuilder &b;
  int64_t lanes, longest;
  bool areTiles;
  /// How many rows are in whole tiles, how many are left, and a copy of these,
  /// one behind the other.
  mlir::Value whole, left, copy;
};

} // namespace seqc

#endif // SEQC_COMPILER_CONVERSION_SCHEDTOVECTOR_MATRIXTILES_H
