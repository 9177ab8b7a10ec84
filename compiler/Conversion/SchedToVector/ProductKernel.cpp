//===- ProductKernel.cpp - Products on vector registers -------------------===//
// Panels, tiles of rows, sums; then what is made of the sums.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/SchedToVector/ProductKernel.h"

#include "compiler/Conversion/SchedToVector/LaneProducts.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace mlir;

namespace seqc {

using sched::ProductOp;

//===----------------------------------------------------------------------===//
// Epilogues that only store
//===----------------------------------------------------------------------===//

/// The group whose column of a row `index` is: `unit + group * units`.
static std::optional<int64_t> groupOfColumn(ProductOp op, Value index) {
  if (index == op.getUnit())
    return 0;
  auto add = index.getDefiningOp<arith::AddIOp>();
  if (!add || add.getLhs() != op.getUnit())
    return std::nullopt;
  auto offset = getConstantIntValue(add.getRhs());
  if (!offset || *offset % op.getUnits() != 0)
    return std::nullopt;
  return *offset / static_cast<int64_t>(op.getUnits());
}

/// The memref in which the epilogue leaves all sums as they are, where it does
/// nothing else: [rows, groups * units]. Null otherwise.
static Value storedResult(ProductOp op) {
  Value result;
  int64_t stored = 0;
  for (Operation &inner : *op.getBody()) {
    if (isa<arith::AddIOp, arith::ConstantIndexOp>(inner))
      continue;
    auto store = dyn_cast<memref::StoreOp>(inner);
    if (!store || store.getMemRefType().getRank() != 2 ||
        store.getIndices()[0] != op.getRow() ||
        (result && result != store.getMemRef()))
      return {};
    auto group = groupOfColumn(op, store.getIndices()[1]);
    if (group != stored || stored >= op.getGroups() ||
        store.getValueToStore() != op.getSums()[stored])
      return {};
    result = store.getMemRef();
    ++stored;
  }
  if (stored != op.getGroups())
    return {};
  auto [strides, offset] =
      cast<MemRefType>(result.getType()).getStridesAndOffset();
  const bool isOutside = !op.getEpilogue().isAncestor(result.getParentRegion());
  return strides.back() == 1 && isOutside ? result : Value();
}

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
        products(op, target, lanes, b) {}

  void emit();

private:
  /// Where a tile of sums lies: its first row, its panel, and what there is of
  /// that.
  struct Tile {
    Value panel;
    /// The first unit of the panel, and how many there are: those of the next
    /// panel too, where two are taken at once.
    Value firstUnit;
    int64_t units;
    /// The vectors of each group.
    int64_t vectors;
    /// The memory for the sums of the rows from `firstRow` on; null where they
    /// go straight to the result.
    Value memory, firstRow;
  };

  Value constant(int64_t n) { return arith::ConstantIndexOp::create(b, n); }

  void loop(Value begin, Value end, int64_t step,
            llvm::function_ref<void(Value)> body) {
    auto loop = scf::ForOp::create(b, begin, end, constant(step));
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    body(loop.getInductionVar());
  }

  bool canPair();
  void emitPairs(Value begin, Value end);
  void emitPanels(Value begin, Value end) {
    loop(begin, end, 1, [&](Value p) { emitPanel(p, panelUnits); });
  }
  void emitLastPanel(Value p, int64_t units);
  int64_t tallestTile(const Tile &tile);
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
  Value beginSum(const Tile &tile, Value row, int64_t group, int64_t v);
  void endSum(const Tile &tile, Value sum, Value row, int64_t group, int64_t v);
  void emitEpilogue(const Tile &tile, Value rows);

  /// A column of a row of `groups` times `units` numbers.
  Value columnOf(const Tile &tile, int64_t group, int64_t v) {
    return arith::AddIOp::create(b, tile.firstUnit,
                                 constant(group * units + v * lanes));
  }
  Value maskOf(const Tile &tile, int64_t v);
  Value zero() { return zero(vectorType); }
  Value zero(Type type) {
    return arith::ConstantOp::create(b, cast<TypedAttr>(b.getZeroAttr(type)));
  }

  ProductOp op;
  ImplicitLocOpBuilder b;
  VectorUnit target;
  int64_t panelUnits, units, groups, lanes;
  /// Where the epilogue only leaves the sums, if it does.
  Value result;
  VectorType vectorType;
  LaneProducts products;
};

} // namespace

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
  if (fullPanels > 1 && canPair())
    emitPairs(begin, end);
  else if (fullPanels > 0)
    emitPanels(begin, end);
  if (left > 0)
    emitLastPanel(full, left);
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
// Registers
//===----------------------------------------------------------------------===//

/// The mask of the lanes of vector `v` of a group; null: all are there.
Value ProductKernel::maskOf(const Tile &tile, int64_t v) {
  const int64_t left = tile.units - v * lanes;
  if (left >= lanes)
    return {};
  return vector::CreateMaskOp::create(b, VectorType::get(lanes, b.getI1Type()),
                                      ValueRange{constant(left)});
}

//===----------------------------------------------------------------------===//
// Tiles
//===----------------------------------------------------------------------===//

/// Heights for what is left behind the tallest tiles of a block of rows.
static SmallVector<int64_t> heightsBelow(int64_t tallest) {
  SmallVector<int64_t> heights;
  for (int64_t smaller : {4, 2, 1})
    if (smaller < tallest)
      heights.push_back(smaller);
  return heights;
}

/// Bytes of a panel that stays in a first cache while rows pass.
static constexpr int64_t kFirstCache = 48 << 10;

/// The most rows of a tile. Four keep the multipliers busy; where a panel comes
/// from behind the first cache, as many as the registers hold, so that it comes
/// less often.
int64_t ProductKernel::tallestTile(const Tile &tile) {
  // A row takes a register for each sum, and the panel one for each vector that
  // its own become; one more holds the broadcast element.
  const int64_t ofRow = tile.vectors * groups;
  const int64_t held =
      (target.registers - ofRow * products.parts() - 2) / ofRow;
  MemRefType panels = op.getPanels().getType();
  const int64_t panelBytes = panels.getDimSize(1) * panels.getDimSize(2) *
                             panels.getElementTypeBitWidth() / 8;
  return std::clamp<int64_t>(held, 1, panelBytes > kFirstCache ? 6 : 4);
}

/// Memory on the stack for the sums of a tile.
static Value allocateTile(ProductOp op, ArrayRef<int64_t> shape) {
  auto function = op->getParentOfType<FunctionOpInterface>();
  OpBuilder b = OpBuilder::atBlockBegin(&function.getFunctionBody().front());
  return memref::AllocaOp::create(b, op.getLoc(),
                                  MemRefType::get(shape, b.getF32Type()),
                                  b.getI64IntegerAttr(64));
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
  Value isOne = arith::CmpIOp::create(b, arith::CmpIPredicate::eq, op.getRows(),
                                      constant(1));
  auto branch = scf::IfOp::create(b, isOne, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.elseBlock());
  emitPanels(begin, end);
  b.setInsertionPointToStart(branch.thenBlock());
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

ProductKernel::Tile ProductKernel::tileOf(Value p, int64_t count) {
  Tile tile;
  tile.panel = p;
  tile.units = count;
  tile.vectors = (count + lanes - 1) / lanes;
  tile.firstUnit = arith::MulIOp::create(b, p, constant(panelUnits));
  return tile;
}

/// All rows of panel `p`, of which `count` units are there.
void ProductKernel::emitPanel(Value p, int64_t count) {
  const Tile tile = tileOf(p, count);
  const int64_t tallest = tallestTile(tile);
  if (!result)
    return emitBlocks(tile, tallest);
  // Mostly many rows, all steps of a block: what is left is a small part.
  SmallVector<int64_t> heights = {tallest};
  for (int64_t smaller : {2, 1})
    if (smaller < tallest)
      heights.push_back(smaller);
  emitRows(tile, constant(0), op.getRows(), heights);
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
  tile.memory = allocateTile(op, {tallest, groups, tile.vectors * lanes});
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
      emitRows(tile, row, op.getRows(), heightsBelow(tallest));
    } else {
      emitTile(tile, row, 1);
    }
    emitEpilogue(tile, rows);
  });
}

/// The sums of `height` rows from `row` on.
void ProductKernel::emitTile(const Tile &tile, Value row, int64_t height) {
  SmallVector<Value> rows, sums;
  for (int64_t r = 0; r < height; ++r)
    rows.push_back(arith::AddIOp::create(b, row, constant(r)));
  auto columnOf = [&](int64_t group, int64_t v) {
    return group * panelUnits + v * lanes;
  };
  for (Value at : rows)
    for (int64_t group = 0; group < groups; ++group)
      for (int64_t v = 0; v < tile.vectors; ++v)
        sums.push_back(op.isQuantized()
                           ? products.offsets(tile.panel, columnOf(group, v))
                           : beginSum(tile, at, group, v));
  sums = emitSums(tile, rows, sums);
  auto next = sums.begin();
  for (Value at : rows)
    for (int64_t group = 0; group < groups; ++group)
      for (int64_t v = 0; v < tile.vectors; ++v) {
        Value sum = *next++;
        if (op.isQuantized())
          sum = products.scaled(sum, at, tile.panel, columnOf(group, v),
                                beginSum(tile, at, group, v));
        endSum(tile, sum, at, group, v);
      }
}

Value ProductKernel::beginSum(const Tile &tile, Value row, int64_t group,
                              int64_t v) {
  if (!op.getInit())
    return zero();
  Value place[] = {row, columnOf(tile, group, v)};
  if (Value mask = maskOf(tile, v))
    return vector::MaskedLoadOp::create(b, vectorType, op.getInit(), place,
                                        mask, zero());
  return vector::LoadOp::create(b, vectorType, op.getInit(), place);
}

void ProductKernel::endSum(const Tile &tile, Value sum, Value row,
                           int64_t group, int64_t v) {
  if (tile.memory) {
    Value at = arith::SubIOp::create(b, row, tile.firstRow);
    vector::StoreOp::create(
        b, sum, tile.memory,
        ValueRange{at, constant(group), constant(v * lanes)});
    return;
  }
  Value place[] = {row, columnOf(tile, group, v)};
  if (Value mask = maskOf(tile, v))
    vector::MaskedStoreOp::create(b, result, place, mask, sum);
  else
    vector::StoreOp::create(b, sum, result, place);
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
  auto loop = scf::ForOp::create(b, constant(0), constant(even),
                                 constant(chains), sums);
  {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    sums.assign(loop.getRegionIterArgs().begin(),
                loop.getRegionIterArgs().end());
    Value first = loop.getInductionVar();
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

//===----------------------------------------------------------------------===//
// What is made of the sums
//===----------------------------------------------------------------------===//

/// The epilogue for all units of a tile of `rows` rows.
void ProductKernel::emitEpilogue(const Tile &tile, Value rows) {
  Value none = constant(0), one = constant(1);
  auto body = [&](OpBuilder &, Location, ValueRange at) {
    IRMapping mapping;
    mapping.map(op.getRow(), arith::AddIOp::create(b, tile.firstRow, at[0]));
    mapping.map(op.getUnit(), arith::AddIOp::create(b, tile.firstUnit, at[1]));
    for (auto [group, sum] : llvm::enumerate(op.getSums()))
      mapping.map(
          sum, memref::LoadOp::create(
                   b, tile.memory, ValueRange{at[0], constant(group), at[1]}));
    for (Operation &inner : *op.getBody())
      b.clone(inner, mapping);
  };
  auto loop = scf::ParallelOp::create(
      b, ValueRange{none, none}, ValueRange{rows, constant(tile.units)},
      ValueRange{one, one},
      [&](OpBuilder &inside, Location loc, ValueRange at) {
        OpBuilder::InsertionGuard guard(b);
        b.setInsertionPoint(inside.getInsertionBlock(),
                            inside.getInsertionPoint());
        body(inside, loc, at);
      });
  if (op->hasAttr("seq.independent"))
    loop->setAttr("seq.independent", b.getUnitAttr());
}

void lowerToVectors(ProductOp op, const VectorUnit &target) {
  ProductKernel(op, target).emit();
  op.erase();
}

} // namespace seqc
