//===- SumsEntry.cpp - The stage that sums over the batch -----------------===//
// One function has the work of all tasks; one for each level hands it their
// numbers. Tasks of a level write what no other reads or writes.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/SeqToLoops/SumsEntry.h"

#include "compiler/Conversion/SeqToLoops/AbiLayout.h"
#include "compiler/Conversion/SeqToLoops/ArgumentBinding.h"
#include "compiler/Conversion/SeqToLoops/Constants.h"
#include "compiler/Dialect/Seq/IR/Program.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace seqc::seq;

namespace seqc::loops {

Value keptBytes(Lowering &l, const ModelContext &model, Value dimsArray) {
  Value bytes = func::CallOp::create(l.b, model.name + "_kept",
                                     l.b.getI64Type(), ValueRange{dimsArray})
                    .getResult(0);
  return arith::IndexCastOp::create(l.b, l.b.getIndexType(), bytes);
}

/// The buffers that all tiles fill, at the beginning of the workspace.
static BufferPlan planKept(ModelContext &model, Lowering &l,
                           ArrayRef<Value> symbols, Value dimsArray) {
  Value bytes = keptBytes(l, model, dimsArray);
  Value base = model.workspace(l, l.constant(0), bytes);
  return model.makePlan(l, base, symbols, symbols);
}

//===----------------------------------------------------------------------===//
// In a tile
//===----------------------------------------------------------------------===//

/// A tile's part of a buffer of the whole batch: its rows, or the one that it
/// gives.
static Value partOfTile(Lowering &tile, Value whole, Value value) {
  auto type = cast<MemRefType>(whole.getType());
  SmallVector<OpFoldResult> offsets(type.getRank(), tile.b.getIndexAttr(0)),
      strides(type.getRank(), tile.b.getIndexAttr(1)), sizes;
  for (int64_t axis = 0; axis < type.getRank(); ++axis)
    sizes.push_back(
        type.isDynamicDim(axis)
            ? OpFoldResult(
                  memref::DimOp::create(tile.b, whole, axis).getResult())
            : tile.b.getIndexAttr(type.getDimSize(axis)));
  Size rows = tile.sizes.of(value).front();
  sizes[0] = tile.size(rows);
  offsets[0] = tile.firstRow;
  if (rows != Size::rows())
    offsets[0] = Value(arith::IndexCastOp::create(
        tile.b, tile.b.getIndexType(), tile.function.getArgument(1)));
  return memref::SubViewOp::create(tile.b, whole, offsets, sizes, strides);
}

std::vector<Store> keptStores(ModelContext &model, Lowering &tile) {
  std::vector<Store> stores;
  if (!model.sums)
    return stores;
  ImplicitLocOpBuilder &b = tile.b;
  Value dimsArray = loadField(b, b.getLoc(), tile.call, CallField::Dims);
  SmallVector<Value> symbols = model.readSymbols(b, dimsArray);
  BufferPlan plan = planKept(model, tile, symbols, dimsArray);
  auto results = model.main.getBody().front().getTerminator()->getOperands();
  for (auto [i, value] : llvm::enumerate(results)) {
    if (!model.main.getResultAttr(i, kKeptAttr))
      continue;
    auto type = cast<RankedTensorType>(value.getType());
    Value whole =
        plan.allocate(model.sizesOfKept(value), type.getElementType());
    stores.push_back({value, partOfTile(tile, whole, value)});
  }
  return stores;
}

//===----------------------------------------------------------------------===//
// The tasks
//===----------------------------------------------------------------------===//

namespace {

class SumsBuilder {
public:
  explicit SumsBuilder(ModelContext &model)
      : model(model), function(model.makeTask("_sums")),
        l(function, model.target, model.packed, model.sizes, model.name) {}

  SumsStage build() {
    enter();
    ArgumentBinding binding(l, model.sums);
    binding.bindArguments();
    bindConstants(l, model.sums);
    std::vector<Level> work =
        scheduleBlock(l, model.sums.getBody().front(), binding.resultStores());
    std::vector<SumsStage::Level> levels;
    for (const Level &level : work)
      emitLevel(level, levels);
    l.b.setLoc(model.sums.getLoc());
    func::ReturnOp::create(l.b);
    return {std::move(levels), std::move(*l.plan)};
  }

private:
  void enter();
  void emitLevel(const Level &level, std::vector<SumsStage::Level> &levels);
  void emitPiece(const Piece &piece, int64_t first);
  func::FuncOp buildLevel(size_t number, int64_t first);

  ModelContext &model;
  func::FuncOp function;
  Lowering l;
  /// Tasks of the levels so far.
  int64_t total = 0;
};

} // namespace

/// All rows are there, and what the tiles kept.
void SumsBuilder::enter() {
  l.call = function.getArgument(0);
  Value dimsArray = loadField(l.b, l.b.getLoc(), l.call, CallField::Dims);
  l.symbols = model.readSymbols(l.b, dimsArray);
  l.firstRow = l.constant(0);
  l.plan = planKept(model, l, l.symbols, dimsArray);
  for (BlockArgument argument : model.sums.getArguments()) {
    if (!model.sums.getArgAttr(argument.getArgNumber(), kKeptAttr))
      continue;
    auto type = cast<RankedTensorType>(argument.getType());
    l.buffers[argument] =
        l.plan->allocate(l.sizes.of(argument), type.getElementType());
  }
}

/// The work of a piece, where the task is one of its own.
void SumsBuilder::emitPiece(const Piece &piece, int64_t first) {
  Value task = arith::IndexCastOp::create(l.b, l.b.getIndexType(),
                                          function.getArgument(1));
  Value own = arith::SubIOp::create(l.b, task, l.constant(first));
  // One comparison without sign refuses the tasks before it too.
  Value isOwn = arith::CmpIOp::create(l.b, arith::CmpIPredicate::ult, own,
                                      l.constant(piece.tasks));
  auto branch = scf::IfOp::create(l.b, isOwn, /*withElseRegion=*/false);
  OpBuilder::InsertionGuard guard(l.b);
  l.b.setInsertionPointToStart(branch.thenBlock());
  piece.emit(own);
}

void SumsBuilder::emitLevel(const Level &level,
                            std::vector<SumsStage::Level> &levels) {
  const int64_t first = total;
  for (const Piece &piece : level) {
    emitPiece(piece, total);
    total += piece.tasks;
  }
  if (total > first)
    levels.push_back({buildLevel(levels.size(), first), total - first});
}

/// The function that the runtime calls: its tasks count from zero.
func::FuncOp SumsBuilder::buildLevel(size_t number, int64_t first) {
  auto level = model.makeTask(llvm::formatv("_sums_{0}", number).str());
  auto b =
      ImplicitLocOpBuilder::atBlockBegin(level.getLoc(), level.addEntryBlock());
  Value begin = arith::ConstantIntOp::create(b, b.getI64Type(), first);
  Value task = arith::AddIOp::create(b, level.getArgument(1), begin);
  func::CallOp::create(
      b, function,
      ValueRange{level.getArgument(0), task, level.getArgument(2)});
  func::ReturnOp::create(b);
  return level;
}

SumsStage buildSums(ModelContext &model) { return SumsBuilder(model).build(); }

} // namespace seqc::loops
