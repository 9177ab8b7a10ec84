//===- ProductKernel.cpp - Products on vector registers -------------------===//
// Panels, tiles of rows, sums; then what is made of the sums.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/SchedToVector/ProductKernel.h"

#include "compiler/Conversion/SchedToVector/LaneProducts.h"
#include "compiler/Conversion/SchedToVector/MatrixTiles.h"
#include "compiler/Conversion/SchedToVector/StoredResult.h"
#include "compiler/Conversion/SchedToVector/SumPlaces.h"
#include "compiler/Conversion/SchedToVector/TileEpilogue.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;

namespace seqc {

using sched::ProductOp;

//===----------------------------------------------------------------------===//
// The kernel
//===----------------------------------------------------------------------===//

namespace {

class ProductKernel {
public:
  ProductKernel(ProductOp op, const VectorUnit &target)
      : op(op), b(op.getLoc(), op), target(target),
        panelUnits(op.getPanelUnits()), units(op.getUnits()),
        groups(op.getGroups()),
        lanes(panelUnits % target.lanes == 0 ? target.lanes : panelUnits),
        result(storedResult(op)),
        vectorType(VectorType::get(lanes, b.getF32Type())),
        products(op, target, lanes, b), depth(op, products),
        places(op, lanes, result, b),
        matrix(op, target, lanes, places, result, b) {}

  void emit();

private:
  Value constant(int64_t n) { return arith::ConstantIndexOp::create(b, n); }

  void loop(Value begin, Value end, int64_t step,
            llvm::function_ref<void(Value)> body) {
    auto loop = scf::ForOp::create(b, begin, end, constant(step));
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    body(loop.getInductionVar());
  }

  void emitBlocksOfSteps(Value depth,
                         llvm::function_ref<void(Value, Value)> body);
  void emitDeepPanel(Tile tile, int64_t tallest, int64_t depth);
  void fetchAhead(const Tile &tile, Value row, Value step);
  Value isOneOf(Value rows, ArrayRef<int64_t> heights);
  bool canPair();
  void emitPairs(Value begin, Value end);
  void emitPairsOfRow(Value begin, Value end);
  void emitPanels(Value begin, Value end);
  void emitLastPanel(Value p, int64_t units);
  int64_t tallestTile(const Tile &tile);
  /// Whether it is known that there is one row.
  bool hasOneRow() { return matchPattern(op.getRows(), m_One()); }
  Tile tileOf(Value p, int64_t units);
  void emitPanel(Value p, int64_t units);
  void emitRow(const Tile &tile);
  void emitRows(const Tile &tile, Value begin, Value end,
                ArrayRef<int64_t> heights);
  void emitBlocks(Tile tile, int64_t tallest);
  void emitTile(const Tile &tile, Value row, int64_t height);
  SmallVector<Value> emitSums(const Tile &tile, ArrayRef<Value> rows,
                              ValueRange begin);
  SmallVector<Value> emitSteps(const Tile &tile, ArrayRef<Value> rows,
                               ValueRange begin, int64_t chains);
  SmallVector<Value> emitStep(const Tile &tile, ArrayRef<Value> rows,
                              Value step, int64_t parts, ValueRange sums);
  int64_t chainsOf(int64_t sums);
  SmallVector<Value> beginSums(const Tile &tile, ArrayRef<Value> rows);
  SmallVector<Value> continuedSums(const Tile &tile, ArrayRef<Value> rows);
  void emitEpilogue(const Tile &tile, Value rows) {
    makeOfSums(b, op, {tile.memory, tile.firstRow, tile.firstUnit}, rows,
               tile.units);
  }

  Value zero(Type type) {
    return arith::ConstantOp::create(b, cast<TypedAttr>(b.getZeroAttr(type)));
  }

  ProductOp op;
  ImplicitLocOpBuilder b;
  VectorUnit target;
  int64_t panelUnits, units, groups, lanes;
  /// Where the epilogue only leaves the sums, if it does.
  Value result;
  /// The block of steps that is emitted, of a result that is made in several.
  Value firstStep, endStep;
  VectorType vectorType;
  LaneProducts products;
  PanelDepth depth;
  SumPlaces places;
  MatrixTiles matrix;
};

} // namespace

//===----------------------------------------------------------------------===//
// Heights of tiles
//===----------------------------------------------------------------------===//

/// Heights of tiles: the tallest, then those for what is left behind these.
static SmallVector<int64_t> heightsUpTo(int64_t tallest) {
  SmallVector<int64_t> heights = {tallest};
  for (int64_t smaller : {4, 2, 1})
    if (smaller < tallest)
      heights.push_back(smaller);
  return heights;
}

//===----------------------------------------------------------------------===//
// Blocks along K
//===----------------------------------------------------------------------===//

void ProductKernel::emitBlocksOfSteps(
    Value depth, llvm::function_ref<void(Value, Value)> body) {
  Value steps = constant(products.steps());
  auto loop = scf::ForOp::create(b, constant(0), steps, depth);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  Value first = loop.getInductionVar();
  Value end = arith::AddIOp::create(b, first, depth);
  body(first, arith::MinUIOp::create(b, end, steps));
}

/// Tiles of rows that pass while a block of a panel is near.
static constexpr int64_t kTilesOfBlock = 8;

/// All rows of a panel that no first cache holds: block by block of `depth` of
/// its steps, of which each stays there while rows pass.
void ProductKernel::emitDeepPanel(Tile tile, int64_t tallest, int64_t depth) {
  const int64_t rowsOfBlock = kTilesOfBlock * tallest;
  tile.memory = allocateTile(op, {rowsOfBlock, groups, tile.vectors * lanes},
                             b.getF32Type());
  tile.ahead = Ahead::NextBlock;
  const SmallVector<int64_t> heights = heightsUpTo(tallest);
  loop(constant(0), op.getRows(), rowsOfBlock, [&](Value row) {
    tile.firstRow = row;
    Value left = arith::SubIOp::create(b, op.getRows(), row);
    Value rows = arith::MinUIOp::create(b, left, constant(rowsOfBlock));
    Value end = arith::AddIOp::create(b, row, rows);
    // One tile alone has no use for a block a second time.
    Value stride = arith::SelectOp::create(
        b, isOneOf(rows, heights), constant(products.steps()), constant(depth));
    emitBlocksOfSteps(stride, [&](Value first, Value last) {
      tile.firstStep = first;
      tile.endStep = last;
      emitRows(tile, row, end, heights);
    });
    emitEpilogue(tile, rows);
  });
}

/// Whether `rows` rows are one tile of one of these heights.
Value ProductKernel::isOneOf(Value rows, ArrayRef<int64_t> heights) {
  Value isOne = arith::ConstantIntOp::create(b, b.getI1Type(), 0);
  for (int64_t height : heights)
    isOne =
        arith::OrIOp::create(b, isOne,
                             arith::CmpIOp::create(b, arith::CmpIPredicate::eq,
                                                   rows, constant(height)));
  return isOne;
}

//===----------------------------------------------------------------------===//
// Panels
//===----------------------------------------------------------------------===//

void ProductKernel::emit() {
  const int64_t fullPanels = units / panelUnits, left = units % panelUnits;
  Value full = constant(fullPanels);
  Value begin = constant(0), end = full;
  if (op.getFirstPanel()) {
    begin = op.getFirstPanel();
    end = arith::MinUIOp::create(b, op.getEndPanel(), full);
  }
  // Tiles pass all steps at once: sums of bf16 are never cut into blocks.
  if (matrix.fits())
    matrix.begin();
  auto emitAll = [&] {
    if (fullPanels > 1 && canPair())
      emitPairs(begin, end);
    else if (fullPanels > 0)
      emitPanels(begin, end);
    if (left > 0)
      emitLastPanel(full, left);
  };
  auto block = depth.blockOfAllPanels();
  if (!result || !block)
    return emitAll();
  // The same block of all rows stays near while all panels pass.
  emitBlocksOfSteps(constant(*block), [&](Value first, Value last) {
    firstStep = first;
    endStep = last;
    emitAll();
  });
}

void ProductKernel::emitPanels(Value begin, Value end) {
  loop(begin, end, 1, [&](Value p) { emitPanel(p, panelUnits); });
}

/// The last panel, which has fewer units, where it is one of those asked for.
void ProductKernel::emitLastPanel(Value p, int64_t count) {
  if (!op.getFirstPanel())
    return emitPanel(p, count);
  Value isBehind = arith::CmpIOp::create(b, arith::CmpIPredicate::ule,
                                         op.getFirstPanel(), p);
  Value isBefore =
      arith::CmpIOp::create(b, arith::CmpIPredicate::ult, p, op.getEndPanel());
  Value isMine = arith::AndIOp::create(b, isBehind, isBefore);
  auto branch = scf::IfOp::create(b, isMine, /*withElseRegion=*/false);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.thenBlock());
  emitPanel(p, count);
}

//===----------------------------------------------------------------------===//
// Tiles
//===----------------------------------------------------------------------===//

/// The most rows of a tile. Four keep the multipliers busy; where a panel comes
/// from behind the first cache, as many as the registers hold, so that it comes
/// less often.
int64_t ProductKernel::tallestTile(const Tile &tile) {
  if (hasOneRow())
    return 1;
  // A row takes a register for each sum, and the panel one for each vector that
  // its own become; one more holds the broadcast element.
  const int64_t ofRow = tile.vectors * groups;
  const int64_t held =
      (target.registers - ofRow * products.parts() - 2) / ofRow;
  return std::clamp<int64_t>(held, 1, depth.isDeep() ? 6 : 4);
}

/// Bytes of weights that are so near that a row waits for its sums.
static constexpr int64_t kNearWeights = 64 << 10;

/// Whether two panels at once are worth their code, and the registers hold a
/// row's sums of both, and what is multiplied for them.
bool ProductKernel::canPair() {
  const int64_t ofRow = panelUnits / lanes * groups;
  const int64_t bytes = op.getK() * units * groups * int64_t(sizeof(float));
  // Where the order of a sum is free, it goes in chains instead.
  return products.sumsInFlight() == 1 && bytes <= kNearWeights &&
         4 * ofRow + 1 <= target.registers;
}

/// Panels two at a time where there is one row only: the sums of one panel
/// would wait for each other. Each is added up in the same order.
void ProductKernel::emitPairs(Value begin, Value end) {
  if (hasOneRow())
    return emitPairsOfRow(begin, end);
  Value isOne = arith::CmpIOp::create(b, arith::CmpIPredicate::eq, op.getRows(),
                                      constant(1));
  auto branch = scf::IfOp::create(b, isOne, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.elseBlock());
  emitPanels(begin, end);
  b.setInsertionPointToStart(branch.thenBlock());
  emitPairsOfRow(begin, end);
}

void ProductKernel::emitPairsOfRow(Value begin, Value end) {
  Value count = arith::SubIOp::create(b, end, begin);
  Value single = arith::RemUIOp::create(b, count, constant(2));
  Value last = arith::SubIOp::create(b, end, single);
  loop(begin, last, 2, [&](Value p) { emitRow(tileOf(p, 2 * panelUnits)); });
  loop(last, end, 1, [&](Value p) { emitRow(tileOf(p, panelUnits)); });
}

/// The first row, which is the only one.
void ProductKernel::emitRow(const Tile &tile) {
  if (result)
    emitTile(tile, constant(0), 1);
  else
    emitBlocks(tile, 1);
}

Tile ProductKernel::tileOf(Value p, int64_t count) {
  Tile tile;
  tile.panel = p;
  tile.units = count;
  tile.vectors = (count + lanes - 1) / lanes;
  tile.firstUnit = arith::MulIOp::create(b, p, constant(panelUnits));
  return tile;
}

/// All rows of panel `p`, of which `count` units are there.
void ProductKernel::emitPanel(Value p, int64_t count) {
  Tile tile = tileOf(p, count);
  if (matrix.fits())
    return matrix.emitPanel(tile);
  const int64_t tallest = tallestTile(tile);
  if (auto block = depth.nearBlock(); block && !result)
    return emitDeepPanel(tile, tallest, *block);
  if (!result)
    return emitBlocks(tile, tallest);
  tile.firstRow = constant(0);
  tile.firstStep = firstStep;
  tile.endStep = endStep;
  tile.ahead = Ahead::NextPanel;
  emitRows(tile, constant(0), op.getRows(), heightsUpTo(tallest));
}

/// The sums of all rows from `begin` to `end`: tall tiles, then what is left in
/// smaller ones.
void ProductKernel::emitRows(const Tile &tile, Value begin, Value end,
                             ArrayRef<int64_t> heights) {
  for (int64_t height : heights) {
    Value left = arith::SubIOp::create(b, end, begin);
    Value rest = arith::RemUIOp::create(b, left, constant(height));
    Value behind = arith::SubIOp::create(b, end, rest);
    loop(begin, behind, height,
         [&](Value row) { emitTile(tile, row, height); });
    begin = behind;
  }
}

/// Blocks of rows: the sums, then what is made of them.
void ProductKernel::emitBlocks(Tile tile, int64_t tallest) {
  tile.memory =
      allocateTile(op, {tallest, groups, tile.vectors * lanes}, b.getF32Type());
  Value height = constant(tallest);
  loop(constant(0), op.getRows(), tallest, [&](Value row) {
    tile.firstRow = row;
    Value left = arith::SubIOp::create(b, op.getRows(), row);
    Value rows = arith::MinUIOp::create(b, left, height);
    if (tallest > 1) {
      Value isTall =
          arith::CmpIOp::create(b, arith::CmpIPredicate::uge, left, height);
      auto branch = scf::IfOp::create(b, isTall, /*withElseRegion=*/true);
      OpBuilder::InsertionGuard guard(b);
      b.setInsertionPointToStart(branch.thenBlock());
      emitTile(tile, row, tallest);
      b.setInsertionPointToStart(branch.elseBlock());
      emitRows(tile, row, op.getRows(),
               ArrayRef(heightsUpTo(tallest)).drop_front());
    } else {
      emitTile(tile, row, 1);
    }
    emitEpilogue(tile, rows);
  });
}

/// The sums of `height` rows from `row` on.
void ProductKernel::emitTile(const Tile &tile, Value row, int64_t height) {
  SmallVector<Value> rows;
  for (int64_t r = 0; r < height; ++r)
    rows.push_back(arith::AddIOp::create(b, row, constant(r)));
  SmallVector<Value> sums =
      tile.firstStep ? continuedSums(tile, rows) : beginSums(tile, rows);
  sums = emitSums(tile, rows, sums);
  auto next = sums.begin();
  for (Value row : rows)
    for (Column at : places.columns(tile)) {
      Value sum = *next++;
      if (op.isQuantized())
        sum = products.scaled(sum, row, tile.panel, places.columnInPanel(at),
                              places.begin(tile, row, at));
      places.end(tile, sum, row, at);
    }
}

/// What the sums of `rows` begin with.
SmallVector<Value> ProductKernel::beginSums(const Tile &tile,
                                            ArrayRef<Value> rows) {
  SmallVector<Value> sums;
  for (Value row : rows)
    for (Column at : places.columns(tile))
      sums.push_back(
          op.isQuantized()
              ? products.offsets(tile.panel, places.columnInPanel(at))
              : places.begin(tile, row, at));
  return sums;
}

/// The same for the first block of steps; for others, what the one before left.
SmallVector<Value> ProductKernel::continuedSums(const Tile &tile,
                                                ArrayRef<Value> rows) {
  Value isFirst = arith::CmpIOp::create(b, arith::CmpIPredicate::eq,
                                        tile.firstStep, constant(0));
  const SmallVector<Type> types(rows.size() * groups * tile.vectors,
                                vectorType);
  auto branch = scf::IfOp::create(b, types, isFirst, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.thenBlock());
  scf::YieldOp::create(b, beginSums(tile, rows));
  b.setInsertionPointToStart(branch.elseBlock());
  SmallVector<Value> left;
  for (Value row : rows)
    for (Column at : places.columns(tile))
      left.push_back(places.left(tile, row, at));
  scf::YieldOp::create(b, left);
  return SmallVector<Value>(branch.getResults());
}

/// In how many chains each of `sums` sums is added up side by side.
int64_t ProductKernel::chainsOf(int64_t sums) {
  const int64_t most =
      std::min(target.registers / (2 * sums), products.steps());
  int64_t chains = 1;
  while (2 * chains <= most && chains * sums < products.sumsInFlight())
    chains *= 2;
  return chains;
}

/// Fetches weights for later, at a step of the tile from `row` on.
void ProductKernel::fetchAhead(const Tile &tile, Value row, Value step) {
  if (tile.ahead == Ahead::Nothing)
    return;
  Value behind = arith::SubIOp::create(b, row, tile.firstRow);
  Value number = arith::DivUIOp::create(b, behind, constant(tallestTile(tile)));
  depth.fetch(b, tile.ahead, tile.panel, step, number);
}

/// A step of the sums of `rows`: `parts` numbers of each column.
SmallVector<Value> ProductKernel::emitStep(const Tile &tile,
                                           ArrayRef<Value> rows, Value step,
                                           int64_t parts, ValueRange sums) {
  SmallVector<SmallVector<Value>> weights;
  const int64_t ofPanel = panelUnits / lanes;
  for (int64_t group = 0; group < groups; ++group)
    for (int64_t v = 0; v < tile.vectors; ++v) {
      Value panel = tile.panel;
      if (v >= ofPanel)
        panel = arith::AddIOp::create(b, panel, constant(v / ofPanel));
      weights.push_back(products.weights(
          panel, step, group * panelUnits + v % ofPanel * lanes));
    }
  SmallVector<Value> next(sums);
  for (int64_t part = 0; part < parts; ++part) {
    auto sum = next.begin();
    for (Value row : rows) {
      Value x = products.input(row, step, part);
      for (ArrayRef<Value> weight : weights) {
        *sum = products.add(x, weight[part], *sum);
        ++sum;
      }
    }
  }
  return next;
}

/// All whole steps, of which each chain takes every `chains`-th.
SmallVector<Value> ProductKernel::emitSteps(const Tile &tile,
                                            ArrayRef<Value> rows,
                                            ValueRange begin, int64_t chains) {
  const size_t count = begin.size();
  const int64_t steps = products.steps(), even = steps / chains * chains;
  SmallVector<Value> sums(begin);
  if (chains > 1)
    sums.append(count * (chains - 1), zero(products.sumType()));
  auto chainOf = [&](int64_t chain) {
    return ArrayRef(sums).slice(chain * count, count);
  };
  auto advance = [&](int64_t chain, Value step) {
    SmallVector<Value> next =
        emitStep(tile, rows, step, products.parts(), chainOf(chain));
    llvm::copy(next, sums.begin() + chain * count);
  };
  Value from = tile.firstStep ? tile.firstStep : constant(0);
  Value to = tile.endStep ? tile.endStep : constant(even);
  auto loop = scf::ForOp::create(b, from, to, constant(chains), sums);
  {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    sums.assign(loop.getRegionIterArgs().begin(),
                loop.getRegionIterArgs().end());
    Value first = loop.getInductionVar();
    fetchAhead(tile, rows.front(), first);
    for (int64_t chain = 0; chain < chains; ++chain)
      advance(chain, chain == 0
                         ? first
                         : arith::AddIOp::create(b, first, constant(chain)));
    scf::YieldOp::create(b, sums);
  }
  sums.assign(loop.getResults().begin(), loop.getResults().end());
  for (int64_t step = even; step < steps; ++step)
    advance(step - even, constant(step));
  for (; chains > 1; chains /= 2)
    for (int64_t i = 0; i < chains / 2 * int64_t(count); ++i)
      sums[i] = products.join(sums[i], sums[i + chains / 2 * int64_t(count)]);
  sums.resize(count);
  return sums;
}

/// The sums along K, begun with `begin`.
SmallVector<Value> ProductKernel::emitSums(const Tile &tile,
                                           ArrayRef<Value> rows,
                                           ValueRange begin) {
  SmallVector<Value> sums =
      emitSteps(tile, rows, begin, chainsOf(int64_t(begin.size())));
  if (products.left() > 0)
    sums =
        emitStep(tile, rows, constant(products.steps()), products.left(), sums);
  return sums;
}

void lowerToVectors(ProductOp op, const VectorUnit &target) {
  ProductKernel(op, target).emit();
  op.erase();
}

} // namespace seqc
