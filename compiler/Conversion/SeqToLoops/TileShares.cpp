//===- TileShares.cpp - How workers share a batch -------------------------===//
// Weighs a step's products against a barrier; counts tiles and members.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/SeqToLoops/TileShares.h"
#include "compiler/Conversion/SeqToLoops/AbiLayout.h"
#include "compiler/Conversion/SeqToLoops/ScanPairs.h"
#include "compiler/Dialect/Seq/IR/SeqDialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace seqc::seq;

namespace seqc::loops {

/// Rows that make a tile worth having: as many keep the multipliers busy.
static constexpr int64_t kFewRows = 4;

/// How much taller tiles are for weights that come from behind the second cache
/// at each step: they come for more rows at once.
static constexpr int64_t kTallTiles = 4;

//===----------------------------------------------------------------------===//
// Weights of a step
//===----------------------------------------------------------------------===//

/// How many workers are worth having for the steps of a loop, between which
/// they meet. Two have a loop each where there is a pair.
static int64_t membersFor(ScanOp scan, int64_t weightsPerMember) {
  const int64_t members = weightsIn(scan->getRegion(0)) / weightsPerMember;
  return isOfPair(scan) ? std::max<int64_t>(members, 2) : members;
}

/// The most workers that all of a program's loops are worth, or, where there is
/// none, all of it.
static int64_t membersFor(func::FuncOp main, int64_t weightsPerMember) {
  std::optional<int64_t> fewest;
  main.walk([&](ScanOp scan) {
    Region &body = scan->getRegion(0);
    // What is around a loop alone takes no time.
    if (weightsIn(body) == 0 && !body.getOps<ScanOp>().empty())
      return;
    const int64_t members = membersFor(scan, weightsPerMember);
    fewest = std::min(fewest.value_or(members), members);
  });
  return fewest ? *fewest : weightsIn(main.getBody()) / weightsPerMember;
}

static int64_t heaviestStep(func::FuncOp main) {
  int64_t heaviest = 0;
  main.walk([&](ScanOp scan) {
    heaviest = std::max(heaviest, weightsIn(scan->getRegion(0)));
  });
  return heaviest;
}

TileShares::TileShares(func::FuncOp main, const TargetDescription &target,
                       int64_t lengths, bool isShared, bool isRowApart)
    : target(target), lengths(lengths), fewRowsAreShared(isShared),
      isRowApart(isRowApart) {
  if (!isShared)
    return;
  mostMembers = loops::membersFor(main, target.weightsPerMember);
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

/// Tiles of up to `rows` rows; at least one.
Value TileShares::fullTiles(ImplicitLocOpBuilder &b, Value batch,
                            Value rows) const {
  return arith::MaxUIOp::create(b, ceilDiv(b, batch, rows), constant(b, 1));
}

/// The most rows of a tile of a call without lengths.
int64_t TileShares::rowsOfTallTile() const {
  return target.rowsPerTile * (isLarge && isRowApart ? kTallTiles : 1);
}

Value TileShares::mostRows(ImplicitLocOpBuilder &b, Value batch) const {
  return rowsOfTile(b, batch,
                    fullTiles(b, batch, constant(b, rowsOfTallTile())));
}

/// Whether the call has no lengths.
Value TileShares::isFull(ImplicitLocOpBuilder &b, Value call) const {
  Value isFull = arith::ConstantIntOp::create(b, b.getI1Type(), 1);
  for (int64_t n = 0; n < lengths; ++n) {
    Value array = loadLengths(b, b.getLoc(), call, n);
    isFull = arith::AndIOp::create(b, isFull, isNull(b, b.getLoc(), array));
  }
  return isFull;
}

/// The most rows of a tile. Rows that end early are dealt to tiles of the
/// target's height (`row_order.cpp`), in each of which the longest come first.
Value TileShares::mostRowsOf(ImplicitLocOpBuilder &b, Value call) const {
  Value rows = constant(b, target.rowsPerTile);
  if (rowsOfTallTile() == target.rowsPerTile)
    return rows;
  return arith::SelectOp::create(b, isFull(b, call),
                                 constant(b, rowsOfTallTile()), rows);
}

/// The workers of a tile: several where the batch is one tile of the target's
/// height, and where low tiles are too few, or would each read weights that lie
/// far away.
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
  Value full = fullTiles(b, batch, mostRowsOf(b, call));
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
