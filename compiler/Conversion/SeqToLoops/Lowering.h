//===- Lowering.h - What the lowering of one function carries -------------===//
// The state that all parts of the conversion share: where code is made, what
// each tensor is at that place (a buffer, an element of a sequence, another
// tensor), and the target's numbers. One object lives for one function.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_CONVERSION_SEQTOLOOPS_LOWERING_H
#define SEQC_COMPILER_CONVERSION_SEQTOLOOPS_LOWERING_H

#include "compiler/Conversion/SeqToLoops/BufferPlan.h"
#include "compiler/Conversion/SeqToLoops/PackedLayout.h"
#include "compiler/Conversion/SeqToLoops/Sizes.h"
#include "compiler/Dialect/Seq/IR/SeqDialect.h"
#include "compiler/Target/TargetDescription.h"

#include "mlir/IR/ImplicitLocOpBuilder.h"

#include <functional>

namespace seqc::loops {

/// An index that code computes: `base + offset`, `base` null where it is a
/// constant. Equal indices compare equal, so that expressions can be shared.
struct Coord {
  mlir::Value base;
  int64_t offset = 0;

  bool operator<(const Coord &o) const {
    return std::make_pair(base.getAsOpaquePointer(), offset) <
           std::make_pair(o.base.getAsOpaquePointer(), o.offset);
  }
};

using Coords = llvm::SmallVector<Coord, 4>;

/// What a scan's body reads as an element of a sequence.
struct SequenceElement {
  mlir::Value sequence;
  int64_t axis;
  mlir::Value position;
};

/// The sums of one row and unit of a product [rows, groups * units].
struct UnitSums {
  mlir::Value row, unit;
  int64_t units;
  mlir::ValueRange groups;
};

/// Packed weights in memory; of int8 also the scales and offsets of their
/// columns.
struct PackedPanels {
  mlir::Value weights, scales, offsets;
};

struct Lowering {
  Lowering(mlir::func::FuncOp function, const TargetDescription &target,
           const PackedLayout &packed, SizeAnalysis &sizes, std::string model)
      : function(function), b(mlir::ImplicitLocOpBuilder::atBlockBegin(
                                function.getLoc(), function.addEntryBlock())),
        target(target), packed(packed), sizes(sizes), model(std::move(model)) {}

  /// The function that is made.
  mlir::func::FuncOp function;
  mlir::ImplicitLocOpBuilder b;
  const TargetDescription &target;
  const PackedLayout &packed;
  SizeAnalysis &sizes;
  /// The prefix of the symbols that the conversion makes.
  std::string model;
  /// The workspace; set once the function's entry has been made.
  std::optional<BufferPlan> plan;
  /// The values of the symbols: the number of rows, then the dimensions.
  llvm::SmallVector<mlir::Value> symbols;
  /// The call, and the number in the batch of the first row; null in @pack.
  mlir::Value call, firstRow;
  /// The most rows of a tile.
  int64_t mostRows = target.rowsPerTile;
  /// How many workers share the rows; null where it is always one.
  mlir::Value members;
  /// Whether the call is one step of one sample, all of which is there: every
  /// symbol is 1.
  bool isSingle = false;
  /// The position in the scans around the code that is being made, row by row;
  /// null outside of scans.
  mlir::Value scanPosition;

  /// Tensors that lie in memory (memrefs), and what arguments of bodies stand
  /// for.
  llvm::DenseMap<mlir::Value, mlir::Value> buffers;
  llvm::DenseMap<mlir::Value, mlir::Value> aliases;
  llvm::DenseMap<mlir::Value, SequenceElement> elements;
  /// Panels of packed weights, by the number of their groups.
  llvm::DenseMap<std::pair<mlir::Value, int64_t>, PackedPanels> panels;
  /// Products whose epilogue is being made.
  llvm::DenseMap<mlir::Value, UnitSums> sums;
  /// Workspace by the value that it was allocated for, so that a body that is
  /// emitted twice uses it twice.
  llvm::DenseMap<std::pair<mlir::Value, int>, mlir::Value> workspace;
  /// The keys of streams of random numbers by site, made at the entry.
  llvm::DenseMap<int64_t, std::pair<mlir::Value, mlir::Value>> streams;

  /// The value that `v` is another name of: behind invariants, and behind
  /// masks of what is zero in the padding anyway.
  mlir::Value resolve(mlir::Value v) const;

  /// The buffer kept for `v`; `which` tells several of one value apart.
  mlir::Value workspaceFor(mlir::Value v, int which = 0);

  mlir::Value constant(int64_t n) {
    return mlir::arith::ConstantIndexOp::create(b, n);
  }
  mlir::Value size(Size size) {
    return size.isSymbol ? symbols[size.value] : constant(size.value);
  }
  mlir::Value index(Coord coord);

  /// Position `inner` of `size` inside position `outer` of what is around it
  /// (null: nothing), counted row by row.
  mlir::Value positionInside(mlir::Value outer, mlir::Value inner,
                             mlir::Value size);

  /// A memref of what lies in memory under another name: a buffer, an element
  /// of a sequence in one, a slice, a reshape; null if there is none.
  mlir::Value view(mlir::Value v);

  /// `memref` at `position` of `axis`, without it.
  mlir::Value at(mlir::Value memref, int64_t axis, mlir::OpFoldResult position);

  /// Positions `offset` ... `offset + size - 1` of `axis`.
  mlir::Value slice(mlir::Value memref, int64_t axis, int64_t offset,
                    int64_t size) {
    return slice(memref, axis, b.getIndexAttr(offset), b.getIndexAttr(size));
  }
  mlir::Value slice(mlir::Value memref, int64_t axis, mlir::OpFoldResult offset,
                    mlir::OpFoldResult size);
};

/// The lengths at which `value` ends along `axis`, if it is zero behind them;
/// null where that is not known.
mlir::Value paddingLengths(mlir::Value value, int64_t axis);

/// What `v` is behind casts, and behind masks of what is zero in the padding
/// anyway.
mlir::Value withoutVainMasks(mlir::Value v);

/// Whether a reshape of what lies in a memref is a view of it: what it joins
/// lies side by side.
bool canReshapeView(mlir::MemRefType type, seq::ReshapeOp op);

/// Whether the elements of a memref's last axis lie side by side.
bool hasUnitStride(mlir::Value memref);

using LoopBody = std::function<void(llvm::ArrayRef<mlir::Value>)>;
using ReductionBody = std::function<llvm::SmallVector<mlir::Value>(
    mlir::Value, mlir::ValueRange)>;

/// One loop for each size, `body` in the innermost. Sizes of one make none.
void forEach(Lowering &l, llvm::ArrayRef<Size> sizes, const LoopBody &body);

/// A loop from `begin` to `end` that carries values.
llvm::SmallVector<mlir::Value> forCarried(Lowering &l, mlir::Value begin,
                                          mlir::Value end, int64_t step,
                                          mlir::ValueRange inits,
                                          const ReductionBody &body);
llvm::SmallVector<mlir::Value> forCarried(Lowering &l, mlir::Value begin,
                                          mlir::Value end, mlir::Value step,
                                          mlir::ValueRange inits,
                                          const ReductionBody &body);

/// Positions from `begin` to `end` of an axis.
struct Range {
  mlir::Value begin, end;
};

llvm::SmallVector<Range> rangesOf(Lowering &l, llvm::ArrayRef<Size> sizes);

/// A parallel loop over all positions in `ranges`, in no order; `body` alone
/// where there are none.
void forAll(Lowering &l, llvm::ArrayRef<Range> ranges, const LoopBody &body);
inline void forAll(Lowering &l, llvm::ArrayRef<Size> sizes,
                   const LoopBody &body) {
  forAll(l, rangesOf(l, sizes), body);
}

/// The same; adds up what `value` gives to `init` with `combine`, in the order
/// that suits the target.
mlir::Value
reduceAll(Lowering &l, llvm::ArrayRef<Size> sizes, mlir::Value init,
          const std::function<mlir::Value(llvm::ArrayRef<mlir::Value>)> &value,
          llvm::function_ref<mlir::Value(mlir::Value, mlir::Value)> combine);

} // namespace seqc::loops

#endif // SEQC_COMPILER_CONVERSION_SEQTOLOOPS_LOWERING_H
