//===- BlockSchedule.cpp - What of a block is stored, and when ------------===//
// Live values, buffers, places, levels; then the code, level by level.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/SeqToLoops/BlockScheduleImpl.h"
#include "compiler/Conversion/SeqToLoops/ProductStream.h"
#include "compiler/Dialect/Seq/Transforms/ScanUtils.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace seqc::seq;

namespace seqc::loops {

//===----------------------------------------------------------------------===//
// What is live, what gets a buffer
//===----------------------------------------------------------------------===//

/// A body may be emitted more than once: what is in memory is found each time.
void BlockSchedule::forgetPlaces() {
  for (Operation &op : block)
    if (!isa<arith::ConstantOp>(op))
      for (Value result : op.getResults())
        l.buffers.erase(result);
  for (Value argument : block.getArguments())
    if (l.elements.count(argument))
      l.buffers.erase(argument);
}

void BlockSchedule::findLive() {
  SmallVector<Value> work;
  for (const Store &store : stores)
    work.push_back(store.value);
  for (auto op : block.getOps<RequireLengthOp>()) {
    live.insert(op);
    work.push_back(op.getLengths());
  }
  while (!work.empty()) {
    Value v = l.resolve(work.pop_back_val());
    Operation *op = v.getDefiningOp();
    if (!op || op->getBlock() != &block || !live.insert(op).second)
      continue;
    for (Value operand : op->getOperands())
      if (isa<RankedTensorType>(operand.getType()))
        work.push_back(operand);
  }
}

/// Whether `v` can be had as a memref.
bool BlockSchedule::isInMemory(Value v) {
  v = l.resolve(v);
  if (buffered.contains(v) || l.buffers.count(v))
    return true;
  if (auto it = l.elements.find(v); it != l.elements.end())
    return isInMemory(it->second.sequence);
  if (auto reshape = v.getDefiningOp<ReshapeOp>())
    return isView(reshape);
  auto slice = v.getDefiningOp<SliceOp>();
  return slice && isInMemory(slice.getInput());
}

/// Whether a reshape is a view, whatever place its operand gets.
bool BlockSchedule::isView(ReshapeOp reshape) {
  Value input = l.resolve(reshape.getInput());
  if (auto windows = input.getDefiningOp<WindowsOp>()) {
    // Behind the windows' axis all lies side by side.
    ArrayRef<int64_t> shape = windows.getType().getShape();
    return llvm::all_of(reshape.getParts(), [&](const ReshapePart &part) {
      return part.from < 2 ||
             (part.firstFrom > static_cast<int64_t>(windows.getAxis()) &&
              !llvm::is_contained(shape.drop_front(part.firstFrom),
                                  ShapedType::kDynamic));
    });
  }
  // What the block computes has no place yet.
  const bool isLater = isLocal(input) && input.getDefiningOp();
  Value buffer = isLater ? Value() : l.buffers.lookup(input);
  return buffer && canReshapeView(cast<MemRefType>(buffer.getType()), reshape);
}

void BlockSchedule::need(Value v) {
  v = l.resolve(v);
  if (isInMemory(v) || !isLocalPulled(v) ||
      v.getDefiningOp<arith::ConstantOp>())
    return;
  buffered.insert(v);
  filled.insert(v);
}

bool isCostlyOperation(Operation *op) {
  return isa<SigmoidOp, UniformOp, arith::DivFOp>(op) ||
         isa<math::MathDialect>(op->getDialect());
}

/// Whether computing `v` again for each repetition would cost more than
/// keeping it.
bool BlockSchedule::isCostly(Value v, llvm::DenseSet<Value> &seen) {
  v = l.resolve(v);
  if (!seen.insert(v).second || isInMemory(v))
    return false;
  if (auto it = l.elements.find(v); it != l.elements.end())
    return isCostly(it->second.sequence, seen);
  Operation *op = v.getDefiningOp();
  if (!op || !isPulled(op))
    return false;
  if (isCostlyOperation(op))
    return true;
  return llvm::any_of(op->getOperands(), [&](Value operand) {
    return isa<RankedTensorType>(operand.getType()) && isCostly(operand, seen);
  });
}

/// Whether a product can begin with `addend`: one with packed weights with
/// anything in memory, a sum of outer products with a state that collects it.
bool BlockSchedule::canStartFrom(ContractOp product, Value addend) {
  if (!isPanelProduct(product))
    return isState(addend) && hasOuterForm(l, product);
  Value row = repeatedRow(l, addend);
  return isInMemory(row ? row : addend);
}

/// Lets a product begin with what is added to it.
void BlockSchedule::startFromAddend(arith::AddFOp add) {
  for (auto [side, other] : {std::pair(add.getLhs(), add.getRhs()),
                             std::pair(add.getRhs(), add.getLhs())}) {
    auto product = side.getDefiningOp<ContractOp>();
    if (!product || product->getBlock() != &block || !side.hasOneUse() ||
        !canStartFrom(product, other))
      continue;
    products[add] = product;
    startedProducts.insert(product);
    buffered.erase(side);
    buffered.insert(add.getResult());
    return;
  }
}

void BlockSchedule::needOperands(Operation *op) {
  llvm::TypeSwitch<Operation *>(op)
      .Case([&](ContractOp contract) {
        need(contract.getLhs());
        if (!isPanelProduct(contract))
          need(contract.getRhs());
      })
      .Case([&](ScanOp scan) {
        for (Value invariant : scan.getInvariants())
          if (isa<RankedTensorType>(invariant.getType()))
            need(invariant);
      })
      // Divisions, once for each row and not wherever a mask asks.
      .Case([&](WindowCountOp count) { need(count); })
      .Case([&](BroadcastOp broadcast) {
        auto rank = cast<RankedTensorType>(broadcast.getType()).getRank();
        llvm::DenseSet<Value> seen;
        if (rank > int64_t(broadcast.getDims().size()) &&
            isCostly(broadcast.getInput(), seen))
          need(broadcast.getInput());
      });
}

void BlockSchedule::findBuffered() {
  for (Operation &op : block) {
    if (!live.contains(&op))
      continue;
    needOperands(&op);
    if (isComputed(&op))
      llvm::for_each(op.getResults(), [&](Value result) {
        if (!result.use_empty())
          buffered.insert(result);
      });
    else if (auto add = dyn_cast<arith::AddFOp>(op))
      startFromAddend(add);
  }
}

//===----------------------------------------------------------------------===//
// What is made in a loop
//===----------------------------------------------------------------------===//

/// The product with packed weights whose kernel fills the buffer of `op`.
ContractOp BlockSchedule::productOf(Operation *op) {
  ContractOp product = products.lookup(op);
  if (!product && !startedProducts.contains(op))
    product = dyn_cast<ContractOp>(op);
  return product && isPanelProduct(product) ? product : ContractOp();
}

/// Whether nothing that is made of `v` for a loop is in memory too.
bool BlockSchedule::staysInLoop(Value v) {
  return llvm::all_of(v.getUsers(), [&](Operation *user) {
    return isa<ScanOp>(user) || (!buffered.contains(user->getResult(0)) &&
                                 staysInLoop(user->getResult(0)));
  });
}

void BlockSchedule::findStreamed() {
  for (Operation &op : block) {
    ContractOp product = live.contains(&op) ? productOf(&op) : ContractOp();
    if (!product)
      continue;
    Value result = op.getResult(0);
    ScanOp scan = findReadingScan(result);
    if (!scan || !canStream(l, scan, result) || !staysInLoop(result))
      continue;
    streams[scan].push_back({product, addendOf(&op, product), result});
    streamed.insert(&op);
  }
}

//===----------------------------------------------------------------------===//
// Where each buffer lies
//===----------------------------------------------------------------------===//

/// Whether `v` is the transpose of a table that rows are added to, and that
/// nothing else reads: it is as easily filled by columns.
ScatterAddOp BlockSchedule::transposedTable(Value v) {
  auto transpose = v.getDefiningOp<TransposeOp>();
  if (!transpose || transpose.getPermutation() != ArrayRef<int64_t>{1, 0})
    return {};
  auto table = transpose.getInput().getDefiningOp<ScatterAddOp>();
  return table && buffered.contains(table) && !l.buffers.count(table) &&
                 table->hasOneUse()
             ? table
             : ScatterAddOp();
}

/// Lets a value be made in the place where a store wants it, or keeps the
/// store.
void BlockSchedule::place(Store store) {
  Value v = l.resolve(store.value);
  if (auto table = transposedTable(v);
      table && isLocal(v) && !store.ragged && !store.isLast) {
    AffineMap swapped = AffineMap::getPermutationMap(ArrayRef<unsigned>{1, 0},
                                                     l.b.getContext());
    l.buffers[table] = memref::TransposeOp::create(l.b, store.memref,
                                                   AffineMapAttr::get(swapped));
    return;
  }
  store.compute = isLocalPulled(v) && !products.count(v.getDefiningOp());
  // Windows are a view, and nothing that can be written.
  bool isFree = buffered.contains(v) && !l.buffers.count(v) &&
                !isFinalState(v) && !store.isLast &&
                !v.getDefiningOp<WindowsOp>();
  bool isFill = filled.contains(v);
  // Rows that have ended may differ, but nobody reads them.
  bool takesPlace = store.ragged ? isFill && store.ragged->previous : true;
  bool needsUnit =
      isa_and_nonnull<ContractOp, arith::AddFOp>(v.getDefiningOp()) && !isFill;
  if (isFree && takesPlace && (!needsUnit || hasUnitStride(store.memref))) {
    l.buffers[v] = store.memref;
    if (!isFill)
      return;
  }
  stores.push_back(store);
}

void BlockSchedule::placeParts(ConcatOp concat) {
  int64_t axis = concat.getAxis(), offset = 0;
  Value whole = l.buffers.lookup(concat);
  for (Value part : concat.getInputs()) {
    int64_t size = cast<RankedTensorType>(part.getType()).getDimSize(axis);
    place({part, l.slice(whole, axis, offset, size)});
    offset += size;
  }
}

void BlockSchedule::placeInput(WindowsOp windows) {
  l.buffers[windows] = windowsView(l, windows);
  place({windows.getInput(), windowsInput(l, windows)});
}

void BlockSchedule::givePlaces() {
  std::vector<Store> wanted = std::move(stores);
  stores.clear();
  for (const Store &store : wanted)
    place(store);
  for (Operation &op : llvm::reverse(block)) {
    if (!live.contains(&op))
      continue;
    if (auto windows = dyn_cast<WindowsOp>(op))
      placeInput(windows);
    auto concat = dyn_cast<ConcatOp>(op);
    if (!concat)
      continue;
    if (!l.buffers.count(concat))
      l.buffers[concat] = l.workspaceFor(concat);
    placeParts(concat);
  }
  for (Operation &op : block)
    for (Value v : op.getResults())
      if (buffered.contains(v) && !l.buffers.count(v) && !isFinalState(v) &&
          !filled.contains(v) && !streamed.contains(&op) &&
          !mayHaveEpilogue(&op))
        l.buffers[v] = l.workspaceFor(v);
  for (Value v : filled) {
    if (l.buffers.count(v))
      continue;
    Store fill{v, l.workspaceFor(v)};
    fill.compute = true;
    l.buffers[v] = fill.memref;
    stores.push_back(fill);
  }
}

//===----------------------------------------------------------------------===//
// Levels
//===----------------------------------------------------------------------===//

int BlockSchedule::operandsReady(Operation *op) {
  int level = 0;
  for (Value operand : op->getOperands())
    if (isa<RankedTensorType>(operand.getType()))
      level = std::max(level, ready(operand));
  return level;
}

/// The level from which on `v` can be read.
int BlockSchedule::ready(Value v) {
  v = l.resolve(v);
  if (!isLocal(v))
    return 0;
  if (auto it = levels.find(v); it != levels.end())
    return it->second;
  int level = 0;
  if (Operation *op = v.getDefiningOp()) {
    level = buffered.contains(v) ? levelOf(op) : operandsReady(op);
  } else {
    level = filled.contains(v);
  }
  return levels[v] = level;
}

int BlockSchedule::levelOf(Operation *op) {
  if (auto fixed = fixedLevels.find(op); fixed != fixedLevels.end())
    return fixed->second;
  int level = operandsReady(op);
  if (ContractOp product = products.lookup(op))
    level = std::max(level, operandsReady(product));
  return level + 1;
}

int BlockSchedule::levelOf(const Store &store) {
  if (store.isLast)
    return std::numeric_limits<int>::max();
  Value v = l.resolve(store.value);
  int level = ready(v);
  return store.compute && buffered.contains(v) ? level : level + 1;
}

//===----------------------------------------------------------------------===//
// Code
//===----------------------------------------------------------------------===//

void BlockSchedule::emit(Operation *op) {
  l.b.setLoc(op->getLoc());
  if (auto it = epilogues.find(op);
      it != epilogues.end() && !it->second.stores.empty()) {
    ContractOp product = productOf(op);
    return emitPanelProduct(l, product, addendOf(op, product), op->getResult(0),
                            it->second);
  }
  if (ContractOp product = products.lookup(op)) {
    Value addend = addendOf(op, product);
    if (isPanelProduct(product))
      return emitPanelProduct(l, product, addend, op->getResult(0));
    return emitOuterProduct(l, product, addend, op->getResult(0));
  }
  llvm::TypeSwitch<Operation *>(op)
      .Case([&](ScanOp op) {
        if (ScanOp first = waves.lookup(op))
          emitWave(l, {first, streams.lookup(first)}, {op, streams.lookup(op)});
        else
          emitScan(l, op, streams.lookup(op));
      })
      .Case([&](ContractOp op) {
        if (isPanelProduct(op))
          emitPanelProduct(l, op, {}, op.getResult());
        else if (isOuterProduct(l, op))
          emitOuterProduct(l, op, /*addend=*/{}, op.getResult());
        else
          emitContract(l, op);
      })
      .Case([&](ReduceOp op) { emitReduce(l, op); })
      .Case([&](SoftmaxOp op) { emitSoftmax(l, op); })
      .Case([&](CumsumOp op) { emitCumsum(l, op); })
      .Case([&](GatherOp op) { emitGather(l, op); })
      .Case([&](OneHotOp op) { emitOneHot(l, op); })
      .Case([&](ScatterAddOp op) { emitScatterAdd(l, op); })
      .Case([&](WindowsOp op) { emitWindows(l, op); })
      .Case([&](OverlapAddOp op) { emitOverlapAdd(l, op); })
      .Case([&](SampleIdsOp op) { emitSampleIds(l, op); })
      .Case([&](RequireLengthOp op) { emitRequireLength(l, op); });
}

std::map<int, BlockSchedule::Group> BlockSchedule::order() {
  std::map<int, Group> work;
  for (Operation &op : block) {
    if (!live.contains(&op) || startedProducts.contains(&op) ||
        streamed.contains(&op) || ahead.contains(&op))
      continue;
    if (isa<RequireLengthOp>(op))
      work[operandsReady(&op) + 1].ops.push_back(&op);
    else if (products.count(&op) || (isComputed(&op) && !isa<ConcatOp>(op)))
      work[levelOf(&op)].ops.push_back(&op);
  }
  for (const Store &store : stores)
    work[levelOf(store)].stores.push_back(store);
  return work;
}

void lowerBlock(Lowering &l, Block &block, std::vector<Store> stores) {
  Location loc = l.b.getLoc();
  BlockSchedule schedule(l, block, std::move(stores), /*fuses=*/true);
  for (auto &[number, group] : schedule.run()) {
    for (Operation *op : group.ops)
      schedule.emit(op);
    emitStores(l, group.stores);
    for (Operation *op : group.products)
      schedule.emit(op);
  }
  l.b.setLoc(loc);
}

/// The work of an operation; `schedule` has been run.
static Piece pieceOf(Lowering &l, std::shared_ptr<BlockSchedule> schedule,
                     Operation *op) {
  if (auto contract = dyn_cast<ContractOp>(op);
      contract && isOuterProduct(l, contract))
    return {outerProductTasks(contract), [&l, contract](Value task) mutable {
              emitOuterProduct(l, contract, /*addend=*/{}, contract.getResult(),
                               task);
            }};
  if (auto scatter = dyn_cast<ScatterAddOp>(op))
    return {scatterAddTasks(scatter), [&l, scatter](Value task) {
              emitScatterAdd(l, scatter, task);
            }};
  return {1, [schedule, op](Value) { schedule->emit(op); }};
}

std::vector<Level> scheduleBlock(Lowering &l, Block &block,
                                 std::vector<Store> stores) {
  // A scan leaves its states in buffers that only code behind it can name.
  if (!block.getOps<ScanOp>().empty())
    return {{{1, [&l, &block, stores](Value) {
                lowerBlock(l, block, stores);
              }}}};
  auto schedule = std::make_shared<BlockSchedule>(l, block, std::move(stores),
                                                  /*fuses=*/false);
  std::vector<Level> levels;
  for (auto &[number, group] : schedule->run()) {
    Level level;
    for (Operation *op : group.ops)
      level.push_back(pieceOf(l, schedule, op));
    for (const Store &store : group.stores)
      level.push_back(pieceOf(l, store));
    levels.push_back(std::move(level));
  }
  return levels;
}

} // namespace seqc::loops
