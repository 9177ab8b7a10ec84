//===- BlockScheduleImpl.h - How the work of a block is found -------------===//
// For the files that make it up: BlockSchedule.cpp, BlockEpilogues.cpp,
// BlockShares.cpp, BlockWaves.cpp.
//===----------------------------------------------------------------------===//

#ifndef SEQC_COMPILER_CONVERSION_SEQTOLOOPS_BLOCKSCHEDULEIMPL_H
#define SEQC_COMPILER_CONVERSION_SEQTOLOOPS_BLOCKSCHEDULEIMPL_H

#include "compiler/Conversion/SeqToLoops/BlockSchedule.h"
#include "compiler/Conversion/SeqToLoops/Epilogues.h"
#include "compiler/Conversion/SeqToLoops/Kernels.h"
#include "compiler/Conversion/SeqToLoops/PulledExpression.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SmallPtrSet.h"

namespace seqc::loops {

/// Whether an elementwise operation takes longer than to load a number.
bool isCostlyOperation(mlir::Operation *op);

/// The work of one block: what gets a buffer, where that lies, and in which
/// order its operations and stores come.
class BlockSchedule {
public:
  /// `fuses`: whether stores become epilogues of products.
  BlockSchedule(Lowering &l, mlir::Block &block, std::vector<Store> stores,
                bool fuses)
      : l(l), block(block), stores(std::move(stores)), fuses(fuses) {}

  /// Operations, stores, then products with an epilogue. They read only what
  /// the levels before have made, epilogues what stands before them too.
  struct Group {
    std::vector<mlir::Operation *> ops;
    std::vector<Store> stores;
    std::vector<mlir::Operation *> products;
  };

  /// The work of the block, in the order of its levels.
  std::map<int, Group> run() {
    forgetPlaces();
    findLive();
    findBuffered();
    findShared();
    findStreamed();
    findWaves();
    givePlaces();
    levelWaves();
    std::map<int, Group> work = order();
    if (fuses)
      findEpilogues(work);
    return work;
  }

  void emit(mlir::Operation *op);

private:
  void forgetPlaces();
  void findLive();

  void findBuffered();
  void needOperands(mlir::Operation *op);
  void need(mlir::Value v);
  bool isInMemory(mlir::Value v);
  bool isView(seq::ReshapeOp reshape);
  bool isCostly(mlir::Value v, llvm::DenseSet<mlir::Value> &seen);
  bool isWorthAPlace(mlir::Value v);
  using Loops = llvm::SmallPtrSet<mlir::Operation *, 4>;
  using Askers = llvm::DenseMap<mlir::Value, Loops>;
  Loops askersOf(mlir::Value v, Askers &askers);
  using Parts = llvm::SmallVector<mlir::Operation *>;
  Parts partsOf(mlir::Value sequence);
  void shareParts(Askers &askers,
                  const llvm::DenseSet<mlir::Operation *> &sharing);
  void findShared();
  bool canStartFrom(seq::ContractOp product, mlir::Value addend);
  void startFromAddend(mlir::arith::AddFOp add);
  seq::ContractOp productOf(mlir::Operation *op);
  void findStreamed();
  bool staysInLoop(mlir::Value v);

  void findWaves();
  bool goesAhead(seq::ScanOp first, seq::ScanOp second);
  void levelWaves();

  void givePlaces();
  seq::ScatterAddOp transposedTable(mlir::Value v);
  void place(Store store);
  void placeParts(seq::ConcatOp concat);
  void placeInput(seq::WindowsOp windows);

  int ready(mlir::Value v);
  int operandsReady(mlir::Operation *op);
  int levelOf(const Store &store);
  int levelOf(mlir::Operation *op);

  std::map<int, Group> order();

  bool mayHaveEpilogue(mlir::Operation *op);
  void findEpilogues(std::map<int, Group> &work);
  bool isReadElsewhere(const PulledReads &reads, mlir::Operation *host,
                       const std::map<int, Group> &work);

  /// Whether the block itself computes `v` (an argument: reads a sequence).
  bool isLocal(mlir::Value v) { return v.getParentBlock() == &block; }
  bool isLocalPulled(mlir::Value v) {
    if (!isLocal(v))
      return false;
    mlir::Operation *op = v.getDefiningOp();
    if (!op)
      return l.elements.count(v) > 0;
    return isPulled(op) && (filled.contains(v) || !l.buffers.count(v));
  }
  bool isFinalState(mlir::Value v) {
    auto scan = v.getDefiningOp<seq::ScanOp>();
    return scan && mlir::cast<mlir::OpResult>(v).getResultNumber() <
                       scan.getInits().size();
  }

  Lowering &l;
  mlir::Block &block;
  std::vector<Store> stores;
  const bool fuses;
  llvm::DenseSet<mlir::Operation *> live;
  /// Values of the block that get a buffer; those that a store must fill.
  llvm::DenseSet<mlir::Value> buffered;
  llvm::SetVector<mlir::Value> filled;
  /// Products that begin with an addend, by their sum, and the reverse.
  llvm::DenseMap<mlir::Operation *, seq::ContractOp> products;
  llvm::DenseSet<mlir::Operation *> startedProducts;
  /// Products that are made in the loop that reads them, and the values that
  /// have their buffers.
  llvm::DenseMap<mlir::Operation *, llvm::SmallVector<StreamedProduct>> streams;
  llvm::DenseSet<mlir::Operation *> streamed;
  /// Loops that are emitted with the loop before them, by that; and the others.
  llvm::MapVector<mlir::Operation *, seq::ScanOp> waves;
  llvm::DenseSet<mlir::Operation *> ahead;
  llvm::DenseMap<mlir::Operation *, Epilogue> epilogues;
  llvm::DenseMap<mlir::Value, int> levels;
  /// Levels that do not follow from operands.
  llvm::DenseMap<mlir::Operation *, int> fixedLevels;
};

} // namespace seqc::loops

#endif // SEQC_COMPILER_CONVERSION_SEQTOLOOPS_BLOCKSCHEDULEIMPL_H
