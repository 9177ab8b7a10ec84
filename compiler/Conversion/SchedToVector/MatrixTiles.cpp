//===- MatrixTiles.cpp - Products of bf16 on tile registers ---------------===//
// Rows are one operand as they lie in memory; panels have pairs along K side by
// side, which is what the other one has to have.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/SchedToVector/MatrixTiles.h"

#include "compiler/Conversion/SchedToVector/TileEpilogue.h"

#include "mlir/Dialect/AMX/AMXDialect.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace mlir;

namespace seqc {

/// Rows of a register, and the pairs that one instruction takes.
static constexpr int64_t kRows = 16;

/// Of eight registers one is for the rows, and one for the panel. All tiles of
/// a program have the same shapes: LLVM gives each register one in all of a
/// function, and finds none for others.
static constexpr size_t kSumsAtOnce = 6;

static bool fillsTiles(sched::ProductOp op) {
  return op.getLhs().getType().getElementType().isBF16() &&
         op.getK() % (2 * kRows) == 0;
}

int64_t longestTiledRow(ArrayRef<sched::ProductOp> products) {
  int64_t longest = 0;
  for (sched::ProductOp op : products)
    if (fillsTiles(op))
      longest = std::max(longest, op.getK());
  return longest;
}

MatrixTiles::MatrixTiles(sched::ProductOp op, const VectorUnit &target,
                         int64_t lanes, SumPlaces &places, Value result,
                         ImplicitLocOpBuilder &b)
    : op(op), places(places), result(result), b(b), lanes(lanes),
      longest(target.tileK),
      areTiles(longest > 0 && fillsTiles(op) && lanes == kRows) {}

Value MatrixTiles::constant(int64_t n) {
  return arith::ConstantIndexOp::create(b, n);
}

//===----------------------------------------------------------------------===//
// Rows
//===----------------------------------------------------------------------===//

/// Memory on the stack for 16 rows of any product of a function: they need it
/// one behind the other.
Value MatrixTiles::memoryForRows() {
  constexpr StringLiteral kMark = "sched.rows_of_tiles";
  auto function = op->getParentOfType<FunctionOpInterface>();
  for (auto memory :
       function.getFunctionBody().front().getOps<memref::AllocaOp>())
    if (memory->hasAttr(kMark))
      return memory;
  Value memory = allocateTile(op, {kRows * longest}, b.getBF16Type());
  memory.getDefiningOp()->setAttr(kMark, b.getUnitAttr());
  return memory;
}

void MatrixTiles::begin() {
  left = arith::RemUIOp::create(b, op.getRows(), constant(kRows));
  whole = arith::SubIOp::create(b, op.getRows(), left);
  copy = memoryForRows();
  auto type = VectorType::get(2 * kRows, b.getBF16Type());
  auto rows = scf::ForOp::create(b, constant(0), left, constant(1));
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(rows.getBody());
  Value to = rows.getInductionVar();
  Value from = arith::AddIOp::create(b, whole, to);
  auto numbers = scf::ForOp::create(b, constant(0), constant(op.getK()),
                                    constant(2 * kRows));
  b.setInsertionPointToStart(numbers.getBody());
  Value k = numbers.getInductionVar();
  Value loaded =
      vector::LoadOp::create(b, type, op.getLhs(), ValueRange{from, k});
  Value row = arith::MulIOp::create(b, to, constant(op.getK()));
  vector::StoreOp::create(b, loaded, copy,
                          ValueRange{arith::AddIOp::create(b, row, k)});
}

void MatrixTiles::emitPanel(Tile tile) {
  tile.memory = allocateTile(op, {kRows, op.getGroups(), tile.vectors * lanes},
                             b.getF32Type());
  auto loop = scf::ForOp::create(b, constant(0), whole, constant(kRows));
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  Value row = loop.getInductionVar();
  emitRows(tile, {row, constant(kRows), /*areAll=*/true});
  b.setInsertionPointAfter(loop);
  Value isLeft =
      arith::CmpIOp::create(b, arith::CmpIPredicate::ne, left, constant(0));
  auto branch = scf::IfOp::create(b, isLeft, /*withElseRegion=*/false);
  b.setInsertionPointToStart(branch.thenBlock());
  emitRows(tile, {whole, left, /*areAll=*/false});
}

/// `body` for each vector of each row.
void MatrixTiles::eachRow(const Tile &tile, const Rows &rows,
                          function_ref<void(Value, Column)> body) {
  auto loop = scf::ForOp::create(b, constant(0), rows.count, constant(1));
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  Value row = arith::AddIOp::create(b, rows.first, loop.getInductionVar());
  for (Column at : places.columns(tile))
    body(row, at);
}

/// Sums begin and end in memory of the tile's own, but where all rows and
/// columns of a register are there in what they begin with or go to.
void MatrixTiles::emitRows(Tile tile, const Rows &rows) {
  const bool isWhole = rows.areAll && tile.units % lanes == 0;
  const bool readsInit = isWhole || !op.getInit();
  const bool isDirect = isWhole && result;
  tile.firstRow = rows.first;
  if (!readsInit)
    eachRow(tile, rows, [&](Value row, Column at) {
      places.end(tile, places.begin(tile, row, at), row, at);
    });
  const SmallVector<Column> columns = places.columns(tile);
  for (ArrayRef<Column> next = columns; !next.empty();) {
    const size_t count = std::min(next.size(), kSumsAtOnce);
    emitSums(tile, rows, next.take_front(count), readsInit, isDirect);
    next = next.drop_front(count);
  }
  if (!result)
    return makeOfSums(b, op, {tile.memory, tile.firstRow, tile.firstUnit},
                      rows.count, tile.units);
  if (isDirect)
    return;
  Tile last = tile;
  last.memory = {};
  eachRow(tile, rows, [&](Value row, Column at) {
    places.end(last, places.left(tile, row, at), row, at);
  });
}

//===----------------------------------------------------------------------===//
// Registers
//===----------------------------------------------------------------------===//

/// `sums` and what the pairs from `step` on add to them.
SmallVector<Value> MatrixTiles::emitStep(const Tile &tile, const Rows &rows,
                                         ArrayRef<Column> columns, Value step,
                                         ValueRange sums) {
  Value k = arith::MulIOp::create(b, step, constant(2));
  Type bf16 = b.getBF16Type();
  auto type = amx::TileType::get({kRows, 2 * kRows}, bf16);
  Value ofRows = rows.areAll
                     ? amx::TileLoadOp::create(b, type, op.getLhs(),
                                               ValueRange{rows.first, k})
                     : amx::TileLoadOp::create(b, type, copy, ValueRange{k},
                                               constant(op.getK()));
  SmallVector<Value> next;
  for (auto [at, sum] : llvm::zip_equal(columns, sums)) {
    Value column = constant(2 * places.columnInPanel(at));
    Value weights = amx::TileLoadOp::create(
        b, amx::TileType::get({kRows, 2 * lanes}, bf16), op.getPanels(),
        ValueRange{tile.panel, step, column});
    next.push_back(
        amx::TileMulFOp::create(b, sum.getType(), ofRows, weights, sum));
  }
  return next;
}

void MatrixTiles::emitSums(const Tile &tile, const Rows &rows,
                           ArrayRef<Column> columns, bool readsInit,
                           bool isDirect) {
  auto type = amx::TileType::get({kRows, lanes}, b.getF32Type());
  SmallVector<Value> sums;
  for (Column at : columns) {
    const SumPlaces::Place place = readsInit
                                       ? places.first(tile, rows.first, at)
                                       : places.last(tile, rows.first, at);
    sums.push_back(place.memory
                       ? amx::TileLoadOp::create(b, type, place.memory,
                                                 place.at, place.rowStride)
                             .getResult()
                       : amx::TileZeroOp::create(b, type).getResult());
  }
  auto loop = scf::ForOp::create(b, constant(0), constant(op.getK() / 2),
                                 constant(kRows), sums);
  {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    scf::YieldOp::create(b,
                         emitStep(tile, rows, columns, loop.getInductionVar(),
                                  loop.getRegionIterArgs()));
  }
  Tile last = tile;
  if (isDirect)
    last.memory = {};
  for (auto [at, sum] : llvm::zip_equal(columns, loop.getResults())) {
    const SumPlaces::Place place = places.last(last, rows.first, at);
    amx::TileStoreOp::create(b, place.memory, place.at, sum, place.rowStride);
  }
}

} // namespace seqc
