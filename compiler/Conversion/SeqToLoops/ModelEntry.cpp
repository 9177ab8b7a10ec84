//===- ModelEntry.cpp - A call of a model ---------------------------------===//
// NAME cuts the batch into tiles of rows; the tile's function finds its rows in
// what the caller gave and runs the whole program on them. Behind the tiles
// comes what sums over the batch, level by level. NAME_workspace says how much
// memory that takes.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/SeqToLoops/AbiLayout.h"
#include "compiler/Conversion/SeqToLoops/ArgumentBinding.h"
#include "compiler/Conversion/SeqToLoops/Constants.h"
#include "compiler/Conversion/SeqToLoops/EntryPoints.h"
#include "compiler/Conversion/SeqToLoops/SumsEntry.h"
#include "compiler/Conversion/SeqToLoops/TileShares.h"
#include "compiler/Dialect/Sched/IR/SchedDialect.h"
#include "runtime/core/abi.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace seqc::seq;

namespace seqc::loops {

namespace {

/// Builds the functions of one model.
class ModelBuilder {
public:
  ModelBuilder(func::FuncOp main, func::FuncOp sums, const PackedLayout &packed,
               const TargetDescription &target, bool hasTeams, StringRef name)
      : model(main, sums, packed, target, name), main(main), target(target),
        shares(main, target, model.dims - 1, hasTeams && !sums,
               packed.keepsRowsApart()),
        hasWorkers(hasTeams), name(name.str()) {}

  void build() {
    buildTile();
    if (hasSingle())
      buildSingle();
    if (model.sums)
      stage = buildSums(model);
    buildWorkspace();
    buildCall();
  }

private:
  void buildTile();
  bool hasSingle() const;
  void buildSingle();
  std::vector<Store> bindCall(Lowering &l);
  void buildWorkspace();
  void buildCall();

  /// Where a task works: the number of its tile, the part of the workspace
  /// that is its own, and the most rows that a tile has.
  struct Place {
    Value tile, workspace, rows;
  };
  Place findPlace(Lowering &l, Value batch);
  void enter(Lowering &l);
  Value ownStart(Lowering &l, Value dimsArray, Value worker, Value kept);
  Value emitRun(ImplicitLocOpBuilder &b, Value call, Value tasks,
                func::FuncOp task);
  Value emitTiles(ImplicitLocOpBuilder &b, Value call, func::FuncOp tile);
  Value emitSingleOrTiles(ImplicitLocOpBuilder &b, Value call,
                          func::FuncOp tile);
  Value emitLevels(ImplicitLocOpBuilder &b, Value call, Value status);
  SmallVector<Value> saturatedSymbols(ImplicitLocOpBuilder &b, Value dimsArray,
                                      bool ofTile);

  ModelContext model;
  func::FuncOp main;
  const TargetDescription &target;
  TileShares shares;
  bool hasWorkers;
  std::string name;
  /// For one step of one sample; null where there is none.
  func::FuncOp single;
  std::optional<BufferPlan> plan;
  std::optional<SumsStage> stage;
};

} // namespace

//===----------------------------------------------------------------------===//
// The function of a tile
//===----------------------------------------------------------------------===//

/// Where a worker's part of the workspace begins, behind `kept` bytes of the
/// whole batch. The first worker, mostly the only one, need not know how large
/// such a part is.
Value ModelBuilder::ownStart(Lowering &l, Value dimsArray, Value worker,
                             Value kept) {
  ImplicitLocOpBuilder &b = l.b;
  Value isFirst =
      arith::CmpIOp::create(b, arith::CmpIPredicate::eq, worker, l.constant(0));
  auto branch = scf::IfOp::create(b, b.getIndexType(), isFirst,
                                  /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.thenBlock());
  scf::YieldOp::create(b, l.constant(0));
  b.setInsertionPointToStart(branch.elseBlock());
  Value one = arith::ConstantIntOp::create(b, b.getI32Type(), 1);
  Value bytes = func::CallOp::create(b, name + "_workspace", b.getI64Type(),
                                     ValueRange{dimsArray, one})
                    .getResult(0);
  Value size = arith::IndexCastOp::create(b, b.getIndexType(), bytes);
  if (kept)
    size = arith::SubIOp::create(b, size, kept);
  scf::YieldOp::create(b, arith::MulIOp::create(b, worker, size).getResult());
  return branch.getResult(0);
}

/// Which rows of the batch a task has, and who shares them.
ModelBuilder::Place ModelBuilder::findPlace(Lowering &l, Value batch) {
  ImplicitLocOpBuilder &b = l.b;
  auto argument = [&](unsigned i) -> Value {
    return arith::IndexCastOp::create(b, b.getIndexType(),
                                      l.function.getArgument(i));
  };
  Value task = argument(1), worker = argument(2);
  const TileShares::Plan shared = shares.plan(b, l.call, batch);
  Place place = {task, worker, rowsOfTile(b, batch, shared.tiles)};
  if (!shares.hasTeams())
    return place;
  // Members of a team are tasks on the same tile, in one workspace.
  Value none = l.constant(0);
  Value isTeam = arith::CmpIOp::create(b, arith::CmpIPredicate::ugt,
                                       shared.members, l.constant(1));
  Value member = arith::SelectOp::create(b, isTeam, task, none);
  place.tile = arith::SelectOp::create(b, isTeam, none, task);
  place.workspace = arith::SelectOp::create(b, isTeam, none, worker);
  sched::TeamOp::create(b, l.call, member, shared.members);
  l.members = shared.members;
  return place;
}

/// Reads the call and the tile's rows, and lays out the workspace.
void ModelBuilder::enter(Lowering &l) {
  l.call = l.function.getArgument(0);
  ImplicitLocOpBuilder &b = l.b;
  Value dimsArray = loadField(b, b.getLoc(), l.call, CallField::Dims);
  SmallVector<Value> capacities = model.readSymbols(b, dimsArray);
  l.symbols = capacities;

  Value batch = capacities[0];
  const Place place = findPlace(l, batch);
  l.firstRow = arith::MulIOp::create(b, place.tile, place.rows);
  Value left = arith::SubIOp::create(b, batch, l.firstRow);
  l.symbols[0] = arith::MinUIOp::create(b, place.rows, left);
  capacities[0] = place.rows;

  // Each worker has a part of the workspace, behind that of the whole batch.
  Value kept = model.sums ? keptBytes(l, model, dimsArray) : Value();
  Value start = ownStart(l, dimsArray, place.workspace, kept);
  if (kept)
    start = arith::AddIOp::create(b, start, kept);
  Value base = model.workspace(l, start,
                               l.constant(std::numeric_limits<int64_t>::max()));
  l.plan = model.makePlan(l, base, l.symbols, capacities);
}

void ModelBuilder::buildTile() {
  func::FuncOp function = model.makeTask("_tile");
  Lowering l(function, target, model.packed, model.sizes, name);
  l.mostRows = shares.rowsOfTallTile();
  enter(l);
  std::vector<Store> stores = bindCall(l);
  llvm::append_range(stores, keptStores(model, l));
  lowerBlock(l, main.getBody().front(), std::move(stores));
  func::ReturnOp::create(l.b);
  plan = std::move(l.plan);
}

/// Finds all that the caller gave, and where the results go.
std::vector<Store> ModelBuilder::bindCall(Lowering &l) {
  ArgumentBinding binding(l, main);
  binding.bindArguments();
  bindConstants(l, main);
  return binding.resultStores();
}

//===----------------------------------------------------------------------===//
// The function of one step of one sample
//===----------------------------------------------------------------------===//

/// Weights of a model that is done with a step before it has found out how many
/// rows and steps a call has.
static constexpr int64_t kFewWeights = 1 << 15;

/// Who calls a small model for each sample pays for every loop around a step.
bool ModelBuilder::hasSingle() const {
  if (!hasWorkers || model.sums || model.dims != 2 ||
      !model.sizes.derived().empty())
    return false;
  int64_t weights = 0;
  func::FuncOp(main).walk([&](ContractOp product) {
    if (isPanelProduct(product))
      weights +=
          cast<RankedTensorType>(product.getRhs().getType()).getNumElements();
  });
  return weights <= kFewWeights;
}

/// The same as a tile where all sizes are 1, which are no matter then.
void ModelBuilder::buildSingle() {
  single = model.makeTask("_single");
  Lowering l(single, target, model.packed, model.sizes, name);
  l.isSingle = true;
  l.mostRows = 1;
  l.call = single.getArgument(0);
  l.symbols.assign(model.dims, l.constant(1));
  l.firstRow = l.constant(0);
  Value base = model.workspace(l, l.constant(0),
                               l.constant(std::numeric_limits<int64_t>::max()));
  l.plan = model.makePlan(l, base, l.symbols, l.symbols);
  std::vector<Store> stores = bindCall(l);
  lowerBlock(l, main.getBody().front(), std::move(stores));
  func::ReturnOp::create(l.b);
}

//===----------------------------------------------------------------------===//
// The workspace
//===----------------------------------------------------------------------===//

/// The sizes of the whole batch, or of a tile, that stay at the largest value.
SmallVector<Value> ModelBuilder::saturatedSymbols(ImplicitLocOpBuilder &b,
                                                  Value dimsArray,
                                                  bool ofTile) {
  SmallVector<Value> symbols;
  for (int64_t k = 0; k < model.dims; ++k)
    symbols.push_back(loadSize(b, b.getLoc(), dimsArray, k));
  if (ofTile)
    symbols[0] = shares.mostRows(b, symbols[0]);
  for (Value &symbol : symbols)
    symbol = arith::IndexCastOp::create(b, b.getI64Type(), symbol);
  for (const DerivedSize &derived : model.sizes.derived())
    symbols.push_back(saturatedWindows(
        b, b.getLoc(), symbols[derived.source.value], derived.windows));
  return symbols;
}

void ModelBuilder::buildWorkspace() {
  ImplicitLocOpBuilder b(main.getLoc(), main);
  Type ptr = pointerType(b.getContext()), i64 = b.getI64Type();
  if (model.sums) {
    auto kept =
        func::FuncOp::create(b, name + "_kept", b.getFunctionType(ptr, i64));
    makeInternal(kept);
    makeSmall(kept);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(kept.addEntryBlock());
    SmallVector<Value> symbols =
        saturatedSymbols(b, kept.getArgument(0), /*ofTile=*/false);
    func::ReturnOp::create(b,
                           stage->plan.saturatedBytes(b, b.getLoc(), symbols));
  }
  auto function = func::FuncOp::create(
      b, name + "_workspace", b.getFunctionType({ptr, b.getI32Type()}, i64));
  makeSmall(function);
  b.setInsertionPointToStart(function.addEntryBlock());
  SmallVector<Value> symbols =
      saturatedSymbols(b, function.getArgument(0), /*ofTile=*/true);
  Value bytes = plan->saturatedBytes(b, b.getLoc(), symbols);
  Value workers = arith::ExtUIOp::create(b, i64, function.getArgument(1));
  bytes = saturatedMul(b, b.getLoc(), bytes, workers);
  if (model.sums) {
    Value kept = func::CallOp::create(b, name + "_kept", i64,
                                      ValueRange{function.getArgument(0)})
                     .getResult(0);
    bytes = saturatedAdd(b, b.getLoc(), bytes, kept);
  }
  func::ReturnOp::create(b, bytes);
}

//===----------------------------------------------------------------------===//
// The call
//===----------------------------------------------------------------------===//

/// Hands tasks to the runtime; gives the status.
Value ModelBuilder::emitRun(ImplicitLocOpBuilder &b, Value call, Value tasks,
                            func::FuncOp task) {
  Value address = func::ConstantOp::create(
      b, task.getFunctionType(), FlatSymbolRefAttr::get(task.getSymNameAttr()));
  address = UnrealizedConversionCastOp::create(b, pointerType(b.getContext()),
                                               address)
                .getResult(0);
  return func::CallOp::create(b, "seqc_run_tiles", b.getI32Type(),
                              ValueRange{call, tasks, address})
      .getResult(0);
}

Value ModelBuilder::emitTiles(ImplicitLocOpBuilder &b, Value call,
                              func::FuncOp tile) {
  Value batch = loadSize(b, b.getLoc(),
                         loadField(b, b.getLoc(), call, CallField::Dims), 0);
  Value tasks = arith::IndexCastOp::create(b, b.getI64Type(),
                                           shares.plan(b, call, batch).tasks);
  return emitRun(b, call, tasks, tile);
}

/// Whether a call is one step of one sample, of which all is there.
static Value isSingleStep(ImplicitLocOpBuilder &b, Value call) {
  Location loc = b.getLoc();
  Value dims = loadField(b, loc, call, CallField::Dims);
  Value one = arith::ConstantIndexOp::create(b, 1);
  Value isSingle = isNull(b, loc, loadLengths(b, loc, call, 0));
  for (int64_t k : {0, 1}) {
    Value isOne = arith::CmpIOp::create(b, arith::CmpIPredicate::eq,
                                        loadSize(b, loc, dims, k), one);
    isSingle = arith::AndIOp::create(b, isSingle, isOne);
  }
  return isSingle;
}

Value ModelBuilder::emitSingleOrTiles(ImplicitLocOpBuilder &b, Value call,
                                      func::FuncOp tile) {
  auto branch = scf::IfOp::create(b, b.getI32Type(), isSingleStep(b, call),
                                  /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.thenBlock());
  Value one = arith::ConstantIntOp::create(b, b.getI64Type(), 1);
  scf::YieldOp::create(b, emitRun(b, call, one, single));
  b.setInsertionPointToStart(branch.elseBlock());
  scf::YieldOp::create(b, emitTiles(b, call, tile));
  return branch.getResult(0);
}

void ModelBuilder::buildCall() {
  ImplicitLocOpBuilder b(main.getLoc(), main);
  Type ptr = pointerType(b.getContext()), i32 = b.getI32Type();
  auto tile = main->getParentOfType<ModuleOp>().lookupSymbol<func::FuncOp>(
      name + "_tile");
  auto run = func::FuncOp::create(
      b, "seqc_run_tiles", b.getFunctionType({ptr, b.getI64Type(), ptr}, i32));
  run.setPrivate();
  auto report =
      func::FuncOp::create(b, "seqc_report", b.getFunctionType({ptr, ptr}, {}));
  report.setPrivate();
  if (shares.isShared())
    func::FuncOp::create(b, "seqc_workers", b.getFunctionType(ptr, i32))
        .setPrivate();

  auto function = func::FuncOp::create(b, name, b.getFunctionType(ptr, i32));
  b.setInsertionPointToStart(function.addEntryBlock());
  Value call = function.getArgument(0);
  auto constant = [&](int64_t n) -> Value {
    return arith::ConstantIntOp::create(b, i32, n);
  };
  Value version = loadField(b, b.getLoc(), call, CallField::Version);
  Value isRight = arith::CmpIOp::create(b, arith::CmpIPredicate::eq, version,
                                        constant(SEQC_ABI_VERSION));
  auto branch = scf::IfOp::create(b, i32, isRight, /*withElseRegion=*/true);
  b.setInsertionPointToStart(branch.thenBlock());
  Value status =
      single ? emitSingleOrTiles(b, call, tile) : emitTiles(b, call, tile);
  if (stage)
    status = emitLevels(b, call, status);
  scf::YieldOp::create(b, status);
  b.setInsertionPointToStart(branch.elseBlock());
  scf::YieldOp::create(b, constant(SEQC_ERROR_VERSION));
  b.setInsertionPointAfter(branch);
  func::ReturnOp::create(b, branch.getResult(0));
}

/// Each level where all before it has gone well: a level's record of errors
/// replaces the one before.
Value ModelBuilder::emitLevels(ImplicitLocOpBuilder &b, Value call,
                               Value status) {
  Value ok = arith::ConstantIntOp::create(b, b.getI32Type(), SEQC_OK);
  for (const SumsStage::Level &level : stage->levels) {
    Value isRight =
        arith::CmpIOp::create(b, arith::CmpIPredicate::eq, status, ok);
    auto branch =
        scf::IfOp::create(b, b.getI32Type(), isRight, /*withElseRegion=*/true);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(branch.thenBlock());
    Value tasks = arith::ConstantIntOp::create(b, b.getI64Type(), level.tasks);
    scf::YieldOp::create(b, emitRun(b, call, tasks, level.function));
    b.setInsertionPointToStart(branch.elseBlock());
    scf::YieldOp::create(b, status);
    status = branch.getResult(0);
  }
  return status;
}

void buildModel(func::FuncOp main, func::FuncOp sums,
                const PackedLayout &packed, const TargetDescription &target,
                bool hasTeams, StringRef name) {
  ModelBuilder(main, sums, packed, target, hasTeams, name).build();
}

} // namespace seqc::loops
