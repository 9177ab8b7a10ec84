//===- Stores.cpp - Loops that write tensors to their places --------------===//
// Stores of one shape share a parallel loop, and in it the expressions.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/SeqToLoops/BlockSchedule.h"
#include "compiler/Conversion/SeqToLoops/PulledExpression.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;

namespace seqc::loops {

/// What a row that has ended gets in place of `value`.
static Value selectActive(Lowering &l, Puller &puller, const Ragged &ragged,
                          Value value, Type element, const Position &position) {
  Position step = position.leading(ragged.axis);
  step.coords.push_back({ragged.position, 0});
  Value active = puller.isBelow(ragged.lengths, ragged.axis, step);
  Value other;
  if (ragged.previous)
    other = puller.load(ragged.previous, element, position);
  else
    other = arith::ConstantOp::create(
        l.b, cast<TypedAttr>(l.b.getZeroAttr(value.getType())));
  return arith::SelectOp::create(l.b, active, value, other);
}

static void emitStore(Lowering &l, Puller &puller, const Store &store,
                      const Position &position) {
  Type element = cast<RankedTensorType>(store.value.getType()).getElementType();
  Value value = store.compute ? puller.compute(store.value, position)
                              : puller.at(store.value, position);
  if (store.ragged)
    value = selectActive(l, puller, *store.ragged, value, element, position);
  puller.store(value, store.memref, position);
}

void emitStoresAt(Lowering &l, ArrayRef<Store> stores,
                  ArrayRef<Value> position) {
  Puller puller(l);
  for (const Store &store : stores) {
    l.b.setLoc(store.value.getLoc());
    emitStore(l, puller, store, Position(position));
  }
}

/// The loop over `ranges` that makes `group`.
static void emitGroup(Lowering &l, ArrayRef<Range> ranges,
                      ArrayRef<const Store *> group) {
  forAll(l, ranges, [&](ArrayRef<Value> ivs) {
    Puller puller(l);
    Position position(ivs);
    for (const Store *store : group)
      emitStore(l, puller, *store, position);
    // They read nothing of one another, so that a target may part them.
    auto loop = dyn_cast<scf::ParallelOp>(l.b.getBlock()->getParentOp());
    if (group.size() > 1 && loop && !ranges.empty())
      loop->setAttr("seq.independent", l.b.getUnitAttr());
  });
}

void emitStores(Lowering &l, ArrayRef<Store> stores) {
  struct Group {
    Sizes sizes;
    SmallVector<const Store *> stores;
  };
  std::vector<Group> groups;
  for (const Store &store : stores) {
    Sizes sizes = l.sizes.of(store.value);
    auto it = llvm::find_if(
        groups, [&](const Group &group) { return group.sizes == sizes; });
    if (it == groups.end())
      it = groups.insert(groups.end(), {sizes, {}});
    it->stores.push_back(&store);
  }
  for (const Group &group : groups) {
    l.b.setLoc(group.stores.front()->value.getLoc());
    emitGroup(l, rangesOf(l, group.sizes), group.stores);
  }
}

/// Whether `v` is read across: along another axis than its last one.
static bool isReadAcross(Lowering &l, Value v, bool compute,
                         llvm::DenseSet<Value> &seen) {
  v = l.resolve(v);
  Operation *op = v.getDefiningOp();
  if (!op || !seen.insert(v).second || (!compute && l.buffers.count(v)))
    return false;
  if (auto transpose = dyn_cast<seq::TransposeOp>(op))
    if (transpose.getPermutation().back() + 1 !=
        int64_t(transpose.getPermutation().size()))
      return true;
  return isPulled(op) && llvm::any_of(op->getOperands(), [&](Value operand) {
           return isa<RankedTensorType>(operand.getType()) &&
                  isReadAcross(l, operand, /*compute=*/false, seen);
         });
}

/// Elements of a task's part of a store: some ten microseconds of work. And
/// rows of what is read across, which share a line of the cache.
static constexpr int64_t kElementsOfTask = 1 << 14, kRowsOfLine = 16;

Piece pieceOf(Lowering &l, const Store &store) {
  Sizes sizes = l.sizes.of(store.value);
  int64_t rest = 1;
  for (Size size : sizes)
    rest = size.isSymbol ? 0 : rest * size.value;
  // What has no fixed size is small: it depends on no sample.
  if (sizes.size() < 2 || rest <= kElementsOfTask)
    return {1, [&l, store](Value) { emitStores(l, store); }};
  const int64_t rows = sizes.front().value;
  llvm::DenseSet<Value> seen;
  const int64_t least =
      isReadAcross(l, store.value, store.compute, seen) ? kRowsOfLine : 1;
  const int64_t most = std::max(kElementsOfTask * rows / rest, least);
  auto emit = [&l, store, sizes, rows, most](Value task) {
    l.b.setLoc(store.value.getLoc());
    SmallVector<Range> ranges = rangesOf(l, sizes);
    Value begin = arith::MulIOp::create(l.b, task, l.constant(most));
    Value end = arith::AddIOp::create(l.b, begin, l.constant(most));
    ranges[0] = {begin, arith::MinUIOp::create(l.b, end, l.constant(rows))};
    emitGroup(l, ranges, &store);
  };
  return {(rows + most - 1) / most, emit};
}

} // namespace seqc::loops
