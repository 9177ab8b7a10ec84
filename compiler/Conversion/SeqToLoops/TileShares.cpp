//===- TileShares.cpp - How workers share a batch -------------------------===//
// Weighs a step's products against a barrier; counts tiles and members.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/SeqToLoops/TileShares.h"
#include "compiler/Conversion/SeqToLoops/PackedLayout.h"
#include "compiler/Dialect/Seq/IR/SeqDialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace seqc::seq;

namespace seqc::loops {

/// Rows that make a tile worth having: as many keep the multipliers busy.
static constexpr int64_t kFewRows = 4;

//===----------------------------------------------------------------------===//
// Weights of a step
//===----------------------------------------------------------------------===//

/// The weights of the products that stand in `region`, not in a loop in it.
static int64_t weightsIn(Region &region) {
  int64_t weights = 0;
  for (auto product : region.getOps<ContractOp>())
    if (isPanelProduct(product))
      weights +=
          cast<RankedTensorType>(product.getRhs().getType()).getNumElements();
  return weights;
}

/// The weights between two meetings of workers: those of the lightest step, or,
/// where there is no loop, of the whole program.
static std::optional<int64_t> lightestStep(func::FuncOp main) {
  std::optional<int64_t> lightest;
  main.walk([&](ScanOp scan) {
    Region &body = scan->getRegion(0);
    const int64_t weights = weightsIn(body);
    // What is around a loop alone takes no time.
    if (weights == 0 && !body.getOps<ScanOp>().empty())
      return;
    lightest = std::min(lightest.value_or(weights), weights);
  });
  return lightest ? lightest : weightsIn(main.getBody());
}

static int64_t heaviestStep(func::FuncOp main) {
  int64_t heaviest = 0;
  main.walk([&](ScanOp scan) {
    heaviest = std::max(heaviest, weightsIn(scan->getRegion(0)));
  });
  return heaviest;
}

TileShares::TileShares(func::FuncOp main, const TargetDescription &target,
                       bool isShared, bool isRowApart)
    : target(target), fewRowsAreShared(isShared), isRowApart(isRowApart) {
  if (!isShared)
    return;
  mostMembers = lightestStep(main).value_or(0) / target.weightsPerMember;
  isLarge =
      heaviestStep(main) * int64_t(sizeof(float)) > target.secondCacheBytes;
}

//===----------------------------------------------------------------------===//
// Tiles and members
//===----------------------------------------------------------------------===//

static Value constant(ImplicitLocOpBuilder &b, int64_t n) {
  return arith::ConstantIndexOp::create(b, n);
}

static Value ceilDiv(ImplicitLocOpBuilder &b, Value n, Value by) {
  Value most = arith::SubIOp::create(b, by, constant(b, 1));
  return arith::DivUIOp::create(b, arith::AddIOp::create(b, n, most), by);
}

Value rowsOfTile(ImplicitLocOpBuilder &b, Value batch, Value tiles) {
  return ceilDiv(b, batch, tiles);
}

/// Tiles as tall as they may be; at least one.
Value TileShares::fullTiles(ImplicitLocOpBuilder &b, Value batch) const {
  Value tiles = ceilDiv(b, batch, constant(b, target.rowsPerTile));
  return arith::MaxUIOp::create(b, tiles, constant(b, 1));
}

Value TileShares::mostRows(ImplicitLocOpBuilder &b, Value batch) const {
  return rowsOfTile(b, batch, fullTiles(b, batch));
}

/// The workers of a tile: several where the batch is one tile, and where low
/// tiles are too few, or would each read weights that lie far away.
Value TileShares::membersFor(ImplicitLocOpBuilder &b, Value batch,
                             Value workers) const {
  Value one = constant(b, 1);
  if (!hasTeams())
    return one;
  Value isOneTile = arith::CmpIOp::create(b, arith::CmpIPredicate::ule, batch,
                                          constant(b, target.rowsPerTile));
  Value isBest = isOneTile;
  if (!isLarge && isRowApart) {
    Value low = arith::DivUIOp::create(b, batch, constant(b, kFewRows));
    Value isFew =
        arith::CmpIOp::create(b, arith::CmpIPredicate::ult, low, workers);
    isBest = arith::AndIOp::create(b, isOneTile, isFew);
  }
  Value members = arith::MinUIOp::create(b, workers, constant(b, mostMembers));
  return arith::SelectOp::create(b, isBest, members, one);
}

TileShares::Plan TileShares::plan(ImplicitLocOpBuilder &b, Value call,
                                  Value batch) const {
  Value one = constant(b, 1);
  Value full = fullTiles(b, batch);
  if (!fewRowsAreShared)
    return {full, full, one};
  Value workers =
      func::CallOp::create(b, "seqc_workers", b.getI32Type(), ValueRange{call})
          .getResult(0);
  workers = arith::IndexCastOp::create(b, b.getIndexType(), workers);
  Value members = membersFor(b, batch, workers);
  Value tiles = full;
  if (isRowApart) {
    Value low = arith::DivUIOp::create(b, batch, constant(b, kFewRows));
    low = arith::MinUIOp::create(b, workers, low);
    tiles = arith::MaxUIOp::create(b, full, low);
  }
  Value isTeam =
      arith::CmpIOp::create(b, arith::CmpIPredicate::ugt, members, one);
  tiles = arith::SelectOp::create(b, isTeam, one, tiles);
  return {arith::MaxUIOp::create(b, tiles, members), tiles, members};
}

} // namespace seqc::loops
